"""How much each table holds, as the database itself knows it: no row is counted where there may be millions."""

from collections.abc import Iterator
from dataclasses import dataclass

from django.db import DatabaseError, connection, transaction

# Of a table that was never analyzed PostgreSQL knows nothing, and says -1.
ON_POSTGRES = """
SELECT c.relname, GREATEST(COALESCE(NULLIF(s.n_live_tup, 0), c.reltuples::bigint), 0), pg_total_relation_size(c.oid)
FROM pg_class c LEFT JOIN pg_stat_user_tables s ON s.relid = c.oid
WHERE c.relkind = 'r' AND c.relnamespace = current_schema()::regnamespace
"""
# Reads one number of each page, which is what SQLite is asked for nowhere but in a task.
ON_SQLITE = """
SELECT m.tbl_name, SUM(CASE WHEN m.type = 'table' AND s.pagetype = 'leaf' THEN s.ncell ELSE 0 END), SUM(s.pgsize)
FROM dbstat s JOIN sqlite_master m ON m.name = s.name GROUP BY m.tbl_name
"""


@dataclass(frozen=True)
class TableSize:
    """`bytes` with its indexes; None where the database does not say. `rows` may be an estimate."""

    table: str
    rows: int
    bytes: int | None


@dataclass(frozen=True)
class FileSize:
    """Of a SQLite file, in bytes: all of it, and what is free inside."""

    bytes: int
    free: int


def table_sizes() -> list[TableSize]:
    """Of every table. Raises DatabaseError."""
    if connection.vendor == "postgresql":
        return _asked(ON_POSTGRES)
    try:
        with transaction.atomic():
            return _asked(ON_SQLITE)
    except DatabaseError:
        # This SQLite was built without dbstat.
        return list(_from_keys())


def file_size() -> FileSize | None:
    """None where the database is no file."""
    if connection.vendor != "sqlite":
        return None
    size, pages, free = (_number(f"PRAGMA {name}") for name in ("page_size", "page_count", "freelist_count"))
    return FileSize(size * pages, size * free)


def _asked(question: str) -> list[TableSize]:
    with connection.cursor() as cursor:
        cursor.execute(question)
        return [TableSize(table, int(rows or 0), int(size)) for table, rows, size in cursor.fetchall()]


def _virtual_tables() -> tuple[str, ...]:
    """A search index, and what it keeps its own things in: not all of that has keys."""
    with connection.cursor() as cursor:
        cursor.execute("SELECT name FROM sqlite_master WHERE sql LIKE 'CREATE VIRTUAL TABLE %'")
        return tuple(name for (name,) in cursor.fetchall())


def _from_keys() -> Iterator[TableSize]:
    virtual = _virtual_tables()
    for table in connection.introspection.table_names():
        if virtual and table.startswith(virtual):
            continue
        name = connection.ops.quote_name(table)
        rows = _number(f"SELECT COALESCE(MAX(rowid) - MIN(rowid) + 1, 0) FROM {name}")  # noqa: S608  # nosec B608  # our own names
        yield TableSize(table, rows, None)


def _number(question: str) -> int:
    with connection.cursor() as cursor:
        cursor.execute(question)
        return int(cursor.fetchone()[0])
