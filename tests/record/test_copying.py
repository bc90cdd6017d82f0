"""What happened before there was one record is in it after an upgrade, and proven from then on."""

from datetime import UTC, datetime

import pytest
from django.core.exceptions import ImproperlyConfigured

from tests.connections.test_migrations import migrate, migrate_to_newest, newest  # noqa: F401 - a fixture
from tests.record.attacks import findings
from wizard.connections.models import BaseConnection
from wizard.record.models import Event
from wizard.vault import canary

BEFORE = ("connections", "0004_lifecycle"), ("record", "0001_initial")
SINCE = ("connections", "0005_events_are_in_the_record"), ("record", "0004_each_its_uuid")
OTHER_KEY = "b3RoZXJvdGhlcm90aGVyb3RoZXJvdGhlcm90aGVyb28="
AT = datetime(2025, 5, 1, 12, 30, 15, 123456, tzinfo=UTC)


@pytest.fixture
def old_event(newest, organization, alice):  # noqa: F811 - the fixture
    """A connection as it was before, with one event; gives the connection's key."""
    canary.ensure(is_new=True)
    old = migrate(*BEFORE)
    common = {"organization_id": organization.pk, "sandbox_name": "prod", "created_by_id": alice.pk}
    row = old.get_model("connections", "BaseConnection").objects.create(name="Old", status="connected", **common)
    events = old.get_model("connections", "ConnectionEvent").objects
    details = {"steps": [{"seconds": 1.0}]}
    made = events.create(connection=row, kind="tested", message="Passed", actor_id=alice.pk, details=details)
    events.filter(pk=made.pk).update(at=AT)
    old.get_model("record", "Event").objects.create(kind="signed_in", actor_id=alice.pk)
    return row.pk


def test_an_old_event_is_copied_as_it_was(old_event, organization, alice):
    migrate_to_newest()
    event = BaseConnection.objects.get(pk=old_event).events.get()

    assert (event.kind, event.message, event.at) == ("tested", "Passed", AT)
    assert (event.organization, event.sandbox_name) == (organization, "prod")
    assert (event.actor, event.actor_name) == (alice, "alice@example.com")
    assert findings() == []
    assert set(Event.objects.values_list("position", flat=True)) == {1, 2}


def test_nothing_is_copied_with_keys_that_do_not_open_the_database(old_event, settings):
    keys, settings.CREDENTIAL_KEYS = settings.CREDENTIAL_KEYS, [OTHER_KEY]
    with pytest.raises(ImproperlyConfigured, match="CREDENTIAL_KEYS does not open"):
        migrate(*SINCE)
    settings.CREDENTIAL_KEYS = keys
    migrate(*SINCE)

    assert findings() == []
