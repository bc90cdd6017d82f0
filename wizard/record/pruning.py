"""Removes the oldest events so that what stays can still be proven: the chain begins at a floor from then on."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import datetime
from itertools import takewhile

from django.db import transaction
from django.db.models import QuerySet
from django.utils import timezone

from wizard.record.head import ONLY, Head
from wizard.record.kinds import Kind
from wizard.record.models import Event
from wizard.record.verifying import HEAD_CHANGED, Report, walk

# So few that nobody waits long for the head, which everybody needs who writes an event.
BATCH = 1000


class NotProven(Exception):
    """What was to be removed is not as it was written; the message says what was found first."""


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
    stays = chained.filter(at__gte=moment, at__lte=timezone.now()).order_by("position").first()
    return Range(head.floor_position + 1, ((stays and stays.position) or head.position + 1) - 1)


def prune(moment: datetime) -> int:
    """Removes all that are older, a batch at a time; the number of those removed. Raises NotProven, CannotOpen."""
    removed = 0
    while (some := prune_some(moment)) is not None:
        removed += some
    return removed


def prune_some(moment: datetime) -> int | None:
    """Removes the oldest of those that are older, with an event that says so; how many, None where there is none.

    They are verified right before: what was changed is not to vanish with what is removed. It may be killed at any
    moment, and run in several processes at once. Raises NotProven, CannotOpen.
    """
    head = Head.objects.filter(pk=ONLY).first()
    if head is None:
        return None
    chained = Event.objects.filter(position__gt=head.floor_position, position__lte=head.position)
    old = _begin_of(chained.order_by("position")[:BATCH], moment)
    if not old:
        return None
    _demand_proven(head, old)
    return _cut(head.floor_position, old[-1], moment)


def _begin_of(events: Iterable[Event], moment: datetime) -> list[Event]:
    """Up to, and without, the first one of that moment or later. One that a wrong clock put into the future goes with
    those around it: it would keep all of them for as long."""
    now = timezone.now()
    old = list(takewhile(lambda event: event.at < moment or event.at > now, events))
    while old and old[-1].at > now:
        old.pop()
    return old


def _demand_proven(head: Head, old: Sequence[Event]) -> None:
    report = Report(head)
    if not head.is_genuine:
        report.tell(HEAD_CHANGED)
    walk(old, head.floor_position, head.floor_link, report)
    if not report.is_proven:
        raise NotProven(report.findings[0])


@transaction.atomic
def _cut(floor: int, last: Event, moment: datetime) -> int:
    """0 where another process has cut meanwhile."""
    head = Head.locked()
    if head is None or not head.is_genuine or head.floor_position != floor or last.position is None:
        return 0
    head.floor_position, head.floor_link = last.position, last.link
    # The default manager refuses this.
    old: QuerySet[Event] = Event._base_manager.filter(position__gt=floor, position__lte=last.position)
    removed = old.count()
    old._raw_delete(old.db)
    head.save()
    _note(Range(floor + 1, last.position), last.link, removed, moment)
    return removed


def _note(gone: Range, link: str, removed: int, moment: datetime) -> None:
    words = f"{removed} event{'' if removed == 1 else 's'} from before {moment:%Y-%m-%d}."
    details = {"of": "events", "first": gone.first, "last": gone.last, "link": link}
    details |= {"removed": removed, "before": moment.isoformat()}
    Event.objects.create(kind=Kind.HISTORY_PRUNED, message=words, details=details)
