"""Removes the oldest events so that what stays can still be proven: the chain begins at a floor from then on."""

from dataclasses import dataclass
from datetime import datetime

from django.db import transaction
from django.db.models import QuerySet

from wizard.record.head import Head
from wizard.record.kinds import Kind
from wizard.record.models import Event

BATCH = 5000


@dataclass(frozen=True)
class Range:
    """Positions from the first to the last one; none where `last` is smaller."""

    first: int
    last: int

    @property
    def count(self) -> int:
        return max(0, self.last - self.first + 1)


def older_than(moment: datetime) -> Range:
    """The positions from the floor up to, and without, the first event of that moment or later."""
    head = Head.objects.first()
    if head is None:
        return Range(1, 0)
    chained = Event.objects.filter(position__gt=head.floor_position, position__lte=head.position)
    stays = chained.filter(at__gte=moment).order_by("position").first()
    return Range(head.floor_position + 1, ((stays and stays.position) or head.position + 1) - 1)


def prune(moment: datetime) -> int:
    """Removes them a batch at a time, each with an event that says so; the number of those removed.

    The caller has verified the chain: what was changed is not to vanish with what is removed.
    """
    removed, last = 0, older_than(moment).last
    while some := _prune_some(last, moment):
        removed += some
    return removed


@transaction.atomic
def _prune_some(last: int, moment: datetime) -> int:
    """Events up to that position at most."""
    head = Head.locked()
    if head is None or not head.is_genuine:
        return 0
    first, last = head.floor_position + 1, min(last, head.floor_position + BATCH)
    if last < first:
        return 0
    floor = Event.objects.get(position=last)
    head.floor_position, head.floor_link = last, floor.link
    # The default manager refuses this.
    old: QuerySet[Event] = Event._base_manager.filter(position__gte=first, position__lte=last)
    removed = old.count()
    old._raw_delete(old.db)
    head.save()
    _note(first, last, floor.link, removed, moment)
    return removed


def _note(first: int, last: int, link: str, removed: int, moment: datetime) -> None:
    words = f"{removed} event{'' if removed == 1 else 's'} from before {moment:%Y-%m-%d}, by manage.py prune_history."
    details = {"first": first, "last": last, "link": link, "removed": removed, "before": moment.isoformat()}
    Event.objects.create(kind=Kind.HISTORY_PRUNED, message=words, details=details)
