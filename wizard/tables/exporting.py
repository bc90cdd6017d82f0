"""A table as a file: CSV that no spreadsheet takes for formulas, or JSON; sent as it is read, and on record."""

import csv
import json
import re
from collections.abc import Callable, Iterator, Mapping
from datetime import datetime
from typing import Any, Generic, TypeVar

from django.db.models import Model, QuerySet
from django.http import StreamingHttpResponse
from django.utils import timezone

from wizard.pages import Request
from wizard.record.kinds import Kind
from wizard.record.models import Event
from wizard.tables.filtering import TableFilter
from wizard.tables.newest import newest_keys
from wizard.tables.paging import rows_of

Row = TypeVar("Row", bound=Model)

MOST_ROWS = 100_000
BATCH = 500
TYPES = {"csv": "text/csv; charset=utf-8", "json": "application/json"}
# What spreadsheets take for the beginning of a formula.
BEGINS_A_FORMULA = ("=", "+", "-", "@", "\t", "\r", "\n", "＝", "＋", "－", "＠")
# Where a spreadsheet parts columns by semicolons or tabs, a formula can begin in the middle of ours.
BEGINS_A_COLUMN = re.compile(r"([;\t\r\n][\s\"]*)(?=[=+\-@＝＋－＠])")
CUT = f"Only the newest {MOST_ROWS:,} rows are in this file. Export the older ones with narrower filters."


class Export(Generic[Row]):
    """`columns`: name -> what it shows of a row. Only what is named there leaves."""

    def __init__(self, name: str, filters: TableFilter, columns: Mapping[str, Callable[[Row], Any]]) -> None:
        self.name, self.filters, self.columns = name, filters, columns
        # What comes meanwhile is not in it, so that the count on record is that of the file.
        found = newest_keys(filters.parts(), MOST_ROWS + 1)
        self.keys, self.is_cut = found[:MOST_ROWS], len(found) > MOST_ROWS

    def response(self, request: Request, form: str) -> StreamingHttpResponse:
        """The file (`form`: csv or json). Writes an event before the first row leaves."""
        self._note(request, form)
        lines = self.as_csv() if form == "csv" else self.as_json()
        response = StreamingHttpResponse(lines, content_type=TYPES[form])
        response["Content-Disposition"] = f'attachment; filename="{self.name}-{timezone.now():%Y-%m-%d}.{form}"'
        return response

    def as_csv(self) -> Iterator[str]:
        writer = csv.writer(Echo())
        if self.is_cut:
            yield writer.writerow([CUT])
        yield writer.writerow(self.columns)
        for row in self._found():
            yield writer.writerow([cell(show(row)) for show in self.columns.values()])

    def as_json(self) -> Iterator[str]:
        """An array of objects; of one that was cut off the first says so."""
        separator = "[\n"
        if self.is_cut:
            yield separator + json.dumps({"note": CUT})
            separator = ",\n"
        for row in self._found():
            shown = {name: plain(show(row)) for name, show in self.columns.items()}
            yield separator + json.dumps(shown)
            separator = ",\n"
        yield "[]\n" if separator == "[\n" else "\n]\n"

    def _found(self) -> Iterator[Row]:
        """A batch at a time: a reader may be slow, and no cursor waits for one."""
        shown: QuerySet[Row] = self.filters.shown()
        for first in range(0, len(self.keys), BATCH):
            yield from rows_of(shown, self.keys[first : first + BATCH])

    def _note(self, request: Request, form: str) -> None:
        count = len(self.keys)
        words = f"{self.name.capitalize()} as {form.upper()}: {count} row{'' if count == 1 else 's'}."
        details = {"table": self.name, "form": form, "filters": sorted(self.filters.chosen), "rows": count}
        Event.objects.create(kind=Kind.EXPORTED, actor=request.user, message=words, details=details)


class Echo:
    """A file for csv.writer that hands each line back."""

    def write(self, line: str) -> str:
        return line


def plain(value: Any) -> Any:
    """As JSON has it."""
    return value.isoformat() if isinstance(value, datetime) else value


def cell(value: Any) -> str:
    """As a spreadsheet may read it: with an apostrophe before what it would take for a formula."""
    shown = plain(value)
    if shown is None:
        return ""
    text = shown if isinstance(shown, str) else json.dumps(shown, ensure_ascii=False)
    text = BEGINS_A_COLUMN.sub(r"\1'", text)
    return f"'{text}" if text.startswith(BEGINS_A_FORMULA) else text
