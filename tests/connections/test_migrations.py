"""Rows that were made before: two with one base connection stop no upgrade, and twins are found among old ones too."""

import pytest
from django.db import connection as database
from django.db.migrations.executor import MigrationExecutor

from tests.vault.former import make_former
from wizard.connections.models import BaseConnection
from wizard.values.destinations import fill_in_missing
from wizard.vault import canary
from wizard.vault.keyring import CannotOpen


def migrate(*targets):
    """To those states; gives the models as they are then."""
    executor = MigrationExecutor(database)
    executor.migrate(list(targets))
    return executor.loader.project_state(list(targets)).apps


def migrate_to_newest():
    executor = MigrationExecutor(database)
    executor.migrate(executor.loader.graph.leaf_nodes())


@pytest.fixture
def newest(transactional_db):
    """Whatever a test does, the database is up to date when it is over."""
    yield
    migrate_to_newest()


def test_of_two_rows_with_one_base_connection_the_eldest_keeps_it(newest, organization, alice):
    canary.ensure(is_new=True)
    old = migrate(("connections", "0002_body_extras"))
    rows = old.get_model("connections", "BaseConnection").objects
    common = {"organization_id": organization.pk, "created_by_id": alice.pk, "status": "connected", "form_values": None}
    pks = [rows.create(name=name, base_connection_id="one-id", **common).pk for name in ("First", "Second")]
    migrate_to_newest()

    first, second = (BaseConnection.objects.get(pk=pk) for pk in pks)
    assert (first.status, first.base_connection_id) == ("connected", "one-id")
    assert (second.status, second.base_connection_id) == ("failed", "")
    assert "one-id" in second.events.get().message


def test_old_rows_get_their_destination_and_are_bound_to_it(asked_for):
    connection = asked_for()
    kept, params = connection.destination, connection.unseal("auth_params")
    make_former(connection)
    for _ in range(2):
        fill_in_missing()

    connection.refresh_from_db()
    assert connection.destination == kept
    assert len(kept) == 64
    assert connection.unseal("auth_params") == params
    connection.destination = "-"
    with pytest.raises(CannotOpen):
        connection.unseal("auth_params")


def test_an_old_row_that_does_not_open_stays_as_it_is(asked_for):
    broken, whole = asked_for("Broken"), asked_for("Whole")
    for connection in (broken, whole):
        make_former(connection)
    BaseConnection.objects.filter(pk=broken.pk).update(auth_params=b"\x01nonsense")
    fill_in_missing()

    broken.refresh_from_db()
    whole.refresh_from_db()
    assert (bytes(broken.auth_params), broken.destination, broken.is_unreadable) == (b"\x01nonsense", "", True)
    assert (len(whole.destination), whole.is_unreadable) == (64, False)


def test_destinations_by_an_old_hash_are_blanked(newest, organization, alice):
    canary.ensure(is_new=True)
    rows = migrate(("connections", "0004_lifecycle")).get_model("connections", "BaseConnection").objects
    rows.create(name="Old", organization_id=organization.pk, created_by_id=alice.pk, destination="by an old key")
    migrate_to_newest()

    found = BaseConnection.objects.get()
    assert (found.destination, found.is_unreadable) == ("", False)
