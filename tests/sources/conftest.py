"""A live catalog, small or large, and an organization whose catalog was read."""

from collections.abc import Callable
from typing import Any

import pytest

from tests.catalog.specs import live_spec
from tests.emulator.running import Emulator
from wizard.organizations.models import Organization
from wizard.sources.models import SpecSync
from wizard.sources.sync import sync_specs


@pytest.fixture
def read(organization: Organization, flow_service: Emulator) -> Callable[..., SpecSync]:
    """read(item, ...): the organization's catalog is read, with those items in it too."""

    def reading(*items: Any) -> SpecSync:
        flow_service.set_specs(items)
        return sync_specs(organization)

    return reading


@pytest.fixture
def synced(read: Callable[..., SpecSync], organization: Organization) -> Organization:
    """Its catalog has one source that none of our files describes."""
    assert read(live_spec()).error == ""
    return organization
