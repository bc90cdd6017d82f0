"""The database: a file of SQLite's, or PostgreSQL; how many connections a process has there, and how long it waits.

Commands and the worker have one connection in each process, which lives for minutes and is tried before it is used
again. The web server's threads share a pool: one connection for each of them at most, so that none waits for another.
"""

from pathlib import Path
from typing import Any

import dj_database_url

# Seconds for a new connection; then until the kernel takes a silent server for gone.
CONNECT_TIMEOUT = 5
SOCKET = {
    "connect_timeout": CONNECT_TIMEOUT,
    "keepalives_idle": 30,
    "keepalives_interval": 5,
    "keepalives_count": 3,
    "tcp_user_timeout": 15_000,
}
# Milliseconds. Locks of a machine that has vanished in the middle of a transaction end with its session.
IDLE_IN_TRANSACTION = 300_000
# Of a statement that somebody waits for in a browser.
STATEMENT_TIMEOUT = 30_000
# Seconds for which a request waits for a connection: until then the page says that the database does not answer.
POOL_TIMEOUT = 2
# Not much longer than that: whoever comes next finds out anew, instead of waiting for a pause to end.
RECONNECT_TIMEOUT = 1
POOL_IDLE_SECONDS = 60


def databases(url: str, sqlite_file: Path) -> dict[str, Any]:
    """Of that URL, if there is one; else that file."""
    return {"default": _postgresql(url) if url else _sqlite(sqlite_file)}


def share_connections(database: dict[str, Any], threads: int) -> None:
    """For the web server: makes these settings of a PostgreSQL ones with a pool. Nothing for SQLite.

    Not for a process that forks: the forks would talk through the same sockets.
    """
    if "postgresql" not in database["ENGINE"]:
        return
    pool = {
        "min_size": 1,
        "max_size": threads,
        "max_idle": POOL_IDLE_SECONDS,
        "timeout": POOL_TIMEOUT,
        "reconnect_timeout": RECONNECT_TIMEOUT,
    }
    options = database["OPTIONS"]
    patience = f"{options['options']} -c statement_timeout={STATEMENT_TIMEOUT}"
    database |= {"CONN_MAX_AGE": 0, "OPTIONS": options | {"options": patience, "pool": pool}}


def _postgresql(url: str) -> dict[str, Any]:
    """What the URL itself asks for has the last word."""
    found: dict[str, Any] = dict(dj_database_url.parse(url, conn_max_age=600, conn_health_checks=True))
    asked = found.get("OPTIONS", {})
    patience = f"-c idle_in_transaction_session_timeout={IDLE_IN_TRANSACTION} {asked.get('options', '')}".strip()
    return found | {"OPTIONS": SOCKET | asked | {"options": patience}}


def _sqlite(file: Path) -> dict[str, Any]:
    options = {
        "timeout": 20,
        # Writers queue for the lock at BEGIN instead of failing in the middle.
        "transaction_mode": "IMMEDIATE",
        # FULL: "this create is on its way" has to survive a power cut, or it would be sent twice.
        "init_command": "PRAGMA journal_mode=WAL; PRAGMA synchronous=FULL;",
    }
    # Kept open for a while: to open the file, and to set it up, takes as long as some queries of a request together.
    # For no longer: Django takes such a connection for sound, even where somebody has put another file in its place.
    return {"ENGINE": "django.db.backends.sqlite3", "NAME": file, "CONN_MAX_AGE": 60, "OPTIONS": options}
