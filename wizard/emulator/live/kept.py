"""The secrets of connections, kept for looks into their databases: in a file of its own, for its owner alone.

It is there only as long as the service runs live: an ordinary start removes it.
"""

import json
import sqlite3
from pathlib import Path
from threading import Lock
from typing import Any

NAME = "live_secrets.sqlite3"
TABLE = "CREATE TABLE IF NOT EXISTS secret (connection TEXT PRIMARY KEY, params TEXT NOT NULL)"


class Kept:
    """Safe to call from many threads; each change is on disk when its method returns."""

    def __init__(self, data_dir: Path) -> None:
        data_dir.mkdir(parents=True, exist_ok=True)
        path = data_dir / NAME
        path.touch(mode=0o600)
        path.chmod(0o600)
        self._lock = Lock()
        self._db = sqlite3.connect(path, check_same_thread=False, isolation_level=None, timeout=20)
        # What is deleted is overwritten, and no journal keeps it.
        self._db.execute("PRAGMA secure_delete = ON")
        self._db.execute("PRAGMA journal_mode = MEMORY")
        self._db.execute(TABLE)

    def close(self) -> None:
        with self._lock:
            self._db.close()

    def secrets(self, connection_id: str) -> dict[str, Any]:
        """Param -> value; nothing for a connection that was made when nothing was kept."""
        with self._lock:
            row = self._db.execute("SELECT params FROM secret WHERE connection = ?", (connection_id,)).fetchone()
        return dict(json.loads(row[0])) if row else {}

    def keep(self, connection_id: str, secrets: dict[str, Any]) -> None:
        """Instead of all that was kept of that connection."""
        values = (connection_id, json.dumps(secrets))
        with self._lock:
            self._db.execute("INSERT OR REPLACE INTO secret (connection, params) VALUES (?, ?)", values)

    def forget(self, connection_id: str) -> None:
        with self._lock:
            self._db.execute("DELETE FROM secret WHERE connection = ?", (connection_id,))


def remove_kept(data_dir: Path) -> None:
    """Leaves no secret of a live run behind."""
    (data_dir / NAME).unlink(missing_ok=True)
