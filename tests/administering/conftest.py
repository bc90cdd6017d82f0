"""A second organization beside the first one, and an admin of it who is none of the installation."""

import uuid
from collections.abc import Callable
from typing import Any

import pytest

from tests.emulator.running import OTHER_TENANT
from tests.people.steps import person_with
from wizard.access.roles import Role
from wizard.organizations.models import Organization
from wizard.people.models import User


@pytest.fixture
def second(organization: Organization) -> Organization:
    """As the local Flow Service knows it, with an open sandbox."""
    made = Organization(
        name="Second",
        ims_org_id=OTHER_TENANT.ims_org_id,
        client_id=OTHER_TENANT.client_id,
        scopes="openid",
        is_practice=True,
    )
    made.seal("client_secret", OTHER_TENANT.client_secret)
    made.save()
    made.sandboxes.create(name="prod", type="production")
    return made


@pytest.fixture
def olga(second: Organization) -> User:
    """Admin of the second organization, and of nothing else."""
    return person_with(Role.ADMIN, second, "olga@example.com")


@pytest.fixture
def form() -> Callable[..., dict[str, Any]]:
    """What a browser sends to add an organization; keyword arguments change fields, None leaves one out."""

    def fill(**changes: Any) -> dict[str, Any]:
        typed = {
            "name": "Acme",
            "ims_org_id": f"{uuid.uuid4().hex[:24].upper()}@AdobeOrg",
            "client_id": "acme-client",
            "client_secret": "acme-s3cret",
            "scopes": "openid,session",
            "owner": "",
            "credentials_expire_on": "",
        }
        return {name: value for name, value in (typed | changes).items() if value is not None}

    return fill
