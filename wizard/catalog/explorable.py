"""How one looks into a source, as its connection spec says: by a listing, or by asking a REST API for records."""

from collections.abc import Iterable, Iterator, Mapping
from typing import Any

LISTING, RECORDS = "listing", "records"
# What `objectType` of an explore call can be, and what it leads to.
WAYS = {"root": LISTING, "table": LISTING, "folder": LISTING, "file": LISTING, "rest": RECORDS}
DEEPEST = 12


def way_of(item: Mapping[str, Any] | None, files: Iterable[Mapping[str, Any]]) -> str:
    """LISTING or RECORDS. A live spec's own `exploreSpec` decides; where it says nothing, the `ui` of our files.

    `item` is a live spec of unknown shape, None where there is none.
    """
    allowed = {WAYS[name] for name in _object_types(item) if name in WAYS}
    if allowed:
        return LISTING if LISTING in allowed else RECORDS
    return next((ui["explore"] for ui in files if "explore" in ui), LISTING)


def _object_types(item: Mapping[str, Any] | None) -> Iterator[str]:
    """What `exploreSpec.requestSpec` allows as objectType, wherever in that JSON schema it does so."""
    explore = (item or {}).get("exploreSpec")
    level = [explore.get("requestSpec")] if isinstance(explore, dict) else []
    for _ in range(DEEPEST):
        parts = [part for part in level if isinstance(part, dict)]
        for part in parts:
            yield from _values(part.get("objectType"))
        level = [child for part in parts for child in part.values()]
        level += [child for part in level if isinstance(part, list) for child in part]


def _values(rules: Any) -> Iterator[str]:
    given = rules if isinstance(rules, dict) else {}
    listed = given.get("enum") if isinstance(given.get("enum"), list) else [given.get("const")]
    yield from (value.lower() for value in listed or () if isinstance(value, str))
