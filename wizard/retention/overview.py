"""What the page of sizes shows: a few rows that a worker has noted, and what the disk says. Nothing is counted."""

import os
import shutil
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from pathlib import Path

from django.conf import settings
from django.db import connection
from django.utils import timezone

from wizard.retention.growth import DAYS, Growth, growth_of, lasts
from wizard.retention.models import Chore, ChoreKind, Size
from wizard.retention.rules import Rule, rules
from wizard.retention.tables import FileSize, file_size
from wizard.retention.things import THINGS, Thing

Sizes = Mapping[str, Mapping[date, Size]]


@dataclass(frozen=True)
class Line:
    """One kind of thing. `share` is its size in percent of the largest one's; `grown` in bytes, None where unknown."""

    thing: Thing
    size: Size
    share: int
    grown: int | None

    @property
    def about(self) -> str:
        """Its rows, rounded to three figures."""
        rows = self.size.rows
        return f"{round(rows, 3 - len(str(rows))):,}" if rows >= 1000 else str(rows)

    @property
    def less(self) -> int:
        return -(self.grown or 0)


@dataclass(frozen=True)
class Removal:
    """What a rule says, and how far its chore has come."""

    rule: Rule
    chore: Chore

    @property
    def kept(self) -> str:
        days = self.rule.days
        if days is None:
            return "for ever"
        return f"{days:.0f} day{'' if days == 1 else 's'}" if days else "until they end"

    @property
    def is_under_way(self) -> bool:
        return self.rule.days is not None and self.chore.before is not None

    @property
    def removed(self) -> str:
        """By the last run that has ended."""
        return f"{self.chore.last_removed:,}"

    @property
    def so_far(self) -> str:
        """ "" where the run has removed nothing yet."""
        return f"{self.chore.removed:,}" if self.chore.removed else ""

    @property
    def next_at(self) -> datetime | None:
        """None for the next moment in which a worker looks."""
        return self.chore.due_at if self.chore.due_at > timezone.now() else None


@dataclass(frozen=True)
class Disk:
    """The one on which DATA_DIR lies, in bytes; `lasts` says for how long, where the database lies there, too."""

    free: int
    total: int
    lasts: str

    @property
    def used_share(self) -> int:
        return round(100 * (self.total - self.free) / self.total) if self.total else 0

    @property
    def is_scarce(self) -> bool:
        return self.used_share >= 90


@dataclass(frozen=True)
class Overview:
    """`measured_at` is None where no worker has measured yet; `log` is the size of SQLite's write-ahead log."""

    lines: list[Line]
    total: int
    measured_at: datetime | None
    growth: Growth | None
    removals: list[Removal]
    disk: Disk | None
    file: FileSize | None
    log: int
    backup_at: datetime | None
    data_dir: Path


def overview() -> Overview:
    """As of now: two questions about a few rows, and on SQLite three about its file."""
    today, chores, file = timezone.now().date(), Chore.by_kind(), file_size()
    sizes = _sizes(today - timedelta(days=DAYS), today)
    totals = _totals(sizes)
    lines = _lines(sizes)
    return Overview(
        lines=lines,
        total=sum(line.size.bytes or 0 for line in lines),
        measured_at=max((line.size.measured_at for line in lines), default=None),
        growth=growth_of(totals, today),
        removals=[Removal(rule, chores[rule.kind]) for rule in rules()],
        disk=_disk(totals if file else {}),
        file=file,
        log=_log_size(),
        backup_at=chores[ChoreKind.BACKUP].ended_at,
        data_dir=settings.DATA_DIR,
    )


def _sizes(since: date, until: date) -> Sizes:
    found: dict[str, dict[date, Size]] = {}
    for size in Size.objects.filter(day__range=(since, until)).order_by("day"):
        found.setdefault(size.kind, {})[size.day] = size
    return found


def _totals(sizes: Sizes) -> dict[date, int]:
    totals: dict[date, int] = {}
    for by_day in sizes.values():
        for day, size in by_day.items():
            if size.bytes is not None:
                totals[day] = totals.get(day, 0) + size.bytes
    return dict(sorted(totals.items()))


def _lines(sizes: Sizes) -> list[Line]:
    """The largest first."""
    known = [(thing, list(sizes[thing.kind].values())) for thing in THINGS if thing.kind in sizes]
    largest = max((days[-1].bytes or 0 for _, days in known), default=0)
    lines = [Line(thing, days[-1], _share(days[-1].bytes or 0, largest), _grown(days)) for thing, days in known]
    return sorted(lines, key=lambda line: line.size.bytes or line.size.rows, reverse=True)


def _share(part: int, largest: int) -> int:
    return max(round(100 * part / largest), 1) if part else 0


def _grown(days: list[Size]) -> int | None:
    first, last = days[0], days[-1]
    if first is last or first.bytes is None or last.bytes is None:
        return None
    return last.bytes - first.bytes


def _disk(totals: Mapping[date, int]) -> Disk | None:
    try:
        usage = shutil.disk_usage(settings.DATA_DIR)
    except OSError:
        return None
    return Disk(usage.free, usage.total, lasts(totals, usage.free))


def _log_size() -> int:
    if connection.vendor != "sqlite":
        return 0
    try:
        return os.stat(f"{connection.settings_dict['NAME']}-wal").st_size
    except OSError:
        return 0
