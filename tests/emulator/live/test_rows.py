"""The first rows: so many, so long, and nothing but read."""

from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor

import pytest

from tests.emulator.live.servers import POSTGRES, Database, explored, refusal, table_of
from tests.emulator.running import Emulator
from tests.emulator.service import flow_code

LONG = 1024 * 1024


def grant(database: Database, name: str) -> None:
    if database.spec_id == POSTGRES:
        database.run(f"GRANT SELECT ON {name} TO ann", database="shop")


@pytest.fixture
def numbers(database: Database) -> Iterator[str]:
    """The path of a table of 25 rows."""
    values = ", ".join(f"({number})" for number in range(25))
    database.run("CREATE TABLE numbers (n INT)", f"INSERT INTO numbers VALUES {values}", database="shop")  # noqa: S608
    grant(database, "numbers")
    yield "public.numbers" if database.spec_id == POSTGRES else "shop.numbers"
    database.run("DROP TABLE numbers", database="shop")


def test_so_many_rows_come_as_are_wanted(live: Emulator, database: Database, numbers: str) -> None:
    assert "data" not in table_of(live, database.body(), numbers)
    assert len(table_of(live, database.body(), numbers, preview="true")["data"]) == 10
    assert len(table_of(live, database.body(), numbers, preview="true", previewCount=3)["data"]) == 3
    assert len(table_of(live, database.body(), numbers, preview="true", previewCount=99)["data"]) == 25
    response = explored(live, database.body(), objectType="table", object=numbers, preview="true", previewCount=0)
    assert flow_code(response) == "1394-400"


def test_a_cell_of_a_megabyte_comes_whole_and_a_longer_one_says_that_it_is_cut(
    live: Emulator, database: Database
) -> None:
    kind = "TEXT" if database.spec_id == POSTGRES else "LONGTEXT"
    database.run(
        *(f"CREATE TABLE long_cells (a {kind}, b {kind})",),
        f"INSERT INTO long_cells VALUES (repeat('x', {LONG}), repeat('y', {3 * LONG}))",  # noqa: S608 - numbers
        database="shop",
    )
    grant(database, "long_cells")
    try:
        path = "public.long_cells" if database.spec_id == POSTGRES else "shop.long_cells"
        row = table_of(live, database.body(), path, preview="true")["data"][0]
        assert row["a"] == "x" * LONG
        assert row["b"].startswith("y" * LONG)
        assert row["b"].endswith("… (cut: 3,145,728 characters)")
    finally:
        database.run("DROP TABLE long_cells", database="shop")


def test_an_answer_is_never_longer_than_some_megabytes(live: Emulator, postgres: Database) -> None:
    columns = ", ".join(f"c{number} TEXT" for number in range(6))
    filled = ", ".join([f"repeat('x', {2 * LONG})"] * 6)
    postgres.run(
        *(f"CREATE TABLE wide ({columns})", f"CREATE TABLE tall ({columns})"),
        f"INSERT INTO wide VALUES ({filled})",  # noqa: S608 - numbers
        f"INSERT INTO tall (c0) SELECT repeat('x', {LONG // 2}) FROM generate_series(1, 100)",  # noqa: S608 - numbers
        "GRANT SELECT ON wide, tall TO ann",
        database="shop",
    )
    try:
        row = table_of(live, postgres.body(), "public.wide", preview="true")["data"][0]
        assert all(len(value) < 1100 and "(cut: " in value for value in row.values())
        tall = table_of(live, postgres.body(), "public.tall", preview="true", previewCount=100)
        assert len(tall["data"]) == 7
    finally:
        postgres.run("DROP TABLE wide, tall", database="shop")


def test_no_look_changes_anything(live: Emulator, postgres: Database) -> None:
    postgres.run(
        *("CREATE TABLE touched (n INT)", "GRANT ALL ON touched TO ann"),
        *("CREATE FUNCTION touch() RETURNS INT LANGUAGE sql AS 'INSERT INTO touched VALUES (1) RETURNING n'",),
        *("CREATE VIEW trap AS SELECT touch() AS n", "GRANT SELECT ON trap TO ann"),
        database="shop",
    )
    try:
        words = refusal(explored(live, postgres.body(), objectType="table", object="public.trap", preview="true"))
        assert "read-only transaction" in words
        assert postgres.run("SELECT count(*) FROM touched", database="shop") == [(0,)]
    finally:
        postgres.run("DROP VIEW trap", "DROP FUNCTION touch", "DROP TABLE touched", database="shop")


def test_a_view_that_takes_too_long_ends_and_nothing_else_waits_for_it(hurried: Emulator, postgres: Database) -> None:
    sql = "CREATE VIEW slow AS SELECT pg_sleep(60)::text AS n"
    postgres.run(sql, "GRANT SELECT ON slow TO ann", database="shop")
    try:
        with ThreadPoolExecutor() as pool:
            query = {"objectType": "table", "object": "public.slow", "preview": "true"}
            slow = pool.submit(explored, hurried, postgres.body(), **query)
            for number in range(5):
                hurried.create(postgres.body() | {"name": f"Meanwhile {number}"})
            assert not slow.done()
            words = refusal(slow.result())
        assert "did not answer within 1 seconds" in words or "statement timeout" in words
    finally:
        postgres.run("DROP VIEW slow", database="shop")


def test_a_database_that_goes_away_in_the_middle_is_told_as_such(live: Emulator, postgres: Database) -> None:
    postgres.run("CREATE VIEW gone AS SELECT pg_sleep(60)::text AS n", "GRANT SELECT ON gone TO ann", database="shop")
    killing = "SELECT pg_terminate_backend(pid) FROM pg_stat_activity WHERE usename = 'ann' AND wait_event = 'PgSleep'"
    try:
        with ThreadPoolExecutor() as pool:
            query = {"objectType": "table", "object": "public.gone", "preview": "true"}
            look = pool.submit(explored, live, postgres.body(), **query)
            while not look.done() and not postgres.run(killing):
                pass
            assert "terminating connection" in refusal(look.result())
    finally:
        postgres.run("DROP VIEW gone", database="shop")
