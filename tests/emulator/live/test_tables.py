"""The tables of a real database, whatever they are called and however many there are."""

from collections.abc import Iterator

import pytest

from tests.emulator.live.servers import POSTGRES, Database, explored, outcome_of, refusal, table_of
from tests.emulator.running import Emulator
from tests.emulator.service import flow_code

NAMES = [
    'we;ird"',
    "a`b",
    "a.b",
    "select",
    "Größe 漢字 🎉",
    "it's 50% off: x]y[ -- z",
    "\u202egnp.exe",
    "*",
]
MANY = 500


@pytest.fixture
def odd(database: Database) -> Iterator[Database]:
    """Tables with those names, each with a column of the same name."""
    if database.spec_id == POSTGRES:
        quoted = ['"' + name.replace('"', '""') + '"' for name in NAMES]
    else:
        # MariaDB takes no emoji in a name.
        quoted = ["`" + name.replace(" 🎉", "").replace("`", "``") + "`" for name in NAMES]
    for number, name in enumerate(quoted):
        made = f"CREATE TABLE {name} ({name} INT)"
        database.run(made, f"INSERT INTO {name} VALUES ({number})", database="shop")  # noqa: S608 - our own names
        if database.spec_id == POSTGRES:
            database.run(f"GRANT SELECT ON {name} TO ann", database="shop")
    yield database
    database.run(*(f"DROP TABLE {name}" for name in quoted), database="shop")


def test_a_name_is_a_name_whatever_is_in_it(live: Emulator, odd: Database) -> None:
    entries = explored(live, odd.body()).json()
    assert len({entry["path"] for entry in entries}) == len(entries) == len(NAMES)
    for entry in entries:
        found = table_of(live, odd.body(), entry["path"], preview="true")
        assert [column["name"] for column in found["schema"]["columns"]] == [entry["name"]]
        assert [list(row) for row in found["data"]] == [[entry["name"]]]


def test_two_tables_whose_names_read_alike_have_paths_of_their_own(live: Emulator, postgres: Database) -> None:
    postgres.run(
        *('CREATE SCHEMA "a.b"', 'CREATE SCHEMA "a"', 'CREATE TABLE "a.b"."c" (x INT)'),
        *('CREATE TABLE "a"."b.c" (y INT)', 'GRANT USAGE ON SCHEMA "a.b", "a" TO ann'),
        database="shop",
    )
    try:
        entries = {entry["path"]: entry["name"] for entry in explored(live, postgres.body()).json()}
        assert entries == {'"a.b".c': "c", 'a."b.c"': "b.c"}
        found = [table_of(live, postgres.body(), path)["schema"]["columns"][0]["name"] for path in sorted(entries)]
        assert found == ["x", "y"]
    finally:
        postgres.run('DROP SCHEMA "a.b" CASCADE', 'DROP SCHEMA "a" CASCADE', database="shop")


def test_tables_and_views_are_listed_with_their_schema(live: Emulator, postgres: Database) -> None:
    postgres.run(
        *("CREATE TABLE orders (id INT)", "CREATE VIEW late AS SELECT * FROM orders"),
        *("CREATE MATERIALIZED VIEW kept AS SELECT * FROM orders", "CREATE SCHEMA crm", "CREATE TABLE crm.people ()"),
        *("GRANT SELECT ON kept TO ann",),
        database="shop",
    )
    try:
        entries = explored(live, postgres.body()).json()
        assert {(entry["type"], entry["name"], entry["path"]) for entry in entries} == {
            ("table", "people", "crm.people"),
            ("table", "orders", "public.orders"),
            ("view", "late", "public.late"),
            ("view", "kept", "public.kept"),
        }
        assert all(entry["canPreview"] and entry["canFetchSchema"] for entry in entries)
        assert table_of(live, postgres.body(), "public.kept", preview="true")["data"] == []
        text = postgres.text(schema="crm")
        body = postgres.body()
        body["auth"]["params"]["connectionString"] = text
        assert [entry["path"] for entry in explored(live, body).json()] == ["crm.people"]
    finally:
        postgres.run("DROP SCHEMA crm CASCADE", "DROP TABLE orders CASCADE", database="shop")


def test_mariadb_has_the_tables_of_its_database_and_no_others(live: Emulator, mariadb: Database) -> None:
    mariadb.run("CREATE TABLE shop.orders (id INT)", "CREATE VIEW shop.late AS SELECT * FROM shop.orders")
    mariadb.run("CREATE TABLE other.hidden (id INT)")
    try:
        entries = {(entry["type"], entry["path"]) for entry in explored(live, mariadb.body()).json()}
        assert entries == {("table", "shop.orders"), ("view", "shop.late")}
        assert table_of(live, mariadb.body(), "shop.late")["schema"]["columns"][0]["name"] == "id"
    finally:
        mariadb.run("DROP VIEW shop.late", "DROP TABLE shop.orders, other.hidden")


@pytest.mark.parametrize(
    "path", ["orders", "public.nothing", "shop.nothing", "other.hidden", "pg_catalog.pg_authid", "a.b.c", '"', "x.'y"]
)
def test_a_table_that_is_not_there_has_no_columns(live: Emulator, database: Database, path: str) -> None:
    response = explored(live, database.body(), objectType="table", object=path)
    assert (response.status_code, flow_code(response)) == (400, "1330-400")


def test_five_hundred_tables_come_at_once(live: Emulator, database: Database) -> None:
    database.run(*(f"CREATE TABLE many_{number:03d} (id INT)" for number in range(MANY)), database="shop")
    try:
        assert len(explored(live, database.body()).json()) == MANY
    finally:
        # In parts: PostgreSQL locks each.
        for first in range(0, MANY, 50):
            names = ", ".join(f"many_{number:03d}" for number in range(first, first + 50))
            database.run(f"DROP TABLE {names}", database="shop")


def test_a_table_that_one_may_not_read_says_so(live: Emulator, postgres: Database) -> None:
    postgres.run("CREATE TABLE wages (id INT)", database="shop")
    try:
        body = postgres.body()
        assert table_of(live, body, "public.wages")["schema"]["columns"]
        response = explored(live, body, objectType="table", object="public.wages", preview="true")
        assert "permission denied for table wages" in refusal(response)
    finally:
        postgres.run("DROP TABLE wages", database="shop")


def test_mariadb_lists_no_table_that_one_may_not_read(live: Emulator, mariadb: Database) -> None:
    mariadb.run("CREATE TABLE shop.a (id INT)", "CREATE TABLE shop.b (id INT, pay INT)")
    mariadb.run("GRANT SELECT (id) ON shop.b TO nobody@'127.0.0.1'")
    try:
        body = mariadb.body(UID="nobody")
        assert [entry["path"] for entry in explored(live, body).json()] == ["shop.b"]
        assert outcome_of(live, body).json() == {"result": True}
    finally:
        mariadb.run("REVOKE ALL, GRANT OPTION FROM nobody@'127.0.0.1'", "DROP TABLE shop.a, shop.b")


@pytest.mark.parametrize("kind", ["folder", "file", "rest"])
def test_a_database_has_neither_folders_nor_files(live: Emulator, database: Database, kind: str) -> None:
    assert flow_code(explored(live, database.body(), objectType=kind, object="x")) in ("1358-400", "1336-400")
