"""Every column type of the two databases: what it is in XDM, and what its values are in JSON."""

from typing import Any

import pytest

from tests.emulator.live.servers import Database, table_of
from tests.emulator.running import Emulator

STRING = (None, "string", None)
NUMBER = ("number", "number", None)
DAY, MOMENT = ("date", "string", "date"), ("date-time", "string", "date-time")
# Declared as, filled with, `type`, (meta:xdmType, type and format in XDM), the value in JSON.
POSTGRES: list[tuple[str, str, str, tuple[Any, ...], Any]] = [
    ("smallint", "-7", "smallint", ("short", "integer", None), -7),
    ("integer", "2147483647", "integer", ("int", "integer", None), 2147483647),
    ("bigint", "9223372036854775807", "bigint", ("long", "integer", None), 9223372036854775807),
    ("numeric(10, 2)", "12.50", "numeric(10, 2)", NUMBER, 12.5),
    ("numeric", "12345678901234567890.123456789", "numeric", NUMBER, "12345678901234567890.123456789"),
    ("numeric", "'NaN'", "numeric", NUMBER, "NaN"),
    ("real", "0.5", "real", NUMBER, 0.5),
    ("double precision", "'Infinity'", "double precision", NUMBER, "Infinity"),
    ("double precision", "'NaN'", "double precision", NUMBER, "NaN"),
    ("money", "'12.34'", "money", NUMBER, "$12.34"),
    ("boolean", "true", "boolean", ("boolean", "boolean", None), True),
    ("char(3)", "'ab'", "char(3)", STRING, "ab "),
    ("varchar(40)", "'Größe 漢字'", "varchar(40)", STRING, "Größe 漢字"),
    ("text", "'a' || chr(10) || 'b'", "text", STRING, "a\nb"),
    ("text", "NULL", "text", STRING, None),
    ("bytea", "'\\x00ff'", "bytea", STRING, "AP8="),
    ("date", "'2026-01-31'", "date", DAY, "2026-01-31"),
    ("date", "'infinity'", "date", DAY, "infinity"),
    ("date", "'0044-03-15 BC'", "date", DAY, "0044-03-15 BC"),
    ("time", "'24:00'", "time without time zone", STRING, "24:00:00"),
    ("timetz", "'08:00+02'", "time with time zone", STRING, "08:00:00+02"),
    ("timestamp", "'2026-01-31 08:00:00.5'", "timestamp without time zone", MOMENT, "2026-01-31T08:00:00.5"),
    ("timestamptz", "'2026-01-31 08:00:00+02'", "timestamp with time zone", MOMENT, "2026-01-31T06:00:00+00:00"),
    ("timestamptz", "'-infinity'", "timestamp with time zone", MOMENT, "-infinity"),
    ("timestamptz", "'12026-01-31 08:00+00'", "timestamp with time zone", MOMENT, "12026-01-31T08:00:00+00:00"),
    ("interval", "'1 year 2 mons 3 days 04:05:06'", "interval", STRING, "1 year 2 mons 3 days 04:05:06"),
    ("uuid", "'8d1f1a43-0000-4000-8000-000000000005'", "uuid", STRING, "8d1f1a43-0000-4000-8000-000000000005"),
    ("json", """'{"a": [1, null, 1e400]}'""", "json", STRING, {"a": [1, None, "Infinity"]}),
    ("jsonb", """'"text"'""", "jsonb", STRING, "text"),
    ("integer[]", "'{1,NULL,3}'", "integer[]", STRING, [1, None, 3]),
    ("text[]", "'{{a,b},{c,d}}'", "text[]", STRING, [["a", "b"], ["c", "d"]]),
    ("timestamptz[]", "'{infinity}'", "timestamp with time zone[]", STRING, ["infinity"]),
    ("int4range", "'[1,5)'", "int4range", STRING, "[1, 5)"),
    ("nummultirange", "'{[1,2],[5,6]}'", "nummultirange", STRING, "{[1, 2], [5, 6]}"),
    ("inet", "'192.168.0.1/24'", "inet", STRING, "192.168.0.1/24"),
    ("cidr", "'10.0.0.0/8'", "cidr", STRING, "10.0.0.0/8"),
    ("macaddr", "'08:00:2b:01:02:03'", "macaddr", STRING, "08:00:2b:01:02:03"),
    ("bit(3)", "B'101'", "bit(3)", STRING, "101"),
    ("mood", "'glad'", "mood", STRING, "glad"),
    ("positive", "3", "positive", ("int", "integer", None), 3),
    ("tsvector", "'a b'", "tsvector", STRING, "'a' 'b'"),
    ("oid", "5", "oid", ("long", "integer", None), 5),
    ("xml", "'<a/>'", "xml", STRING, "<a/>"),
    ("point", "'(1,2)'", "unknown (point)", STRING, "(1,2)"),
]
MARIADB: list[tuple[str, str, str, tuple[Any, ...], Any]] = [
    ("TINYINT", "-7", "tinyint(4)", ("byte", "integer", None), -7),
    ("BOOLEAN", "true", "tinyint(1)", ("boolean", "boolean", None), 1),
    ("TINYINT UNSIGNED", "200", "tinyint(3) unsigned", ("short", "integer", None), 200),
    ("SMALLINT", "7", "smallint(6)", ("short", "integer", None), 7),
    ("MEDIUMINT", "7", "mediumint(9)", ("int", "integer", None), 7),
    ("INT", "7", "integer(11)", ("int", "integer", None), 7),
    ("INT UNSIGNED", "4294967295", "integer(10) unsigned", ("long", "integer", None), 4294967295),
    ("BIGINT", "7", "bigint(20)", ("long", "integer", None), 7),
    ("BIGINT UNSIGNED", "18446744073709551615", "bigint(20) unsigned", NUMBER, 18446744073709551615),
    ("DECIMAL(10, 2)", "12.50", "decimal(10, 2)", NUMBER, 12.5),
    ("FLOAT", "0.5", "float", NUMBER, 0.5),
    ("DOUBLE", "0.5", "double", NUMBER, 0.5),
    ("BIT(3)", "b'101'", "bit(3)", STRING, "BQ=="),
    ("CHAR(3)", "'ab'", "char(3)", STRING, "ab"),
    ("VARCHAR(40)", "'Größe 漢字 🎉'", "varchar(40)", STRING, "Größe 漢字 🎉"),
    ("VARCHAR(40) CHARACTER SET latin1", "'Größe'", "varchar(40)", STRING, "Größe"),
    ("TEXT", "'a\\nb'", "text", STRING, "a\nb"),
    ("LONGTEXT", "NULL", "longtext", STRING, None),
    ("BINARY(2)", "x'00ff'", "binary(2)", STRING, "AP8="),
    ("VARBINARY(2)", "x'00ff'", "varbinary(2)", STRING, "AP8="),
    ("BLOB", "x'00ff'", "blob", STRING, "AP8="),
    ("DATE", "'2026-01-31'", "date", DAY, "2026-01-31"),
    ("DATE", "'0000-00-00'", "date", DAY, "0000-00-00"),
    ("TIME", "'-838:59:59'", "time", STRING, "-838:59:59"),
    ("DATETIME(6)", "'2026-01-31 08:00:00.5'", "datetime(6)", MOMENT, "2026-01-31T08:00:00.500000"),
    ("TIMESTAMP", "'2026-01-31 08:00:00+00:00'", "timestamp", MOMENT, "2026-01-31T08:00:00"),
    ("YEAR", "2026", "year(4)", ("int", "integer", None), 2026),
    ("ENUM('a','b')", "'b'", "enum('a','b')", STRING, "b"),
    ("SET('a','b')", "'a,b'", "set('a','b')", STRING, "a,b"),
    ("JSON", """'{"a": 1}'""", "longtext", STRING, '{"a": 1}'),
    ("UUID", "'8d1f1a43-0000-4000-8000-000000000005'", "uuid", STRING, "8d1f1a43-0000-4000-8000-000000000005"),
    ("INET6", "'::1'", "inet6", STRING, "::1"),
    ("POINT", "POINT(1, 2)", "unknown (point)", STRING, "AAAAAAEBAAAAAAAAAAAA8D8AAAAAAAAAQA=="),
]


@pytest.fixture(scope="module")
def from_postgres(live: Emulator, postgres: Database) -> dict[str, Any]:
    columns = ", ".join(f"c{number} {entry[0]}" for number, entry in enumerate(POSTGRES))
    postgres.run(
        *("CREATE TYPE mood AS ENUM ('glad', 'sad')", "CREATE DOMAIN positive AS INT CHECK (VALUE > 0)"),
        f"CREATE TABLE types ({columns})",
        f"INSERT INTO types VALUES ({', '.join(entry[1] for entry in POSTGRES)})",  # noqa: S608 - our own
        "GRANT SELECT ON types TO ann",
        database="shop",
    )
    found = table_of(live, postgres.body(), "public.types", preview="true")
    postgres.run("DROP TABLE types", "DROP TYPE mood", "DROP DOMAIN positive", database="shop")
    return found


@pytest.fixture(scope="module")
def from_mariadb(live: Emulator, mariadb: Database) -> dict[str, Any]:
    columns = ", ".join(f"c{number} {entry[0]}" for number, entry in enumerate(MARIADB))
    mariadb.run(
        *("SET sql_mode = ''", "SET NAMES utf8mb4", "SET time_zone = '+00:00'", f"CREATE TABLE types ({columns})"),
        f"INSERT INTO types VALUES ({', '.join(entry[1] for entry in MARIADB)})",  # noqa: S608 - our own
        database="shop",
    )
    found = table_of(live, mariadb.body(), "shop.types", preview="true")
    mariadb.run("DROP TABLE types", database="shop")
    return found


@pytest.mark.parametrize("number", range(len(POSTGRES)), ids=[f"{entry[0]} {entry[1]}" for entry in POSTGRES])
def test_postgres(from_postgres: dict[str, Any], number: int) -> None:
    _check(from_postgres, number, POSTGRES[number])


@pytest.mark.parametrize("number", range(len(MARIADB)), ids=[f"{entry[0]} {entry[1]}" for entry in MARIADB])
def test_mariadb(from_mariadb: dict[str, Any], number: int) -> None:
    _check(from_mariadb, number, MARIADB[number])


def _check(found: dict[str, Any], number: int, entry: tuple[str, str, str, tuple[Any, ...], Any]) -> None:
    column = found["schema"]["columns"][number]
    assert column["name"] == f"c{number}"
    assert column["type"] == entry[2]
    assert (column.get("meta:xdmType"), column["xdm"]["type"], column["xdm"].get("format")) == entry[3]
    assert found["data"][0][f"c{number}"] == entry[4]
