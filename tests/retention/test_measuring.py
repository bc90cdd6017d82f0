"""What each kind of thing takes, as the worker notes it."""

from datetime import timedelta

import pytest
from django.db import DatabaseError
from django.db import connection as database
from django.utils import timezone

from tests.retention.steps import call_of, days_ago, events, row
from wizard.record.kinds import Kind
from wizard.record.models import Event
from wizard.retention import tables
from wizard.retention.measuring import measure
from wizard.retention.models import Chore, ChoreKind, Size
from wizard.retention.things import MAIN_TABLES, THINGS


def analyzed():
    """PostgreSQL learns of new rows by and by; here at once."""
    if database.vendor == "postgresql":
        database.cursor().execute("ANALYZE")


@pytest.fixture
def some(organization, alice):
    connection = row(organization, alice)
    for days in (100, 5, 1):
        call_of(connection, days)
    events(40, 3)
    analyzed()


def sizes():
    return {size.kind: size for size in Size.objects.all()}


def test_it_notes_rows_bytes_and_the_oldest_of_each_kind(some):
    measure()

    found = sizes()
    assert set(found) == {thing.kind for thing in THINGS}
    assert [found[kind].rows for kind in ("connections", "calls", "events")] == [1, 3, 2]
    assert all(size.bytes > 0 for size in found.values() if size.kind != "cache")
    assert found["calls"].oldest_at.date() == days_ago(100).date()
    assert found["events"].oldest_at.date() == days_ago(40).date()
    assert found["sessions"].oldest_at is None


def test_all_tables_that_it_names_are_there(db):
    with database.cursor() as cursor:
        there = set(database.introspection.table_names(cursor)) | {"cache"}
    assert {table for thing in THINGS for table in thing.tables} <= there
    assert len(MAIN_TABLES) == len(THINGS) - 1


def test_of_a_day_the_last_figures_are_kept_and_old_days_go(some, organization, alice):
    ancient = timezone.now() - timedelta(days=500)
    Size.objects.create(kind="calls", day=ancient.date(), rows=1, measured_at=ancient)
    measure()
    call_of(row(organization, alice))
    analyzed()
    measure()

    assert Size.objects.filter(kind="calls").count() == 1
    assert sizes()["calls"].rows == 4


def test_the_next_time_is_in_six_hours(some):
    measure()

    due = Chore.objects.get(kind=ChoreKind.SIZES).due_at
    assert abs(due - timezone.now() - timedelta(hours=6)) < timedelta(minutes=1)


def test_it_notes_when_a_backup_was_made_last(some):
    measure()
    assert Chore.objects.get(kind=ChoreKind.BACKUP).ended_at is None
    Event.objects.create(kind=Kind.BACKED_UP, at=days_ago(0.1))
    last = Event.objects.create(kind=Kind.BACKED_UP)
    measure()

    assert Chore.objects.get(kind=ChoreKind.BACKUP).ended_at == last.at
    measure()
    assert Chore.objects.get(kind=ChoreKind.BACKUP).ended_at == last.at


def test_where_the_database_does_not_say_sizes_it_still_knows_rows(some, monkeypatch):
    """As a SQLite that was built without dbstat."""

    def refuse(_question):
        raise DatabaseError("no such table: dbstat")

    monkeypatch.setattr(tables, "_asked", refuse)
    monkeypatch.setattr(tables, "_virtual_tables", lambda: ("connections_search",))
    monkeypatch.setattr(tables, "_number", lambda question: 7 if "connections_call" in question else 0)
    monkeypatch.setattr(database, "vendor", "sqlite")
    measure()

    assert (sizes()["calls"].rows, sizes()["calls"].bytes) == (7, None)


def test_it_asks_as_much_of_a_hundred_rows_as_of_one(some, organization, alice, django_assert_num_queries):
    measure()
    # SQLite may have no such question: that one stands in a savepoint, too.
    with django_assert_num_queries(QUERIES + (2 if database.vendor == "sqlite" else 0)) as first:
        measure()
    for _ in range(100):
        call_of(row(organization, alice))
    with django_assert_num_queries(len(first)):
        measure()


# The chores, the tables, five oldest rows; then the sizes, the old ones, the backup and the chore in a savepoint.
QUERIES = 13
