"""A house whose values are sealed with one key, and the same one when another key has come in front of it."""

import pytest

from tests.vault.steps import NEW
from wizard.connections.models import BaseConnection, Change
from wizard.vault import canary


@pytest.fixture
def house(asked_for, settings):
    """Four connections, a change, an organization, canary and hash key, all sealed with the one key."""
    canary.ensure(is_new=True)
    for number in range(4):
        asked_for(f"Row {number}")
    connection = BaseConnection.objects.first()
    change = Change(connection=connection, kind="edit", revision=0)
    change.seal("wanted", {"password": "typed"})
    change.save()
    return settings


@pytest.fixture
def rotated(house):
    """A second key comes first."""
    house.CREDENTIAL_KEYS = [NEW, *house.CREDENTIAL_KEYS]
    return house
