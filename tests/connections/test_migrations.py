"""Rows that were made before: two with one base connection stop no upgrade, and twins are found among old ones too."""

import pytest
from django.db import connection as database
from django.db.migrations.executor import MigrationExecutor

from wizard.connections.models import BaseConnection
from wizard.values.destinations import fill_in_missing

LATEST = [("connections", "0004_lifecycle")]


@pytest.mark.django_db(transaction=True)
def test_of_two_rows_with_one_base_connection_the_eldest_keeps_it(organization, alice):
    executor = MigrationExecutor(database)
    executor.migrate([("connections", "0002_body_extras")])
    old = executor.loader.project_state([("connections", "0002_body_extras")]).apps
    rows = old.get_model("connections", "BaseConnection").objects
    common = {"organization_id": organization.pk, "created_by_id": alice.pk, "status": "connected", "form_values": None}
    pks = [rows.create(name=name, base_connection_id="one-id", **common).pk for name in ("First", "Second")]
    executor = MigrationExecutor(database)
    executor.migrate(LATEST)

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
