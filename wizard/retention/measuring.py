"""Notes once in some hours what each kind of thing takes, so that the page has only to read that."""

from datetime import datetime, timedelta

from django.db import transaction
from django.utils import timezone

from wizard.record.kinds import Kind
from wizard.record.models import Event
from wizard.retention.models import Chore, ChoreKind, Size
from wizard.retention.tables import table_sizes
from wizard.retention.things import KIND_OF_TABLE, MAIN_TABLES, OTHER, THINGS

EVERY = timedelta(hours=6)
KEPT = timedelta(days=400)


def measure() -> None:
    """A task: safe to run twice, and in several processes."""
    now = timezone.now()
    chore = Chore.made()[ChoreKind.SIZES]
    rows, sizes = _by_kind()
    known = {"day": now.date(), "measured_at": now}
    found = [
        Size(kind=of.kind, rows=rows.get(of.kind, 0), bytes=sizes.get(of.kind), oldest_at=of.oldest(), **known)
        for of in THINGS
    ]
    with transaction.atomic():
        figures = ("rows", "bytes", "oldest_at", "measured_at")
        Size.objects.bulk_create(found, update_conflicts=True, unique_fields=("kind", "day"), update_fields=figures)
        Size.objects.filter(day__lt=(now - KEPT).date()).delete()
        _note_last_backup(chore.ended_at)
        chore.end(now + EVERY)


def _by_kind() -> tuple[dict[str, int], dict[str, int]]:
    """The rows of each kind of thing, and its bytes where they are known."""
    rows: dict[str, int] = {}
    sizes: dict[str, int] = {}
    for found in table_sizes():
        kind = KIND_OF_TABLE.get(found.table, OTHER)
        if kind == OTHER or found.table in MAIN_TABLES:
            rows[kind] = rows.get(kind, 0) + found.rows
        if found.bytes is not None:
            sizes[kind] = sizes.get(kind, 0) + found.bytes
    return rows, sizes


def _note_last_backup(since: datetime | None) -> None:
    """Only among the events that are new: there is no index by kind."""
    events = Event.objects.filter(kind=Kind.BACKED_UP, **({"at__gte": since - EVERY} if since else {}))
    if last := events.order_by("-at").first():
        Chore.objects.filter(kind=ChoreKind.BACKUP).update(ended_at=last.at)
