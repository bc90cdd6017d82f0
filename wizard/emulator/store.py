"""What outlives a restart: connections, dataflows and the digests of tokens, in one SQLite file.

No secret is ever in it. Each resource is of a kind, named as in its path: connections, flows.
"""

import json
import sqlite3
from pathlib import Path
from threading import Lock
from typing import Any

SCHEMA = """
BEGIN IMMEDIATE;
CREATE TABLE IF NOT EXISTS resource (
    place INTEGER PRIMARY KEY AUTOINCREMENT,
    kind TEXT NOT NULL,
    id TEXT NOT NULL UNIQUE,
    org TEXT NOT NULL,
    sandbox TEXT NOT NULL,
    etag TEXT NOT NULL,
    item TEXT NOT NULL
);
CREATE INDEX IF NOT EXISTS resource_owner ON resource (kind, org, sandbox);
CREATE INDEX IF NOT EXISTS resource_name ON resource (kind, org, sandbox, json_extract(item, '$.name'));
CREATE TABLE IF NOT EXISTS client_token (digest TEXT PRIMARY KEY, client TEXT NOT NULL, expires_at REAL NOT NULL);
DROP TABLE IF EXISTS token;
COMMIT;
"""
# A file of before has a table of its own for connections.
MOVE = """
BEGIN IMMEDIATE;
INSERT OR IGNORE INTO resource (place, kind, id, org, sandbox, etag, item)
    SELECT place, 'connections', id, org, sandbox, etag, item FROM connection;
DROP TABLE connection;
COMMIT;
"""

# SQLite bounds the number of values in one statement.
NAMES_AT_ONCE = 500

Item = dict[str, Any]


class Store:
    """Safe to call from many threads; each change is committed when its method returns."""

    def __init__(self, path: Path) -> None:
        path.parent.mkdir(parents=True, exist_ok=True)
        path.touch(mode=0o600)
        self._lock = Lock()
        self._db = sqlite3.connect(path, check_same_thread=False, isolation_level=None, timeout=20)
        self._db.execute("PRAGMA journal_mode=WAL")
        self._db.execute("PRAGMA synchronous=NORMAL")
        self._db.executescript(SCHEMA)
        if self._rows("SELECT 1 FROM sqlite_master WHERE name = 'connection'"):
            self._db.executescript(MOVE)

    def close(self) -> None:
        with self._lock:
            self._db.close()

    def add(self, kind: str, org: str, sandbox: str, item: Item) -> None:
        values = (kind, item["id"], org, sandbox, item["etag"], json.dumps(item))
        self._change("INSERT INTO resource (kind, id, org, sandbox, etag, item) VALUES (?, ?, ?, ?, ?, ?)", *values)

    def find(self, kind: str, org: str, sandbox: str, resource_id: str) -> Item | None:
        where = "SELECT item FROM resource WHERE id = ? AND kind = ? AND org = ? AND sandbox = ?"
        rows = self._rows(where, resource_id, kind, org, sandbox)
        return json.loads(rows[0][0]) if rows else None

    def all(self, kind: str, org: str, sandbox: str, names: list[str] | None = None) -> list[tuple[int, Item]]:
        """All of that kind and sandbox, or of those names at least, each with its place in the order of creation."""
        where, values = "kind = ? AND org = ? AND sandbox = ?", [kind, org, sandbox]
        # To SQLite a text out of JSON may end at its first NUL.
        if names is not None and len(names) <= NAMES_AT_ONCE and not any("\0" in name for name in names):
            where += f" AND json_extract(item, '$.name') IN ({', '.join('?' * len(names))})"
            values += names
        # `where` has marks in the place of values.
        query = " ".join(("SELECT place, item FROM resource WHERE", where, "ORDER BY place"))
        rows = self._rows(query, *values)
        return [(place, json.loads(item)) for place, item in rows]

    def replace(self, old_etag: str, item: Item) -> bool:
        """False if the resource has another etag by now, or is gone."""
        change = "UPDATE resource SET etag = ?, item = ? WHERE id = ? AND etag = ?"
        return self._change(change, item["etag"], json.dumps(item), item["id"], old_etag) == 1

    def remove(self, resource_id: str) -> bool:
        """False if the resource is gone already."""
        return self._change("DELETE FROM resource WHERE id = ?", resource_id) == 1

    def add_token(self, digest: str, client_id: str, expires_at: float, now: float) -> None:
        """`expires_at` and `now` in epoch seconds; tokens that have ended are forgotten."""
        self._change("DELETE FROM client_token WHERE expires_at <= ?", now)
        values = (digest, client_id, expires_at)
        self._change("INSERT INTO client_token (digest, client, expires_at) VALUES (?, ?, ?)", *values)

    def client_of(self, digest: str, now: float) -> str | None:
        """The client that the token was issued to, if it has not ended."""
        rows = self._rows("SELECT client FROM client_token WHERE digest = ? AND expires_at > ?", digest, now)
        return rows[0][0] if rows else None

    def forget_tokens(self) -> None:
        self._change("DELETE FROM client_token")

    def _rows(self, query: str, *values: object) -> list[Any]:
        with self._lock:
            return self._db.execute(query, values).fetchall()

    def _change(self, statement: str, *values: object) -> int:
        with self._lock:
            return self._db.execute(statement, values).rowcount
