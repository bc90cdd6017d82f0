"""Runs the tests that touch the database once more, on PostgreSQL: python -m tests.on_postgres"""

import os
import signal
import sys

import pytest

from tests.postgres import running_postgres

ROOMS = (
    *("access", "activity", "administering", "approving", "attacks", "changing", "connecting", "connections"),
    *("dataflows", "exploring", "handing_over", "history", "organizations", "people", "record", "retention", "sources"),
    *("tables", "values", "vault", "work"),
)
FILES = (
    "test_compressing.py",
    "test_database_away.py",
    "test_headers.py",
    "test_redis_broker.py",
    "test_reports.py",
    "keys/test_pages.py",
    "monitoring/test_health.py",
    "monitoring/test_home.py",
    "monitoring/test_lines.py",
    "monitoring/test_metrics.py",
    "backups/test_backups.py",
    "operation/test_clock.py",
    "operation/test_many_drafts.py",
    "upgrading/test_fitting.py",
    "upgrading/test_tasks.py",
    "product_on_postgres.py",
)


def main() -> None:
    # Ends as Ctrl-C does, so that the server is stopped too.
    signal.signal(signal.SIGTERM, signal.default_int_handler)
    with running_postgres() as url:
        os.environ["TEST_DATABASE_URL"] = f"{url}/wizard"
        code = pytest.main([f"tests/{name}" for name in (*ROOMS, *FILES)])
    sys.exit(code)


if __name__ == "__main__":
    main()
