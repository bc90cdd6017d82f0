"""manage.py prune_history without a day: what is past its retention, at once."""

import pytest
from django.core.management import CommandError, call_command
from django.db import connection as database

from tests.record.attacks import edit
from tests.retention.steps import call_of, days_ago, events, pruned, row
from wizard.connections.models import BaseConnection, Call
from wizard.connections.statuses import Status
from wizard.record.models import Event


@pytest.fixture
def old(organization, alice, settings):
    settings.KEEP_CALLS_DAYS = settings.KEEP_DELETED_DAYS = settings.KEEP_EVENTS_DAYS = 30
    events(100, 99, 98)
    row(organization, alice)
    call_of(row(organization, alice, Status.CONNECTED))


KNOWN = {"method": "GET", "path": "/connections/" * 9, "duration_ms": 1, "request_id": "r"}
SAYS = """\
Calls to Adobe: 1 {done}.
Deleted and failed connections: 1 {done}.
Events: 3 {done}.
Sessions that have ended: 0 {done}.
Failed background tasks: 0 {done}.
"""


def test_it_removes_what_is_over(old, capsys):
    call_command("prune_history")

    assert capsys.readouterr().out == SAYS.format(done="removed")
    assert (Call.objects.count(), BaseConnection.objects.count()) == (0, 1)
    assert [sum(event["removed"] for event in pruned(of)) for of in ("calls", "connections", "events")] == [1, 1, 3]


def test_a_dry_run_only_counts(old, capsys):
    call_command("prune_history", "--dry-run")

    assert capsys.readouterr().out == SAYS.format(done="would be removed")
    assert (Call.objects.count(), BaseConnection.objects.count(), Event.objects.count()) == (1, 2, 3)


def test_it_says_what_is_kept_for_ever(db, capsys):
    call_command("prune_history")

    assert "Events: kept for ever. KEEP_EVENTS_DAYS is 0.\n" in capsys.readouterr().out


def test_it_stops_at_an_event_that_was_changed(old):
    edit(Event.objects.first().pk, message="Another")
    with pytest.raises(CommandError, match=r"Nothing was removed from there on.*position 1"):
        call_command("prune_history")

    assert pruned("events") == []


@pytest.mark.django_db(transaction=True)
def test_with_vacuum_a_sqlite_file_gets_smaller(transactional_db, organization, alice, settings):
    """PostgreSQL uses its space again by itself: there it does nothing."""
    settings.KEEP_CALLS_DAYS = 30
    connection = row(organization, alice, Status.CONNECTED)
    Call.objects.bulk_create([Call(connection=connection, at=days_ago(90), **KNOWN) for _ in range(3000)])

    call_command("prune_history")
    assert (free_pages() > 20) == (database.vendor == "sqlite")
    call_command("prune_history", "--vacuum")
    assert free_pages() == 0


def free_pages():
    if database.vendor != "sqlite":
        return 0
    with database.cursor() as cursor:
        return cursor.execute("PRAGMA freelist_count").fetchone()[0]
