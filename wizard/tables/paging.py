"""Pages of a table that need no count: each begins after, or ends before, a row's key."""

from dataclasses import dataclass
from typing import Generic, TypeVar
from urllib.parse import urlencode

from django.db.models import Model, QuerySet
from django.http import QueryDict

from wizard.parsing import whole_number

Row = TypeVar("Row", bound=Model)

ROWS = 25


@dataclass(frozen=True)
class Page(Generic[Row]):
    """Up to 25 rows, newest first, and query strings for the neighbours (None where there is none)."""

    rows: list[Row]
    newest: str | None
    newer: str | None
    older: str | None
    oldest: str | None


def page_of(rows: QuerySet[Row], query: QueryDict) -> Page[Row]:
    """The page that `before` or `after` (a row's key) names; the first one without them."""
    before, after = whole_number(query.get("before")), whole_number(query.get("after"))
    if after is not None:
        found = list(rows.filter(pk__gt=after).order_by("pk")[: ROWS + 1])
        more_newer, more_older = len(found) > ROWS, after > 0
        found = found[:ROWS][::-1]
    else:
        older_than = rows.filter(pk__lt=before) if before is not None else rows
        found = list(older_than.order_by("-pk")[: ROWS + 1])
        more_newer, more_older = before is not None, len(found) > ROWS
        found = found[:ROWS]
    return Page(
        rows=found,
        newest=_link(query) if more_newer else None,
        newer=_link(query, after=found[0].pk) if more_newer and found else None,
        older=_link(query, before=found[-1].pk) if more_older and found else None,
        oldest=_link(query, after=0) if more_older else None,
    )


def _link(query: QueryDict, **place: int) -> str:
    kept = [(name, value) for name, value in query.items() if name not in ("before", "after") and value]
    return urlencode([*kept, *place.items()])
