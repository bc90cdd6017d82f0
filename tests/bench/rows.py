"""Many rows at once: a connection that exists, over and over, under other names, sources, sandboxes and outcomes."""

import sqlite3
from collections.abc import Callable
from pathlib import Path

import psycopg

CONNECTIONS, EVENTS = "connections_baseconnection", "record_event"
# The one that the wizard begins with, and in which the viewer has their role.
SMALL_SANDBOX = "prod"
RARE, COMMON = "zanzibar", "orders"
# The history shows no events: enough of them for the pages that do.
CONNECTIONS_PER_EVENT = 10
# name -> SQL of the number n of a row; what is not named here is as in the row that is there. Both databases read it.
COMMON_SQL = {
    "uuid": "{uuid}",
    "name": f"subject || ' ' || n || CASE WHEN n <= 3 THEN ' {RARE}' ELSE '' END",
    "description": "'Made for the team ' || (n % 97) || ', in the year ' || (n % 13)",
    "source": "slug",
    "source_label": "slug",
    "sandbox_name": f"CASE WHEN n % 33 = 3 THEN '{SMALL_SANDBOX}' ELSE 'sandbox-' || (n % 45) END",
    # Nothing that a worker would take up.
    "status": "CASE WHEN n / 20 % 20 < 16 THEN 'connected' WHEN n / 20 % 20 < 18 THEN 'failed' "
    "WHEN n / 20 % 20 < 19 THEN 'unknown' ELSE 'deleted' END",
    "base_connection_id": "CASE WHEN n / 20 % 20 < 16 THEN {hash} ELSE '' END",
    "destination": "{hash}",
    "finding": "CASE WHEN n % 1000 = 7 THEN 'broke' ELSE '' END",
    "found_at": "CASE WHEN n % 1000 = 7 THEN seed.created_at ELSE NULL END",
}
EVENT_SQL = {
    "uuid": "{uuid}",
    "kind": "CASE WHEN n % 20 = 0 THEN 'failed' ELSE 'connected' END",
    "outcome": "CASE WHEN n % 20 = 0 THEN 'failed' ELSE 'succeeded' END",
    "connection_id": "n + {first}",
    "sandbox_name": COMMON_SQL["sandbox_name"],
    # Chained, as far as a worker can see, and in nobody's way.
    "position": "-n",
    "message": "'The answer came after ' || (n % 977) || ' ms.'",
    "request_id": "{hash}",
}
SUBJECTS = (
    *("Orders", "Customers", "Payments", "Invoices", "Loyalty", "Returns", "Stock", "Prices", "Stores", "Coupons"),
    *("Campaigns", "Clicks", "Leads", "Tickets", "Surveys", "Visits", "Baskets", "Shipments", "Suppliers", "Staff"),
)
SLUGS = (
    *("postgres", "mysql", "s3", "snowflake", "redshift", "oracle", "bigquery", "salesforce", "sftp", "mariadb"),
    *("ftp", "hubspot", "shopify", "zendesk", "stripe", "teradata-vantage", "cassandra", "hive", "odata", "blob"),
)
WORDS = ", ".join(
    f"({at}, '{subject}', '{slug}')" for at, (subject, slug) in enumerate(zip(SUBJECTS, SLUGS, strict=True))
)
Run = Callable[[str], list[tuple[str, ...]]]


def fill_sqlite(path: Path, number: int) -> None:
    """So many connections, and an event for every tenth; nobody else may use the file meanwhile.

    The next start looks at the tables, as each does.
    """
    with sqlite3.connect(path, isolation_level=None) as database:

        def run(sql: str) -> list[tuple[str, ...]]:
            return database.execute(sql).fetchall()

        for setting in ("journal_mode = OFF", "synchronous = OFF", "cache_size = -400000", "temp_store = MEMORY"):
            run(f"PRAGMA {setting}")
        uuid = "lower(hex(randomblob(16)))"
        kept = run("SELECT type, name, sql FROM sqlite_master WHERE type IN ('index', 'trigger') AND sql IS NOT NULL")
        kept = [row for row in kept if f'"{CONNECTIONS}"' in row[2] or f'"{EVENTS}"' in row[2]]
        run("BEGIN")
        for kind, name, _ in kept:
            run(f'DROP {kind} "{name}"')
        columns = {table: [row[1] for row in run(f"PRAGMA table_info({table})")] for table in (CONNECTIONS, EVENTS)}
        _fill(run, columns, (_series(number), _series(number // CONNECTIONS_PER_EVENT)), {"uuid": uuid, "hash": uuid})
        for _, _, sql in kept:
            run(sql)
        if run("SELECT 1 FROM sqlite_master WHERE name = 'connections_search'"):
            run("INSERT INTO connections_search(connections_search) VALUES ('rebuild')")
        run("COMMIT")
        run("PRAGMA journal_mode = WAL")


def fill_postgres(url: str, number: int) -> None:
    """The same; analyzed and vacuumed, as its autovacuum would do within minutes."""
    with psycopg.connect(url, autocommit=True) as database:

        def run(sql: str) -> list[tuple[str, ...]]:
            found = database.execute(sql)  # type: ignore[call-overload]
            return found.fetchall() if found.description else []

        run("SET maintenance_work_mem = '512MB'")
        # No checkpoint in the middle.
        run("ALTER SYSTEM SET max_wal_size = '16GB'")
        run("SELECT pg_reload_conf()")
        tables = f"('{CONNECTIONS}', '{EVENTS}')"
        indexes = run(
            f"SELECT indexname, indexdef FROM pg_indexes WHERE tablename IN {tables}"
            " AND indexname NOT IN (SELECT conname FROM pg_constraint)"
        )
        for name, _ in indexes:
            run(f'DROP INDEX "{name}"')
        columns = {
            table: [
                name
                for (name,) in run(f"SELECT column_name FROM information_schema.columns WHERE table_name = '{table}'")
            ]
            for table in (CONNECTIONS, EVENTS)
        }
        series = (_generated(number), _generated(number // CONNECTIONS_PER_EVENT))
        _fill(run, columns, series, {"uuid": "gen_random_uuid()", "hash": "md5(n::text)"})
        for _, definition in indexes:
            run(definition)
        for table in (CONNECTIONS, EVENTS):
            run(f"SELECT setval(pg_get_serial_sequence('{table}', 'id'), (SELECT max(id) FROM {table}))")
            run(f"VACUUM ANALYZE {table}")


def repeat_last_event(path: Path, number: int) -> None:
    """So many more events of the connection that something happened to last; others may use the file meanwhile."""
    with sqlite3.connect(path, isolation_level=None, timeout=20) as database:

        def run(sql: str) -> list[tuple[str, ...]]:
            return database.execute(sql).fetchall()

        uuid = "lower(hex(randomblob(16)))"
        columns = [row[1] for row in run(f"PRAGMA table_info({EVENTS})")]
        values = {"uuid": uuid, "position": f"-n - {2**40}", "request_id": uuid}
        _repeat(run, EVENTS, columns, _series(number), values)


def _series(number: int) -> str:
    return f"WITH RECURSIVE series(n) AS (SELECT 1 UNION ALL SELECT n + 1 FROM series WHERE n < {number})"


def _generated(number: int) -> str:
    return f"WITH series(n) AS (SELECT generate_series(1, {number})::bigint)"


def _fill(run: Run, columns: dict[str, list[str]], series: tuple[str, str], words: dict[str, str]) -> None:
    """`series`: of the connections, and of the events."""
    first = run(f"SELECT max(id) FROM {CONNECTIONS}")[0][0]
    for table, values, of_it in zip((CONNECTIONS, EVENTS), (COMMON_SQL, EVENT_SQL), series, strict=True):
        sql = {name: text.format(first=first, **words) for name, text in values.items()}
        _repeat(run, table, columns[table], of_it, sql)


def _repeat(run: Run, table: str, columns: list[str], series: str, sql: dict[str, str]) -> None:
    """The last row of the table, with those columns anew; of events the last one of a connection."""
    last = run(f"SELECT max(id) FROM {table}")[0][0]
    shown = [sql.get(name, f"n + {last}" if name == "id" else f'seed."{name}"') for name in columns]
    names = ", ".join(f'"{name}"' for name in columns)
    seed = f"SELECT max(id) FROM {table}" + (" WHERE connection_id IS NOT NULL" if table == EVENTS else "")
    run(
        f"{series}, words(at, subject, slug) AS (VALUES {WORDS}) INSERT INTO {table} ({names})"
        f" SELECT {', '.join(shown)} FROM series JOIN words ON words.at = n % 20"
        f" CROSS JOIN (SELECT * FROM {table} WHERE id = ({seed})) AS seed ORDER BY n"
    )
