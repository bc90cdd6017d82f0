"""What is written in one task is chained once, at the task's end."""

import pytest

from wizard.record.kinds import Kind
from wizard.record.models import Event

pytestmark = pytest.mark.django_db(transaction=True)


def positions():
    return list(Event.objects.order_by("pk").values_list("position", flat=True))


def test_events_written_together_get_their_places_at_the_end(organization):
    before = positions()
    assert None not in before
    with Event.objects.chained_together():
        for _ in range(2):
            Event.objects.create(kind=Kind.KEYS_ROTATED, message="Once.")
        assert positions() == [*before, None, None]
    assert None not in positions()


def test_they_get_them_too_where_the_task_breaks(organization):
    @Event.objects.chained_together()
    def broken_task():
        Event.objects.create(kind=Kind.KEYS_ROTATED, message="Once.")
        raise ZeroDivisionError

    with pytest.raises(ZeroDivisionError):
        broken_task()
    assert None not in positions()


def test_another_one_inside_leaves_it_to_the_outer_one(organization):
    with Event.objects.chained_together():
        with Event.objects.chained_together():
            Event.objects.create(kind=Kind.KEYS_ROTATED, message="Once.")
        assert None in positions()
    assert None not in positions()


def test_an_event_by_itself_is_chained_at_once(organization):
    Event.objects.create(kind=Kind.KEYS_ROTATED, message="Once.")
    assert None not in positions()
