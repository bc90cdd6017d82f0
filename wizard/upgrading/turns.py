"""One `prepare` at a time: two would race in the same files, and in the same migrations."""

import fcntl
import time
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from django.db import DEFAULT_DB_ALIAS, connections
from django.db.backends.base.base import BaseDatabaseWrapper

# Any number will do, as long as no other program takes it in the same database.
LOCK = 0x77697A61
PAUSE = 0.2


@contextmanager
def one_on_this_machine(data_dir: Path) -> Iterator[None]:
    """Waits for those that came before. Whoever dies gives the turn to the next. Raises OSError."""
    with (data_dir / "prepare.lock").open("w") as file:
        fcntl.flock(file, fcntl.LOCK_EX)
        yield


@contextmanager
def one_at_the_database() -> Iterator[None]:
    """The same among machines, by a lock in PostgreSQL; SQLite has one machine alone. Raises DatabaseError.

    The lock is a transaction's, so that a pooler between us and the database does not part it from its session, on a
    connection of its own, since migrations commit. However long they take, that transaction waits.
    """
    keeper = connections.create_connection(DEFAULT_DB_ALIAS)
    if keeper.vendor != "postgresql":
        yield
        return
    try:
        keeper.set_autocommit(False)
        while not _has_turn(keeper):
            keeper.rollback()
            time.sleep(PAUSE)
        yield
    finally:
        keeper.close()


def _has_turn(keeper: BaseDatabaseWrapper) -> bool:
    """Asks, and does not wait: an index that is made CONCURRENTLY waits for everybody who waits in a statement."""
    with keeper.cursor() as cursor:
        cursor.execute("SET LOCAL idle_in_transaction_session_timeout = 0")
        cursor.execute("SELECT pg_try_advisory_xact_lock(%s)", [LOCK])
        return bool(cursor.fetchone()[0])
