"""Rows that were made before: two with one base connection stop no upgrade, and twins are found among old ones too."""

import pytest
from django.db import connection as database
from django.db.migrations.executor import MigrationExecutor

from wizard.connections.models import BaseConnection
from wizard.values.destinations import fill_in_missing
from wizard.vault import canary


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


def test_old_rows_get_their_destination(asked_for):
    connection = asked_for()
    kept = connection.destination
    BaseConnection.objects.update(destination="")
    for _ in range(2):
        fill_in_missing()

    connection.refresh_from_db()
    assert connection.destination == kept
    assert len(kept) == 64
