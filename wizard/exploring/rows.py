"""The first rows as a table: some columns of them at a time, each with how full it is and how much it repeats."""

from collections.abc import Collection
from dataclasses import dataclass

from wizard.exploring.cells import Cell, cell
from wizard.exploring.columns import ShownColumn, of_rows
from wizard.exploring.picturing import Shares
from wizard.flow_service.explored import Contents

AT_ONCE = 50  # columns


@dataclass(frozen=True)
class Head:
    column: ShownColumn
    shares: Shares


@dataclass(frozen=True)
class RowTable:
    """`first` and `last` are the numbers of the columns that are shown, of `number` in all; `parts` of them lead on."""

    heads: list[Head]
    lines: list[list[Cell]]
    first: int
    last: int
    number: int
    part: int
    parts: int


def row_table(contents: Contents, columns: list[ShownColumn], only: Collection[str] | None, part: int) -> RowTable:
    """The columns with the keys in `only`, all of them where that is None; `part` counts from 1."""
    rows = contents.rows or ()
    wanted = [column for column in of_rows(contents, columns) if only is None or column.key in only]
    parts = max(1, -(-len(wanted) // AT_ONCE))
    part = min(max(part, 1), parts)
    start = (part - 1) * AT_ONCE
    here = wanted[start : start + AT_ONCE]
    return RowTable(
        heads=[Head(column, Shares.of([row.get(column.name) for row in rows])) for column in here],
        lines=[[cell(row.get(column.name), column.type) for column in here] for row in rows],
        first=start + 1,
        last=start + len(here),
        number=len(wanted),
        part=part,
        parts=parts,
    )
