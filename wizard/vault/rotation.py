"""Seals anew, with the first key of the ring, all that was sealed with another one or in the former version.

Online and in small steps: each value is exchanged only if it still is what was read. Whoever kills it loses nothing,
and the next run goes on, since what is done says so itself.
"""

import time
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from typing import Any

from django.db import transaction
from django.views.decorators.debug import sensitive_variables

from wizard.vault.keyring import CannotOpen, KeyRing
from wizard.vault.registry import sealed_tables
from wizard.vault.sealing import key_ring
from wizard.vault.tables import SealedTable

# How often a row that others keep changing is read again before it is left to the next run.
TRIES = 10


@dataclass
class Tally:
    """Values, not rows; `unreadable` are named by table, row and field. `left` were changed by others all the time."""

    anew: int = 0
    current: int = 0
    left: int = 0
    unreadable: list[str] = field(default_factory=list)


@dataclass(frozen=True)
class Found:
    """What became of the values of one row when they were opened."""

    row: Any
    current: int
    new: dict[str, bytes] = field(repr=False)
    unreadable: list[str]


def rotate(*, batch: int, dry_run: bool, tell: Callable[[str], None]) -> Tally:
    """Goes through all tables; `tell` hears of each batch. A dry run opens everything, and writes nothing."""
    tally, ring = Tally(), key_ring()
    for table in sealed_tables():
        seen = 0
        for rows in batches(table, batch):
            _rotate(table, rows, ring, tally, dry_run=dry_run)
            seen += len(rows)
            tell(f"{table.label}: {seen} row{'' if seen == 1 else 's'} seen")
    return tally


def batches(table: SealedTable, size: int, database: str | None = None) -> Iterator[list[Any]]:
    """All rows of a table, also those that come while we are at it."""
    rows, last = table.rows(database), None
    while found := list((rows if last is None else rows.filter(pk__gt=last))[:size]):
        yield found
        last = found[-1].pk


def _rotate(table: SealedTable, rows: list[Any], ring: KeyRing, tally: Tally, *, dry_run: bool) -> None:
    for _ in range(TRIES):
        # Outside of the transaction: it is to be a short one.
        found = [look(table, row, ring) for row in rows]
        started = time.monotonic()
        again: set[Any] = set() if dry_run else _keep(table, [one for one in found if one.new])
        if not dry_run:
            _note(table, [one for one in found if one.row.pk not in again])
        for one in found:
            if one.row.pk not in again:
                _count(tally, one)
        if not again:
            return
        # The others get the database for as long as we had it.
        time.sleep(time.monotonic() - started)
        rows = list(table.rows().filter(pk__in=again))
    tally.left += len(again)


@sensitive_variables()
def look(table: SealedTable, row: Any, ring: KeyRing) -> Found:
    """Opens every value of a row, and seals anew those that are not current."""
    current, new, unreadable = 0, {}, []
    for name, sealed in table.values(row).items():
        try:
            plain = table.open(ring, row, name)
        except CannotOpen:
            unreadable.append(f"{table.called(row)}: {name}")
            continue
        if sealed.startswith(ring.prefix):
            current += 1
        else:
            new[name] = table.seal(ring, row, name, plain)
    return Found(row, current, new, unreadable)


def _keep(table: SealedTable, found: list[Found]) -> set[Any]:
    """All in one transaction; the keys of the rows that were others' meanwhile."""
    if not found:
        # Not even a lock is taken from those who have something to write.
        return set()
    with transaction.atomic():
        return table.keep_all([(one.row, one.new) for one in found])


def _note(table: SealedTable, found: list[Found]) -> None:
    for one in found:
        table.note(one.row, opens=not one.unreadable)


def _count(tally: Tally, found: Found) -> None:
    tally.anew += len(found.new)
    tally.current += found.current
    tally.unreadable += found.unreadable
