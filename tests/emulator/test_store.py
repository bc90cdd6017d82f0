"""Many threads, one file: of changes that started from the same etag, one wins."""

import itertools
import sqlite3
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

import pytest
from hypothesis import HealthCheck, example, given, settings
from hypothesis import strategies as st

from wizard.emulator.store import NAMES_AT_ONCE, Store


@pytest.fixture
def store(tmp_path: Path) -> Store:
    return Store(tmp_path / "flow_service.sqlite3")


def test_of_many_changes_from_one_etag_one_wins(store: Store) -> None:
    store.add("flows", "org", "prod", {"id": "c", "etag": "first"})
    with ThreadPoolExecutor(8) as pool:
        won = list(pool.map(lambda number: store.replace("first", {"id": "c", "etag": str(number)}), range(8)))
    assert sorted(won) == [False] * 7 + [True]
    assert store.find("flows", "org", "prod", "c") == {"id": "c", "etag": str(won.index(True))}
    store.close()


def test_what_was_removed_is_neither_changed_nor_removed_again(store: Store) -> None:
    store.add("flows", "org", "prod", {"id": "c", "etag": "first"})
    assert store.remove("c")
    assert not store.remove("c")
    assert not store.replace("first", {"id": "c", "etag": "second"})
    store.close()


def test_no_place_is_used_twice(store: Store) -> None:
    for connection_id in "ab":
        store.add("flows", "org", "prod", {"id": connection_id, "etag": "first"})
    store.remove("b")
    store.add("flows", "org", "prod", {"id": "c", "etag": "first"})
    assert [place for place, _ in store.all("flows", "org", "prod")] == [1, 3]
    store.close()


@pytest.fixture(scope="module")
def filling(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Store]:
    """One that grows from example to example."""
    store = Store(tmp_path_factory.mktemp("names") / "flow_service.sqlite3")
    yield store
    store.close()


NUMBERS = itertools.count()


@settings(max_examples=100, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(name=st.text())
@example(name="a\0b")
@example(name="\0")
@example(name="\U0001f600 ' \" \\ \ufeff \x7f")
def test_whatever_its_name_a_connection_is_found_by_it(filling: Store, name: str) -> None:
    item = {"id": str(next(NUMBERS)), "etag": "first", "name": name}
    filling.add("flows", "org", "prod", item)
    assert item in [found for _, found in filling.all("flows", "org", "prod", ["other", name])]
    assert filling.all("flows", "org", "dev", [name]) == []


def test_names_narrow_what_is_read(store: Store) -> None:
    for name in ("a", "b", "a", "A", "\ud800"):
        store.add("flows", "org", "prod", {"id": str(next(NUMBERS)), "etag": "first", "name": name})
    assert [place for place, _ in store.all("flows", "org", "prod", ["a"])] == [1, 3]
    assert store.all("flows", "org", "prod", []) == []
    assert len(store.all("flows", "org", "prod", ["a"] * (NAMES_AT_ONCE + 1))) == 5
    store.close()


def test_each_kind_is_kept_apart(store: Store) -> None:
    for kind in ("connections", "flows"):
        store.add(kind, "org", "prod", {"id": kind, "etag": "first", "name": "a"})
    assert store.find("flows", "org", "prod", "connections") is None
    assert [item["id"] for _, item in store.all("connections", "org", "prod", ["a"])] == ["connections"]
    store.close()


BEFORE = """
CREATE TABLE connection (
    place INTEGER PRIMARY KEY AUTOINCREMENT, id TEXT NOT NULL UNIQUE, org TEXT NOT NULL, sandbox TEXT NOT NULL,
    etag TEXT NOT NULL, item TEXT NOT NULL);
INSERT INTO connection VALUES (7, 'c', 'org', 'prod', 'first', '{"id": "c", "etag": "first", "name": "a"}');
"""


def test_a_file_of_before_keeps_its_connections(tmp_path: Path) -> None:
    path = tmp_path / "flow_service.sqlite3"
    with sqlite3.connect(path) as db:
        db.executescript(BEFORE)
    db.close()
    for _ in range(2):
        store = Store(path)
        assert [(place, item["id"]) for place, item in store.all("connections", "org", "prod", ["a"])] == [(7, "c")]
        store.close()


def test_a_name_is_found_by_an_index(tmp_path: Path) -> None:
    path = tmp_path / "flow_service.sqlite3"
    Store(path).close()
    query = (
        "EXPLAIN QUERY PLAN SELECT 1 FROM resource WHERE kind = '' AND org = '' AND sandbox = ''"
        " AND json_extract(item, '$.name') IN ('a') ORDER BY place"
    )
    with sqlite3.connect(path) as db:
        plan = db.execute(query).fetchall()
    db.close()
    assert "resource_name" in str(plan)


def test_tokens_that_have_ended_are_forgotten(store: Store) -> None:
    store.add_token("old", "client", expires_at=10, now=0)
    assert store.client_of("old", now=9) == "client"
    assert store.client_of("old", now=10) is None
    store.add_token("new", "client", expires_at=30, now=20)
    assert store.client_of("old", now=9) is None
    store.close()
