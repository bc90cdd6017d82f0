"""The chain: whoever changes, removes, puts in or moves an event without our keys is found."""

import threading
from datetime import timedelta

import pytest
from django.db import connection as database
from django.db import transaction
from django.utils import timezone

from tests.record.attacks import edit, edit_head, findings, put_in, remove, write
from wizard.record.head import Head
from wizard.record.kinds import Kind
from wizard.record.models import Event
from wizard.record.verifying import verify

pytestmark = pytest.mark.django_db

COUNT = 6


@pytest.fixture
def keys():
    return write(*(f"Event {number}" for number in range(COUNT)))


def test_a_record_that_was_left_alone_is_proven(keys):
    report = verify()

    assert report.is_proven
    assert report.count == COUNT
    assert list(Event.objects.values_list("position", flat=True)) == list(range(1, COUNT + 1))
    assert str(report.head) == f"{COUNT}:{Event.objects.last().link}"


def test_an_empty_record_is_proven():
    assert findings() == []


@pytest.mark.parametrize(
    "values",
    [
        {"kind": "signed_out"},
        {"at": timezone.now() - timedelta(days=1)},
        {"actor_name": "mallory@example.com"},
        {"sandbox_name": "another"},
        {"message": "Event 2."},
        {"outcome": "failed"},
        {"details": {"n": 1}},
        {"address": "192.0.2.1"},
        {"request_id": "another"},
        {"duration_ms": 1},
        {"uuid": "00000000-0000-4000-8000-000000000000"},
        {"mac": "0" * 64},
        {"mac": ""},
    ],
)
def test_a_changed_column_is_found_and_named(keys, values):
    edit(keys[2], **values)

    (found,) = findings()
    assert found.startswith(f"Event {keys[2]} (position 3, ")
    assert "was changed" in found


@pytest.mark.parametrize("name", ["actor_id", "organization_id", "connection_id"])
def test_another_person_or_place_is_found(name, asked_for, bob):
    connection = asked_for()
    pk = connection.events.get().pk
    Event.objects.chain()
    edit(pk, **{name: bob.pk if name == "actor_id" else None})

    assert "was changed" in findings()[0]


def test_an_event_removed_from_the_middle_is_found(keys):
    remove(keys[2])

    assert findings() == [f"Position 3 was removed, before {_named(keys[3], 4)}."]


def test_the_first_ones_removed_are_found(keys):
    remove(*keys[:2])

    assert findings() == [f"Positions 1 to 2 were removed, before {_named(keys[2], 3)}."]


def test_a_tail_that_was_cut_off_is_found(keys):
    remove(*keys[-2:])

    assert findings() == [f"Positions {COUNT - 1} to {COUNT} were removed: the tail was cut off."]


def test_a_tail_that_was_cut_off_is_found_when_others_have_come_since(keys):
    remove(*keys[-2:])
    (later,) = write("Later")

    assert findings() == [f"Positions {COUNT - 1} to {COUNT} were removed, before {_named(later, COUNT + 1)}."]


def test_a_tail_that_was_cut_off_together_with_its_head_is_found(keys):
    remove(keys[-1])
    last = Event.objects.last()
    edit_head(position=last.position, link=last.link)

    assert findings() == ["The head of the chain was changed: what it says does not fit its keyed hash."]


@pytest.mark.parametrize("values", [{"position": 99}, {"link": "0" * 64}, {"floor_position": 2}, {"mac": "0" * 64}])
def test_an_edited_head_is_found_and_not_made_good_by_what_comes_next(keys, values):
    edit_head(**values)
    write("Later")

    assert "The head of the chain was changed: what it says does not fit its keyed hash." in findings()


def test_a_removed_head_is_found_and_not_made_anew(keys):
    Head.objects.all().delete()
    write("Later")

    assert findings() == ["The head of the chain is missing: it was removed."]


def test_an_event_that_was_put_in_is_found(keys):
    made = put_in(keys[2], message="Never happened", position=None, link="")

    (found,) = findings()
    assert found.startswith(f"Event {made} ")
    assert "put in by somebody else" in found


def test_an_event_that_was_put_in_the_place_of_another_is_found(keys):
    remove(keys[2])
    put_in(keys[3], position=3)

    assert "put in by somebody else" in findings()[0]


def test_an_event_beyond_the_head_is_found(keys):
    made = put_in(keys[2], position=COUNT + 1)

    assert findings() == [f"{_named(made, COUNT + 1)} was put in: the chain ends before it."]


@pytest.mark.parametrize("with_link", [True, False])
def test_two_that_have_changed_places_are_found(keys, with_link):
    first, second = Event.objects.filter(pk__in=keys[1:3])
    edit(first.pk, position=None)
    edit(second.pk, position=first.position, **({"link": first.link} if with_link else {}))
    edit(first.pk, position=second.position, **({"link": second.link} if with_link else {}))

    found = findings()
    assert any(words.startswith(f"Event {keys[1]} ") and "was moved" in words for words in found)
    assert any(words.startswith(f"Event {keys[2]} ") and "was moved" in words for words in found)


def test_an_event_with_another_ones_content_and_hash_is_found(keys):
    other = Event.objects.get(pk=keys[4])
    remove(keys[4])
    edit(keys[1], uuid=other.uuid, message=other.message, at=other.at, mac=other.mac)

    assert any(words.startswith(f"Event {keys[1]} ") and "was moved" in words for words in findings())


def test_another_key_for_a_row_is_found(keys):
    edit(keys[1], id=keys[1] + 1000)

    assert "was moved" in findings()[0]


def test_an_event_that_was_taken_out_of_the_chain_to_be_chained_anew_is_found(keys):
    edit(keys[1], position=None, link="")

    assert findings() == [f"Position 2 was removed, before {_named(keys[2], 3)}."]


def test_an_earlier_head_has_to_be_on_the_chain(keys):
    noted = Head.objects.get()
    write("Later")

    assert findings(expected=(noted.position, noted.link)) == []
    assert "another link" in findings(expected=(noted.position, "0" * 64))[0]


def test_a_database_that_was_put_back_as_a_whole_is_found_by_an_earlier_head(keys):
    before = Head.objects.values().get()
    lost = write("Lost")
    noted = Head.objects.get()
    remove(*lost)
    edit_head(**before)

    assert findings() == []
    assert "rolled back" in findings(expected=(noted.position, noted.link))[0]
    write("Written instead")
    assert "rolled back" in findings(expected=(noted.position, noted.link))[0]


def test_what_a_dead_process_left_gets_its_place_with_the_next():
    for number in range(3):
        Event.objects.create(kind=Kind.SIGNED_IN, message=f"Left {number}")
    assert not Event.objects.exclude(position=None).exists()

    Event.objects.chain()
    assert list(Event.objects.values_list("position", flat=True)) == [1, 2, 3]


def test_more_than_a_batch_is_chained_and_read(monkeypatch):
    monkeypatch.setattr("wizard.record.chain.BATCH", 4)
    monkeypatch.setattr("wizard.record.verifying.BATCH", 4)
    write(*(f"Event {number}" for number in range(10)))

    assert verify().count == 10
    assert findings() == []


@pytest.mark.django_db(transaction=True)
def test_events_written_at_the_same_time_are_one_chain():
    """Business transactions that are open for a while, and those that are rolled back, among them."""
    failures = []

    def write_some(number):
        try:
            for step in range(8):
                with transaction.atomic():
                    Event.objects.create(kind=Kind.SIGNED_IN, message=f"{number}.{step}")
                    Event.objects.create(kind=Kind.SIGNED_OUT, message=f"{number}.{step}")
                    if step == 3:
                        transaction.set_rollback(True)
        except Exception as error:
            failures.append(error)
        finally:
            database.close()

    threads = [threading.Thread(target=write_some, args=(number,)) for number in range(4)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()

    assert failures == []
    assert sorted(Event.objects.values_list("position", flat=True)) == list(range(1, 4 * 7 * 2 + 1))
    assert findings() == []


def _named(pk, position):
    at = Event.objects.get(pk=pk).at
    return f"Event {pk} (position {position}, {at:%Y-%m-%d %H:%M:%S} UTC, signed_in)"
