"""The keys of the newest rows of a table that may be long: found part by part, each by an index, without a count."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from typing import Any

from django.db import connection
from django.db.models import Exists, F, Q, QuerySet

Part = QuerySet[Any]

# A page counts no further.
MOST_COUNTED = 1000


def parted(parts: Iterable[Part], conditions: Sequence[Exists | Q]) -> list[Part]:
    """What is in one of the parts, and meets one of the conditions."""
    return [part.filter(condition) for part in parts for condition in conditions]


def newest_keys(parts: Sequence[Part], most: int, before: int | None = None) -> list[int]:
    """Of the rows that are in any of the parts so many at most, newest first; with `before` only older ones.

    A part that is read in the order of another table's column than its own key is annotated with it as `key`.
    """
    keyed = [_keyed(part) for part in parts]
    some = [part.filter(key__lt=before) if before is not None else part for part in keyed]
    return sorted(_keys([part.order_by("-key") for part in some], most), reverse=True)[:most]


def next_keys(parts: Sequence[Part], most: int, after: int) -> list[int]:
    """Those that come next after that key, oldest first."""
    some = [_keyed(part).filter(key__gt=after).order_by("key") for part in parts]
    return sorted(_keys(some, most))[:most]


def one_of_each(parts: Sequence[Part]) -> set[int]:
    """Of each part that has any row the newest one's key."""
    return _keys([_keyed(part).order_by("-key") for part in parts], 1)


def _keyed(part: Part) -> Part:
    return part if "key" in part.query.annotations else part.annotate(key=F("pk"))


def _keys(parts: Sequence[Part], most: int) -> set[int]:
    """An OR over all parts would be answered by none of their indexes."""
    some = [part.values_list("key", flat=True)[:most] for part in parts]
    if len(some) > 1 and connection.features.supports_slicing_ordering_in_compound:
        some = [some[0].union(*some[1:])]
    return {key for part in some for key in part}


@dataclass(frozen=True)
class Number:
    """How many there are, up to a number that is told by a plus sign."""

    counted: int

    def __str__(self) -> str:
        return f"{MOST_COUNTED:,}+" if self.counted > MOST_COUNTED else f"{self.counted:,}"

    def __bool__(self) -> bool:
        return self.counted > 0


def number_of(parts: Sequence[Part]) -> Number:
    """Of rows that are in any of the parts."""
    return Number(len(newest_keys(parts, MOST_COUNTED + 1)))
