"""manage.py verify_history and prune_history: what they say, and what stays provable."""

from datetime import UTC, datetime, timedelta

import pytest
from django.core.management import CommandError, call_command

from tests.record.attacks import edit, edit_head, findings, put_in, remove, write
from wizard.connections.statuses import Status
from wizard.record.head import Head
from wizard.record.kinds import Kind
from wizard.record.models import Event
from wizard.work import sweeping

pytestmark = pytest.mark.django_db

TODAY = datetime.now(UTC).date()
LONG_AGO = datetime(2020, 1, 1, tzinfo=UTC)


def on_day(day):
    return Event.objects.create(kind=Kind.SIGNED_IN, at=LONG_AGO + timedelta(days=day)).pk


@pytest.fixture
def ten_days():
    """An event on each of ten days of January 2020."""
    keys = [on_day(day) for day in range(10)]
    Event.objects.chain()
    return keys


def test_it_says_how_many_events_it_has_read_and_the_head_to_note_down(capsys):
    write("One", "Two")
    call_command("verify_history")

    assert capsys.readouterr().out == f"2 events read. Head: 2:{Event.objects.last().link}\n"


def test_it_names_what_is_wrong_and_ends_with_1(capsys):
    keys = write("One", "Two", "Three")
    edit(keys[0], message="Another")
    remove(keys[1])
    with pytest.raises(CommandError) as caught:
        call_command("verify_history")

    assert caught.value.returncode == 1
    out = capsys.readouterr().out
    assert f"Event {keys[0]} (position 1" in out
    assert "Position 2 was removed" in out


def test_a_head_that_was_noted_down_is_looked_for():
    write("One", "Two")
    noted = str(Head.objects.get())
    write("Three")

    call_command("verify_history", "--expect", noted)
    with pytest.raises(CommandError):
        call_command("verify_history", "--expect", noted[:-1] + ("0" if noted[-1] != "0" else "1"))
    with pytest.raises(CommandError, match="a number, a colon and a link"):
        call_command("verify_history", "--expect", "nonsense")


def test_thousands_of_findings_are_counted(capsys, monkeypatch):
    monkeypatch.setattr("wizard.record.verifying.MOST_TOLD", 2)
    for key in write("One", "Two", "Three"):
        edit(key, message="x")
    with pytest.raises(CommandError):
        call_command("verify_history")

    assert "And 1 more like these." in capsys.readouterr().out


def test_old_events_are_removed_and_the_others_can_still_be_proven(ten_days, capsys):
    call_command("prune_history", "--before", "2020-01-04")

    assert capsys.readouterr().out == "3 events removed, positions 1 to 3.\n"
    assert list(Event.objects.values_list("pk", flat=True))[:-1] == ten_days[3:]
    event = Event.objects.last()
    assert event.kind == Kind.HISTORY_PRUNED
    assert (event.details["removed"], event.details["first"], event.details["last"]) == (3, 1, 3)
    call_command("verify_history")
    assert "8 events read, after 3 that were removed on purpose." in capsys.readouterr().out


def test_a_dry_run_removes_nothing(ten_days, capsys):
    call_command("prune_history", "--before", "2020-01-04", "--dry-run")

    assert capsys.readouterr().out == "3 events would be removed, positions 1 to 3.\n"
    assert Event.objects.count() == len(ten_days)


def test_it_goes_on_batch_by_batch_and_each_says_what_it_removed(ten_days, monkeypatch, capsys):
    monkeypatch.setattr("wizard.record.pruning.BATCH", 4)
    call_command("prune_history", "--before", "2020-01-08")

    pruned = Event.objects.filter(kind=Kind.HISTORY_PRUNED)
    assert [event.details["removed"] for event in pruned] == [4, 3]
    assert findings() == []


def test_all_of_them_can_be_removed_and_nothing_twice(ten_days, capsys):
    for _ in range(2):
        call_command("prune_history", "--before", TODAY.isoformat())

    assert [event.kind for event in Event.objects.all()] == [Kind.HISTORY_PRUNED]
    assert "0 events removed.\n" in capsys.readouterr().out
    assert findings() == []


def test_only_the_oldest_are_removed_whatever_their_time_says(capsys):
    on_day(0), on_day(5), on_day(1)
    Event.objects.chain()
    call_command("prune_history", "--before", "2020-01-04")

    assert [event.at.day for event in Event.objects.all()][:2] == [6, 2]
    assert findings() == []


def test_an_event_from_a_clock_that_was_wrong_keeps_none_of_the_others(capsys):
    on_day(0), on_day(50_000), on_day(1), on_day(50_000)
    Event.objects.chain()
    call_command("prune_history", "--before", "2020-01-04")

    assert [event.at.year for event in Event.objects.order_by("pk")][:-1] == [2156]
    assert findings() == []


def test_nothing_is_removed_from_a_record_that_is_not_as_it_was_written(ten_days):
    edit(ten_days[0], message="Another")
    with pytest.raises(CommandError, match="Nothing was removed"):
        call_command("prune_history", "--before", "2020-01-04")

    assert Event.objects.count() == len(ten_days)


def test_after_it_attacks_are_found_as_before(ten_days):
    call_command("prune_history", "--before", "2020-01-04")
    put_in(ten_days[4], position=2)
    assert "was put in: all up to position 3 were removed on purpose" in " ".join(findings())
    remove(ten_days[3])
    assert "Position 4 was removed" in " ".join(findings())
    edit_head(floor_position=4, floor_link=Event.objects.get(position=5).link)
    assert "The head of the chain was changed" in " ".join(findings())


def test_a_head_from_before_the_floor_cannot_be_compared_and_that_is_said(ten_days):
    early, floor = Event.objects.get(position=2), Event.objects.get(position=3)
    call_command("prune_history", "--before", "2020-01-04")

    assert "cannot be compared" in findings(expected=(2, early.link))[0]
    assert findings(expected=(3, floor.link)) == []


@pytest.mark.parametrize("day", ["2020-13-01", "tomorrow", "9999-01-01"])
def test_a_day_that_is_none_or_still_to_come_is_refused(day):
    with pytest.raises(CommandError):
        call_command("prune_history", "--before", day)


def test_a_connection_goes_on_without_its_old_events(asked_for, flow_service, signed_in):
    connection = asked_for()
    connection.claim()
    connection.put_back("Nothing was made.")
    Event.objects.chain()
    Event._base_manager.update(at=LONG_AGO)
    _hashed_anew()
    call_command("prune_history", "--before", "2020-01-04")

    connection.refresh_from_db()
    assert connection.times_put_back == 0
    assert not connection.events.exists()
    assert connection.claim()
    sweeping.sweep()
    assert connection.mark_failed("Nothing was made.")
    assert signed_in.get(connection.get_absolute_url()).status_code == 200
    assert connection.status == Status.FAILED


def _hashed_anew():
    """As if they had been written then."""
    rows = list(Event.objects.order_by("pk"))
    Head.objects.all().delete()
    for row in rows:
        fresh = Event(**{name: getattr(row, name) for name in ("uuid", "kind", "at", "connection", "actor", "message")})
        remove(row.pk)
        fresh.save()
    Event.objects.chain()
