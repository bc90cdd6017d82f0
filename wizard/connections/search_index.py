"""What makes a search for a piece of text quick among a million connections; without it the search is right, and slow.

SQLite: a table of trigrams (FTS5), which triggers keep as the connections are. PostgreSQL: an index of trigrams, where
the extension pg_trgm is installed or may be. Not by a migration: SQLite's way to alter a table drops its triggers.
"""

import logging
import sqlite3
from functools import cache

from django.db import Error, connection, transaction

log = logging.getLogger(__name__)

ROWS, TABLE = "connections_baseconnection", "connections_search"
COLUMNS = ("name", "description", "base_connection_id")


def _row(which: str) -> str:
    return ", ".join(f"{which}.{name}" for name in ("id", *COLUMNS))


_NAMES = ", ".join(COLUMNS)
_FORGET = f"INSERT INTO {TABLE}({TABLE}, rowid, {_NAMES}) VALUES ('delete', {_row('old')});"  # noqa: S608  # nosec B608  # names of ours
_LEARN = f"INSERT INTO {TABLE}(rowid, {_NAMES}) VALUES ({_row('new')});"  # noqa: S608  # nosec B608  # names of ours
_CHANGED = " OR ".join(f"old.{name} IS NOT new.{name}" for name in COLUMNS)
MAKE_TABLE = (
    f"CREATE VIRTUAL TABLE IF NOT EXISTS {TABLE}"
    f" USING fts5({_NAMES}, content='{ROWS}', content_rowid='id', tokenize='trigram')"
)
REBUILD = f"INSERT INTO {TABLE}({TABLE}) VALUES ('rebuild')"  # noqa: S608  # nosec B608  # names of ours
TRIGGERS = {
    f"{TABLE}_insert": f"AFTER INSERT ON {ROWS} BEGIN {_LEARN} END",
    f"{TABLE}_delete": f"AFTER DELETE ON {ROWS} BEGIN {_FORGET} END",
    f"{TABLE}_update": f"AFTER UPDATE OF {_NAMES} ON {ROWS} WHEN {_CHANGED} BEGIN {_FORGET} {_LEARN} END",
}
# As Django asks for a text in a column, whatever its case.
TRIGRAMS = ", ".join(f"UPPER({name}::text) gin_trgm_ops" for name in COLUMNS)
IS_VALID = "SELECT indisvalid FROM pg_index WHERE indexrelid = to_regclass(%s)"
HAS_TRIGRAMS = "SELECT 1 FROM pg_opclass WHERE opcname = 'gin_trgm_ops' AND pg_opclass_is_visible(oid)"
WITHOUT = (
    "The search in the history is slow with many connections: PostgreSQL's extension pg_trgm is missing, and may not "
    "be installed by us. Let the database's administrator run CREATE EXTENSION pg_trgm; then run manage.py prepare."
)


def ensure() -> None:
    """Makes what is missing. Safe to run again and again."""
    if connection.vendor == "postgresql":
        _ensure_on_postgres()
    elif has_trigrams():
        _ensure_on_sqlite()


@cache
def has_trigrams() -> bool:
    """Whether this Python's SQLite knows the table; nearly every one does."""
    with sqlite3.connect(":memory:") as database:
        try:
            database.execute("CREATE VIRTUAL TABLE known USING fts5(name, tokenize='trigram')")
        except sqlite3.OperationalError:
            return False
    return True


@transaction.atomic
def _ensure_on_sqlite() -> None:
    with connection.cursor() as cursor:
        cursor.execute("SELECT name FROM sqlite_master WHERE type = 'trigger' AND tbl_name = %s", [ROWS])
        found = {name for (name,) in cursor.fetchall()}
        if found >= TRIGGERS.keys():
            return
        cursor.execute(MAKE_TABLE)
        for name, words in TRIGGERS.items():
            cursor.execute(f"CREATE TRIGGER IF NOT EXISTS {name} {words}")
        cursor.execute(REBUILD)


def _ensure_on_postgres() -> None:
    with connection.cursor() as cursor:
        cursor.execute(IS_VALID, [TABLE])
        found = cursor.fetchone()
        if found and found[0]:
            return
        if not _has_extension():
            log.warning(WITHOUT)
            return
        # Writers go on meanwhile; what a former attempt has left half done goes first.
        aside = "" if connection.in_atomic_block else "CONCURRENTLY"
        cursor.execute(f"DROP INDEX {aside} IF EXISTS {TABLE}")
        cursor.execute(f"CREATE INDEX {aside} {TABLE} ON {ROWS} USING gin ({TRIGRAMS})")


def _has_extension() -> bool:
    """Installs it where that may be done: the owner of a database may, since PostgreSQL 13."""
    with connection.cursor() as cursor:
        cursor.execute(HAS_TRIGRAMS)
        if cursor.fetchone():
            return True
        try:
            with transaction.atomic():
                cursor.execute("CREATE EXTENSION IF NOT EXISTS pg_trgm")
        except Error:
            return False
        cursor.execute(HAS_TRIGRAMS)
        return cursor.fetchone() is not None
