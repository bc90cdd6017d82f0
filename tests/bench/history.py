"""The history with a million connections beside one with a thousand, on SQLite and on PostgreSQL."""

from collections.abc import Iterator
from contextlib import ExitStack

from tests.bench.filled import filled
from tests.bench.house import Visitor
from tests.bench.rows import COMMON, RARE
from tests.bench.timing import Figure, at_most, by_turns
from tests.postgres import running_postgres

FEW, MANY = 1_000, 1_000_000
SHOWS_A_ROW = 'class="row-name"'
PAGES: dict[str, dict[str, str]] = {
    "first page": {},
    "last page": {"after": "0"},
    "search, a common word": {"q": COMMON},
    "search, a rare word": {"q": RARE},
    "filter by two columns": {"source": "mysql", "status": "connected"},
}
OF_A_VIEWER = ("first page", "last page", "search, a rare word")
WHY = "The medians do not differ by as much: at p95 it shows what else this machine does."


def figures(times: int) -> Iterator[Figure]:
    yield from _beside_each_other("SQLite", "", times)
    with running_postgres() as server:
        yield from _beside_each_other("PostgreSQL", server, times)


def _beside_each_other(engine: str, server: str, times: int) -> Iterator[Figure]:
    with ExitStack() as stack:
        few, many = (stack.enter_context(filled(number, server)) for number in (FEW, MANY))
        for name, query in PAGES.items():
            yield _figure(f"history, {engine}: {name}", few[0], many[0], query, times)
        for name in OF_A_VIEWER:
            yield _figure(f"history, {engine}: {name}, one sandbox’s viewer", few[1], many[1], PAGES[name], times)


def _figure(name: str, few: Visitor, many: Visitor, query: dict[str, str], times: int) -> Figure:
    found = by_turns({"few": lambda: _shown(few, query), "many": lambda: _shown(many, query)}, times)
    floor, values = found["few"], found["many"]
    why = WHY if at_most(floor, 1.5).is_met(values) else ""
    return Figure(name, "ms", values, f"with {FEW:,} rows", floor, (at_most(floor, 1.5, "p95"),), why)


def _shown(visitor: Visitor, query: dict[str, str]) -> None:
    """Raises AssertionError for a page that is fast and shows nothing."""
    assert SHOWS_A_ROW in visitor.get("/connections/", **query).text
