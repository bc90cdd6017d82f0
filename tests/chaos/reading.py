"""What stands in the wizard's database, and what must not stand in any file."""

import base64
import sqlite3
from collections import defaultdict
from collections.abc import Iterable
from contextlib import closing
from pathlib import Path
from typing import Any
from uuid import UUID

import psycopg
from psycopg.rows import dict_row

from tests.chaos.plan import CORE
from tests.emulator.running import TENANT

# A file of SQLite's, or the URL of a PostgreSQL database.
Database = Path | str
ROWS = """
SELECT name, description, status, attempts, base_connection_id, etag, remote_state, follow_at, next_look_at,
    CAST(candidates AS TEXT) AS candidates, test_status
FROM connections_baseconnection
"""
SUBMISSIONS = """
SELECT submission.id, row.name FROM connections_submission submission
JOIN connections_baseconnection row ON row.id = submission.connection_id
"""
EVENTS = """
SELECT row.name, event.kind FROM record_event event
JOIN connections_baseconnection row ON row.id = event.connection_id ORDER BY event.id
"""
CHANGES = """
SELECT row.name, change.kind, change.status FROM connections_change change
JOIN connections_baseconnection row ON row.id = change.connection_id ORDER BY change.id
"""
CONNECTED = "SELECT uuid, name FROM connections_baseconnection WHERE status = 'connected' ORDER BY id"


def rows(database: Database) -> list[dict[str, Any]]:
    return _asked(database, ROWS)


def submissions(database: Database) -> list[tuple[str, str]]:
    """(id, name of its row)"""
    return [(str(found["id"]).replace("-", ""), found["name"]) for found in _asked(database, SUBMISSIONS)]


def events(database: Database) -> dict[str, list[str]]:
    """Name of a row -> what happened, in order"""
    found: dict[str, list[str]] = defaultdict(list)
    for event in _asked(database, EVENTS):
        found[event["name"]].append(event["kind"])
    return found


def changes(database: Database) -> list[tuple[str, str, str]]:
    """(name of its row, kind, status)"""
    return [(found["name"], found["kind"], found["status"]) for found in _asked(database, CHANGES)]


def connected(database: Database) -> list[tuple[str, str]]:
    """(uuid, name) of the rows that are connected."""
    return [(str(UUID(str(found["uuid"]))), found["name"]) for found in _asked(database, CONNECTED)]


def _asked(database: Database, sql: str) -> list[dict[str, Any]]:
    if isinstance(database, Path):
        with closing(sqlite3.connect(database, timeout=60)) as connection:
            connection.row_factory = sqlite3.Row
            return [dict(row) for row in connection.execute(sql)]
    with psycopg.connect(database, row_factory=dict_row) as server:
        return server.execute(sql).fetchall()


def files_with_secrets(paths: Iterable[Path]) -> list[str]:
    """The names of those files that have a secret in them, however it was encoded."""
    looked_for = [form for core in (CORE, TENANT.client_secret) for form in forms(core)]
    return sorted(path.name for path in paths if any(form in path.read_bytes() for form in looked_for))


def forms(core: str) -> list[bytes]:
    """How a text of letters, digits and dashes stands in what was written.

    It is the same plain, percent-encoded and escaped for JSON; in Base64 there are three, by its place in the whole.
    """
    return [core.encode(), core.encode().hex().encode(), *(_in_base64(core.encode(), shift) for shift in range(3))]


def _in_base64(core: bytes, shift: int) -> bytes:
    """Those characters alone that nothing before or after it has a part in."""
    first, end = -(-shift * 8 // 6), (shift + len(core)) * 8 // 6
    return base64.b64encode(b"\0" * shift + core)[first:end]
