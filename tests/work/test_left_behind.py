"""The worker's own process, which looks every few seconds after what others left behind."""

import pytest
from django.db import connection

from wizard.management.commands.work import look_after_the_left_behind


@pytest.mark.django_db(transaction=True)
def test_it_goes_on_after_the_database_was_away(caplog):
    connection.ensure_connection()
    # As the end of a server leaves it.
    connection.connection.close()
    look_after_the_left_behind()
    look_after_the_left_behind()

    lines = [record.getMessage() for record in caplog.records if "database does not answer" in record.getMessage()]
    assert len(lines) < 2, lines
