"""Looking into a source that holds ten thousand tables."""

from collections.abc import Iterator

from tests.bench.house import Visitor, visited
from tests.bench.timing import Figure, Target, by_turns
from wizard.emulator import samples

TABLES = 10_000
NO_HIT = ("/connections/", {"q": "no connection has this name"})
WHY = "ten thousand names are read, sorted and looked through, whatever the page shows of them."
PAGE, SEARCH = Target("a page in 300 ms", 300), Target("a search in 100 ms", 100)


def figures(times: int) -> Iterator[Figure]:
    with visited() as visitor:
        yield from _figures(visitor, times)


def _figures(visitor: Visitor, times: int) -> Iterator[Figure]:
    whole = {"type": "table", "columns": [], "rows": []}
    names = ((f"schema_{number % 20}", f"table_{number:05d}") for number in range(TABLES))
    samples.TABLES = {f"{schema}.{name}": whole | {"name": name} for schema, name in names}
    page = visitor.connect("Ten thousand tables")
    address = f"{page}explore/"
    base_connection_id = visitor.emulator.call("GET", "/connections").json()["items"][0]["id"]
    explore = f"/connections/{base_connection_id}/explore"
    calls = {
        "answer": lambda: visitor.emulator.call("GET", explore, params={"objectType": "root"}).json(),
        "no hit": lambda: visitor.get(NO_HIT[0], **NO_HIT[1]),
        "fresh": lambda: _shows(visitor, address, "table_00000", now="1", fresh="1"),
        "kept": lambda: _shows(visitor, address, "table_00000"),
        "search": lambda: _shows(visitor, address, "table_07777", q="7777"),
    }
    found = by_turns(calls, times)
    answer, no_hit = ("the Flow Service’s answer", found["answer"]), ("a history without a hit", found["no hit"])
    yield Figure("10,000 tables: first page, read at Adobe", "ms", found["fresh"], *answer, (PAGE,), WHY)
    yield Figure("10,000 tables: first page, names kept", "ms", found["kept"], *no_hit, (PAGE,), WHY)
    yield Figure("10,000 tables: search", "ms", found["search"], *no_hit, (SEARCH,), WHY)


def _shows(visitor: Visitor, address: str, words: str, **query: str) -> None:
    """Raises AssertionError for a page that is fast and does not say it."""
    assert words in visitor.get(address, **query).text
