"""How the database finds the rows of the long tables: by an index, and without a count."""

import pytest
from django.db import connection as database
from django.test.utils import CaptureQueriesContext

from wizard.access.models import Grant
from wizard.access.roles import Role
from wizard.connections.models import BaseConnection

LONG = ("connections_baseconnection", "record_event")
PATHS = (
    *("/connections/", "/connections/?after=0", "/connections/?before=30", "/connections/?q=orders"),
    *("/connections/?source=mysql&status=failed", "/connections/?status=attention", "/connections/?status=found"),
    *("/connections/?status=approval&source=mysql", "/connections/?status=active", "/connections/?status=unreadable"),
    *("/activity/", "/activity/?after=0", "/activity/?kind=tests", "/activity/?outcome=failed"),
    *("/", "/connect/"),
)


@pytest.fixture
def many(organization, alice):
    """Enough for a database to prefer an index, where it has one."""
    row = {"organization": organization, "created_by": alice, "source": "mysql", "status": "connected"}
    rows = [
        BaseConnection(name=f"Orders {number}", sandbox_name=f"sandbox-{number % 50}", **row) for number in range(2000)
    ]
    BaseConnection.objects.bulk_create(rows)


@pytest.fixture
def viewer(charlie, organization):
    """Of one sandbox, and so no one whose pages show everything."""
    Grant.objects.create(person=charlie, organization=organization, sandbox_name="sandbox-7", role=Role.CONNECTOR)
    return charlie


def queries_of(client, path):
    with CaptureQueriesContext(database) as queries:
        assert client.get(path).status_code == 200
    return [query["sql"] for query in queries if any(table in query["sql"] for table in LONG)]


def plan_of(sql):
    with database.cursor() as cursor:
        if database.vendor == "postgresql":
            # Else the few rows of a test are read through.
            cursor.execute("SET LOCAL enable_seqscan = off")
            cursor.execute("EXPLAIN " + sql.replace("%", "%%"), [])
            return [line for (line,) in cursor.fetchall()]
        cursor.execute("EXPLAIN QUERY PLAN " + sql.replace("%", "%%"), [])
        return [row[3] for row in cursor.fetchall()]


def reads_through(sql):
    """The steps that read a whole long table. In the order of its key, up to a limit, is none."""
    plan = plan_of(sql)
    if database.vendor == "postgresql":
        return [step for step in plan for table in LONG if f"Seq Scan on {table}" in step]
    is_in_order = "LIMIT" in sql and not any("TEMP B-TREE FOR ORDER BY" in step for step in plan)
    scans = [step for step in plan for table in LONG if step.startswith(f"SCAN {table}") and "USING" not in step]
    return [] if is_in_order else scans


@pytest.mark.parametrize("path", PATHS)
@pytest.mark.parametrize("who", ["alice", "viewer"])
def test_no_page_counts_a_long_table_or_reads_through_it(client, many, viewer, alice, who, path):
    client.force_login(alice if who == "alice" else viewer)
    asked = queries_of(client, path)
    assert asked
    for sql in asked:
        assert "COUNT(" not in sql or "LIMIT" in sql or '"id" IN (' in sql, sql
        assert not reads_through(sql), sql


@pytest.mark.usefixtures("many")
def test_the_rows_of_one_sandbox_are_found_by_its_index(client, many, viewer):
    with database.cursor() as cursor:
        cursor.execute("ANALYZE")
    client.force_login(viewer)
    keys = next(sql for sql in queries_of(client, "/connections/") if "LIMIT 26" in sql)
    assert "sandbox-7" in keys
    assert any("newest_of_sandbox" in step for step in plan_of(keys))
