"""Removal by the worker: in batches, after a kill, by two at once, and what is on record of it."""

import itertools
import threading
from datetime import timedelta

import pytest
from allauth.usersessions.models import UserSession
from django.contrib.sessions.backends.db import SessionStore
from django.contrib.sessions.models import Session
from django.db import connection as database
from django.utils import timezone
from django_q.models import OrmQ, Task

from tests.record.attacks import edit, findings
from tests.retention.steps import call_of, days_ago, events, pruned, row, tomorrow, turn
from wizard.connections.models import BaseConnection, Call
from wizard.connections.statuses import Status
from wizard.management.commands.work import look_after_the_left_behind
from wizard.record.head import Head
from wizard.record.models import Event
from wizard.retention import batches, removing
from wizard.retention.models import Chore, ChoreKind


class Killed(BaseException):
    """As SIGKILL: nothing of ours sees it."""


@pytest.fixture
def calls(organization, alice, settings):
    """Ten old ones and two young ones of one connection."""
    settings.KEEP_CALLS_DAYS = 30
    connection = row(organization, alice, Status.CONNECTED)
    return [call_of(connection, days).pk for days in (*range(100, 90, -1), 3, 0)]


@pytest.fixture
def in_small_batches(monkeypatch):
    monkeypatch.setattr(batches, "ROWS", 4)
    monkeypatch.setattr(removing, "PAUSE_SECONDS", 0)
    monkeypatch.setattr("wizard.record.pruning.BATCH", 4)


def chore(kind):
    return Chore.objects.get(kind=kind)


def test_old_calls_go_and_the_record_says_how_many(calls, in_small_batches):
    turn()

    assert list(Call.objects.order_by("pk").values_list("pk", flat=True)) == calls[10:]
    assert [event["removed"] for event in pruned("calls")] == [10]
    assert Event.objects.get().message == f"10 calls from before {days_ago(30):%Y-%m-%d}."
    done = chore(ChoreKind.CALLS)
    assert (done.last_removed, done.removed, done.before) == (10, 0, None)
    assert abs(done.due_at - timezone.now() - timedelta(days=1)) < timedelta(minutes=1)


def test_nothing_is_said_where_nothing_was_removed(calls):
    turn(), tomorrow(), turn()

    assert len(pruned("calls")) == 1


def test_a_turn_ends_soon_and_the_next_one_goes_on(calls, in_small_batches, monkeypatch):
    """A batch is all that this one has time for."""
    moments = itertools.count(0, 0.3)
    monkeypatch.setattr(removing.time, "monotonic", lambda: next(moments))
    left = []
    for _ in range(4):
        turn()
        left.append(Call.objects.count())

    assert left == [8, 4, 2, 2]
    assert [event["removed"] for event in pruned("calls")] == [10]


@pytest.mark.parametrize("killed_at", [1, 2, 3])
def test_after_a_kill_another_worker_goes_on_and_counts_all(calls, in_small_batches, monkeypatch, killed_at):
    removed = batches._counted
    left = [killed_at]

    def removes(*arguments):
        left[0] -= 1
        found = removed(*arguments)
        if not left[0]:
            raise Killed
        return found

    monkeypatch.setattr(batches, "_counted", removes)
    with pytest.raises(Killed):
        turn()
    # The batch in which it was killed was not committed.
    assert Call.objects.count() == 12 - 4 * (killed_at - 1)
    turn()
    assert Call.objects.count() == 12 - 4 * (killed_at - 1), "somebody may still be at it"
    Chore.objects.update(claimed_until=days_ago(0))
    turn()

    assert Call.objects.count() == 2
    assert [event["removed"] for event in pruned("calls")] == [10]


def test_a_clock_that_leaps_ahead_for_an_hour_removes_nothing(calls, monkeypatch):
    now = timezone.now()
    Chore.made()
    monkeypatch.setattr(timezone, "now", lambda: now + timedelta(days=20_000))
    turn(), turn()
    assert Call.objects.count() == 12

    monkeypatch.setattr(timezone, "now", lambda: now)
    turn()
    assert Call.objects.count() == 2, "what was planned for then is due now"


def test_a_clock_that_was_put_back_holds_nothing_up(calls):
    Chore.made()
    Chore.objects.update(due_at=days_ago(-400), claimed_until=days_ago(-400))
    turn()

    assert Call.objects.count() == 2


def test_what_is_wanted_for_the_first_time_in_long_begins_a_day_later(calls):
    """Whoever has set it by mistake sees it on the page, and has a day."""
    Chore.made()
    Chore.objects.update(due_at=days_ago(90))
    turn()
    assert Call.objects.count() == 12
    assert abs(chore(ChoreKind.CALLS).due_at - timezone.now() - timedelta(days=1)) < timedelta(minutes=1)

    tomorrow(), turn()
    assert Call.objects.count() == 2


def test_two_workers_never_have_the_same_turn(calls, monkeypatch):
    now, theirs, ours = timezone.now(), *(Chore.made()[ChoreKind.CALLS] for _ in range(2))
    now = timezone.now()

    assert (theirs.claim(now, days_ago(30)), ours.claim(now, days_ago(30))) == (True, False)
    turn()
    assert Call.objects.count() == 12


@pytest.mark.django_db(transaction=True)
def test_two_that_are_at_it_at_once_remove_and_count_everything_once(
    transactional_db, organization, alice, settings, in_small_batches
):
    """As if the lease of one had ended while it was still at it."""
    settings.KEEP_CALLS_DAYS = settings.KEEP_DELETED_DAYS = settings.KEEP_EVENTS_DAYS = 30
    events(*range(130, 90, -1))
    for _ in range(12):
        call_of(row(organization, alice))
    row(organization, alice, Status.CONNECTED, name="Newest")
    failures = []

    def work():
        try:
            for _ in range(4):
                Chore.objects.update(claimed_until=None)
                turn()
        except Exception as error:
            failures.append(error)
        finally:
            database.close()

    threads = [threading.Thread(target=work) for _ in range(3)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()

    assert failures == []
    assert (Call.objects.count(), BaseConnection.objects.count()) == (0, 1)
    assert sum(event["removed"] for event in pruned("events")) == 40
    assert sum(event["removed"] for event in pruned("connections")) == 12
    assert sum(event["removed"] for event in pruned("calls")) <= 12
    assert findings() == []


def test_old_events_go_in_batches_and_the_others_are_proven(settings, in_small_batches, db):
    settings.KEEP_EVENTS_DAYS = 30
    keys = events(*range(100, 90, -1), 5, 1)
    turn()

    assert list(Event.objects.order_by("pk").values_list("pk", flat=True))[:2] == keys[10:]
    assert [event["removed"] for event in pruned("events")] == [4, 4, 2]
    assert chore(ChoreKind.EVENTS).last_removed == 10
    assert findings() == []


def test_events_that_were_changed_are_not_removed_and_the_page_says_so(settings, in_small_batches, caplog, signed_in):
    settings.KEEP_EVENTS_DAYS = 30
    keys = events(*range(100, 90, -1))
    edit(keys[5], message="Another")
    turn()

    assert [pk for pk in keys if Event.objects.filter(pk=pk).exists()] == keys[4:]
    assert f"Event {keys[5]} (position 6" in chore(ChoreKind.EVENTS).trouble
    assert "No event was removed" in caplog.text
    assert f"Event {keys[5]} (position 6" in signed_in.get("/storage/").content.decode()


def test_a_change_in_what_stays_keeps_nothing_from_being_removed(settings, db):
    """It is found as before: nothing of it is lost."""
    settings.KEEP_EVENTS_DAYS = 30
    keys = events(100, 99, 5)
    edit(keys[2], message="Another")
    turn()

    assert Event.objects.filter(pk__in=keys).count() == 1
    assert len(findings()) == 1


def test_a_head_that_was_changed_stops_it(settings, db):
    settings.KEEP_EVENTS_DAYS = 30
    events(100, 99)
    Head.objects.update(floor_position=1)
    turn()

    assert Event.objects.count() == 2
    assert "head of the chain was changed" in chore(ChoreKind.EVENTS).trouble


def test_sessions_that_have_ended_go_with_what_the_account_page_says_of_them(client, signed_in, alice):
    signed_in.get("/account/")
    store = SessionStore()
    store.create()
    Session.objects.filter(pk=store.session_key).update(expire_date=days_ago(0.1))
    of = {"user": alice, "ip": "127.0.0.1", "last_seen_at": days_ago(3)}
    UserSession.objects.create(session_key=store.session_key, created_at=days_ago(3), **of)
    UserSession.objects.create(session_key="just begun", created_at=timezone.now(), **of)
    kept = Session.objects.exclude(pk=store.session_key).count()
    turn()

    assert Session.objects.count() == kept
    assert not UserSession.objects.filter(session_key=store.session_key).exists()
    assert UserSession.objects.filter(session_key="just begun").exists()
    assert signed_in.get("/storage/").status_code == 200, "nobody was signed out"


def test_failed_tasks_go_after_a_month(db):
    for number, days in enumerate((40, 31, 3)):
        moment = days_ago(days)
        Task.objects.create(id=str(number), name=str(number), func="x", started=moment, stopped=moment, success=False)
    turn()

    assert [task.id for task in Task.objects.all()] == ["2"]
    assert not Event.objects.exists()


def test_by_default_nothing_of_the_record_is_removed(organization, alice):
    call_of(row(organization, alice), 5000)
    events(5000)
    turn()

    assert (BaseConnection.objects.count(), Call.objects.count(), Event.objects.count()) == (1, 1, 1)


@pytest.mark.django_db(transaction=True)
def test_the_worker_does_it_and_asks_for_the_sizes_once(calls):
    for _ in range(3):
        look_after_the_left_behind()

    assert Call.objects.count() == 2
    asked = [task for task in OrmQ.objects.all() if task.func() == "wizard.retention.measuring.measure"]
    assert len(asked) == 1


def test_a_turn_with_nothing_to_do_asks_one_question(calls, django_assert_num_queries):
    turn()
    with django_assert_num_queries(1):
        turn()
