"""Many threads, one file: of changes that started from the same etag, one wins."""

from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

import pytest

from wizard.emulator.store import Store


@pytest.fixture
def store(tmp_path: Path) -> Store:
    return Store(tmp_path / "flow_service.sqlite3")


def test_of_many_changes_from_one_etag_one_wins(store: Store) -> None:
    store.add("org", "prod", {"id": "c", "etag": "first"})
    with ThreadPoolExecutor(8) as pool:
        won = list(pool.map(lambda number: store.replace("first", {"id": "c", "etag": str(number)}), range(8)))
    assert sorted(won) == [False] * 7 + [True]
    assert store.find("org", "prod", "c") == {"id": "c", "etag": str(won.index(True))}
    store.close()


def test_what_was_removed_is_neither_changed_nor_removed_again(store: Store) -> None:
    store.add("org", "prod", {"id": "c", "etag": "first"})
    assert store.remove("c")
    assert not store.remove("c")
    assert not store.replace("first", {"id": "c", "etag": "second"})
    store.close()


def test_no_place_is_used_twice(store: Store) -> None:
    for connection_id in "ab":
        store.add("org", "prod", {"id": connection_id, "etag": "first"})
    store.remove("b")
    store.add("org", "prod", {"id": "c", "etag": "first"})
    assert [place for place, _ in store.all("org", "prod")] == [1, 3]
    store.close()


def test_tokens_that_have_ended_are_forgotten(store: Store) -> None:
    store.add_token("old", expires_at=10, now=0)
    assert store.has_token("old", now=9)
    assert not store.has_token("old", now=10)
    store.add_token("new", expires_at=30, now=20)
    assert not store.has_token("old", now=9)
    store.close()
