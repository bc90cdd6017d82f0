"""A database that takes no more: full, read-only, or held by somebody else; each for real, in SQLite's own words."""

import sqlite3
from collections.abc import Iterator
from contextlib import AbstractContextManager, closing, contextmanager
from typing import Protocol

import pytest
from django.db import OperationalError, connection
from django.db.backends.signals import connection_created


class Full(Protocol):
    def __call__(self) -> AbstractContextManager[None]: ...


@contextmanager
def read_only() -> Iterator[None]:
    """As if its file were on a disk that is mounted so."""
    with _each_connection_with("query_only = ON", afterwards="query_only = OFF"):
        yield


@contextmanager
def full() -> Iterator[None]:
    """Not one more page, and none of those that are free is left."""
    _run("CREATE TABLE filler (content BLOB)")
    pages = _number("page_count")
    with _each_connection_with(f"max_page_count = {pages}", afterwards="max_page_count = 1073741823"):
        for size in (3000, 300, 30):
            while _fits("INSERT INTO filler VALUES (zeroblob(%s))", size):
                pass
        yield
    _run("DROP TABLE filler")


@contextmanager
def held_by_somebody() -> Iterator[None]:
    """Another program has the lock of all writers, and nobody waits for it for long."""
    other = sqlite3.connect(connection.settings_dict["NAME"], isolation_level=None)
    other.execute("BEGIN IMMEDIATE")
    with closing(other), _each_connection_with("busy_timeout = 50", afterwards="busy_timeout = 20000"):
        yield


@contextmanager
def _each_connection_with(pragma: str, *, afterwards: str) -> Iterator[None]:
    """This one, and each that is opened meanwhile."""

    def set_it(**_more: object) -> None:
        _run(f"PRAGMA {pragma}")

    set_it()
    connection_created.connect(set_it, weak=False)
    try:
        yield
    finally:
        connection_created.disconnect(set_it)
        _run(f"PRAGMA {afterwards}")


def _run(statement: str) -> None:
    with connection.cursor() as cursor:
        cursor.execute(statement)


def _number(pragma: str) -> int:
    with connection.cursor() as cursor:
        return int(cursor.execute(f"PRAGMA {pragma}").fetchone()[0])


def _fits(statement: str, size: int) -> bool:
    with connection.cursor() as cursor:
        try:
            cursor.execute(statement, [size])
        except OperationalError:
            return False
    return True


@pytest.fixture(params=[full, read_only, held_by_somebody], ids=["full", "read-only", "held"])
def unstorable(request: pytest.FixtureRequest) -> Full:
    """Each of them."""
    found: Full = request.param
    return found
