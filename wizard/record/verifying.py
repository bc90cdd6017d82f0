"""Reads the whole chain of events, and says in plain words where it is not as it was written."""

from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field
from hmac import compare_digest

from django.db.models import Count

from wizard.record.head import ONLY, Head
from wizard.record.models import Event
from wizard.record.sealing import event_mac, link_after

BATCH = 1000
# So many are told of one by one; the others are counted.
MOST_TOLD = 100
CHANGED = "was changed, or was put in by somebody else: its content does not fit its keyed hash"
HEAD_CHANGED = "The head of the chain was changed: what it says does not fit its keyed hash."
MOVED = "does not follow the one before it: it was moved, or its place in the chain was changed"


@dataclass
class Report:
    """What was found. `head` is None where it is missing."""

    head: Head | None
    count: int = 0
    findings: list[str] = field(default_factory=list)
    number_of_findings: int = 0

    @property
    def is_proven(self) -> bool:
        return not self.number_of_findings

    def tell(self, words: str) -> None:
        self.number_of_findings += 1
        if len(self.findings) < MOST_TOLD:
            self.findings.append(words)


def verify(expected: tuple[int, str] | None = None) -> Report:
    """Reads every event; `expected` is the position and the link of an earlier head. Raises CannotOpen.

    Events may be written meanwhile. Where some are removed meanwhile on purpose, it begins again.
    """
    Event.objects.chain()
    while True:
        head = _head()
        report = _verified(head, expected)
        now = _head()
        if (head and head.floor_position) == (now and now.floor_position):
            return report


def _head() -> Head | None:
    return Head.objects.filter(pk=ONLY).first()


def _verified(head: Head | None, expected: tuple[int, str] | None) -> Report:
    report = Report(head)
    if head is None:
        if Event.objects.exists() or expected:
            report.tell("The head of the chain is missing: it was removed.")
        return report
    if not head.is_genuine:
        report.tell(HEAD_CHANGED)
    _walk(head, report)
    _look_outside(head, report)
    if expected:
        _compare(head, report, *expected)
    return report


def _walk(head: Head, report: Report) -> None:
    """From the floor to the head."""
    events = _events(head.floor_position, head.position)
    last, links = walk(events, head.floor_position, head.floor_link, report)
    if last != head.position:
        report.tell(f"{_span(last + 1, head.position)} removed: the tail was cut off.")
    elif head.link not in links:
        report.tell("The head of the chain is not that of the last event.")


def walk(events: Iterable[Event], last: int, link: str, report: Report) -> tuple[int, set[str]]:
    """Follows the events after a position and its link, and tells what is wrong; then it goes on from what is there.

    The position to which they lead, and the links that may be there. Raises CannotOpen.
    """
    links = {link}
    for event in events:
        position = event.position or 0
        if position != last + 1:
            report.tell(f"{_span(last + 1, position - 1)} removed, before {_name(event)}.")
        computed = {link_after(link, position, event) for link in links}
        if not compare_digest(event.mac, event_mac(event)):
            report.tell(f"{_name(event)} {CHANGED}.")
        elif position == last + 1 and event.link not in computed:
            report.tell(f"{_name(event)} {MOVED}.")
        last, links = position, {event.link, *(computed if len(computed) == 1 else ())}
        report.count += 1
    return last, links


def _events(after: int, until: int) -> Iterator[Event]:
    """By position, a batch at a time: a million of them need no more memory than a thousand."""
    rows = Event.objects.filter(position__lte=until).order_by("position")
    while some := list(rows.filter(position__gt=after)[:BATCH]):
        yield from some
        after = some[-1].position or until


def _look_outside(head: Head, report: Report) -> None:
    """Events where none can be: at or below the floor, beyond the head, and copies."""
    for event in Event.objects.filter(position__lte=head.floor_position).order_by("position")[:MOST_TOLD]:
        report.tell(f"{_name(event)} was put in: all up to position {head.floor_position} were removed on purpose.")
    beyond = list(Event.objects.filter(position__gt=head.position).order_by("position")[:MOST_TOLD])
    now = _head()
    for event in beyond:
        if now is None or (event.position or 0) > now.position:
            report.tell(f"{_name(event)} was put in: the chain ends before it.")
    copies = Event.objects.values("uuid").annotate(times=Count("pk")).filter(times__gt=1).order_by()
    for copy in copies[:MOST_TOLD]:
        report.tell(f"The event {copy['uuid']} is there {copy['times']} times.")


def _compare(head: Head, report: Report, position: int, link: str) -> None:
    if position < head.floor_position:
        report.tell(f"Position {position} cannot be compared: all up to {head.floor_position} were removed on purpose.")
        return
    if position > head.position:
        report.tell(f"The chain ends at {head.position}, before the expected {position}: the database was rolled back.")
        return
    event = Event.objects.filter(position=position).first()
    found = head.floor_link if position == head.floor_position else event.link if event else ""
    if not compare_digest(found.encode(), link.encode()):
        report.tell(f"Position {position} has another link than expected: the database was rolled back, or changed.")


def _name(event: Event) -> str:
    return f"Event {event.pk} (position {event.position}, {event.at:%Y-%m-%d %H:%M:%S} UTC, {event.kind})"


def _span(first: int, last: int) -> str:
    if last < first:
        return "The order of positions is wrong: events were"
    return f"Position {first} was" if first == last else f"Positions {first} to {last} were"
