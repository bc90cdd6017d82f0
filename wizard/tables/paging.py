"""Pages of a table that need no count: each begins after, or ends before, a row's key."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any, Generic, TypeVar
from urllib.parse import urlencode

from django.db.models import Model, QuerySet
from django.http import QueryDict

from wizard.parsing import whole_number
from wizard.tables.newest import newest_keys, next_keys

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


def page_of(parts: Sequence[QuerySet[Any]], shown: QuerySet[Row], query: QueryDict) -> Page[Row]:
    """The page that `before` or `after` (a row's key) names; the first one without them.

    The keys first, of the parts; then those rows alone, with all that is shown of them.
    """
    before, after = whole_number(query.get("before")), whole_number(query.get("after"))
    if after is not None:
        found = next_keys(parts, ROWS + 1, after)
        more_newer, more_older = len(found) > ROWS, after > 0
        keys = found[:ROWS][::-1]
    else:
        found = newest_keys(parts, ROWS + 1, before)
        more_newer, more_older = before is not None, len(found) > ROWS
        keys = found[:ROWS]
    return Page(
        rows=rows_of(shown, keys),
        newest=_link(query) if more_newer else None,
        newer=_link(query, after=keys[0]) if more_newer and keys else None,
        older=_link(query, before=keys[-1]) if more_older and keys else None,
        oldest=_link(query, after=0) if more_older else None,
    )


def rows_of(shown: QuerySet[Row], keys: Sequence[int]) -> list[Row]:
    """In the order of the keys, newest first."""
    return list(shown.filter(pk__in=keys).order_by("-pk"))


def _link(query: QueryDict, **place: int) -> str:
    kept = [(name, value) for name, value in query.items() if name not in ("before", "after") and value]
    return urlencode([*kept, *place.items()])
