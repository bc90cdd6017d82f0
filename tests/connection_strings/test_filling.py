"""A pasted connection string, laid out over a source's own pattern by the meaning of its keys."""

import json

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from tests.connection_strings.patterns import (
    COUCHBASE,
    GREENPLUM,
    MYSQL,
    ORACLE,
    PATTERNS,
    POSTGRES,
    POSTGRES_TLS,
    SNOWFLAKE,
    SQL_SERVER,
    STORAGE,
    SYNAPSE,
    TERADATA,
    catalog_patterns,
    parts_of,
)
from wizard.connection_strings.meanings import HERE, meaning
from wizard.connection_strings.pasted import fill
from wizard.connection_strings.pattern import ConnectionStringError

AZURE_JDBC = (
    "jdbc:sqlserver://acme.database.windows.net:1433;database=sales;user=bob@acme;password={a;b}}c};encrypt=true;"
    "trustServerCertificate=false;loginTimeout=30;"
)
DESCRIPTOR = (
    "(DESCRIPTION=(ADDRESS=(PROTOCOL=TCP)(HOST=db)(PORT=1521))(CONNECT_DATA=(SERVER=DEDICATED)(SERVICE_NAME=orcl)))"
)
LOGIN = {"USERNAME": "bob", "PASSWORD": "p@ss"}
DATABASE = {"SERVER": "db", "PORT": "5432", "DATABASE": "sales", **LOGIN}
AZURE = {"SERVER_NAME": "acme", "DATABASE": "sales", "USERNAME": "bob"}


@pytest.mark.parametrize(
    ("pattern", "text", "parts"),
    [
        (POSTGRES, "postgresql://bob:p%40ss@db:5432/sales", DATABASE),
        (POSTGRES, "jdbc:postgresql://db:5432/sales?user=bob&password=p@ss", DATABASE),
        (POSTGRES, "host=db port=5432 dbname=sales user=bob password=p@ss", DATABASE),
        (POSTGRES, "Host=db;Port=5432;Database=sales;Username=bob;Password=p@ss", DATABASE),
        (POSTGRES, "Server=db:5432;Initial Catalog=sales;User Id=bob;pass_word=p@ss", DATABASE),
        (POSTGRES_TLS, "postgres://bob:p@ss@db:5432/sales?encryptionMethod=1", DATABASE),
        (MYSQL, "server=db;PORT=5432;database=sales;Uid=bob;Pwd=p@ss;", DATABASE),
        (MYSQL, "jdbc:mysql://db:5432/sales?user=bob&password=p%40ss", DATABASE),
        (MYSQL, "Data Source=db;Port=5432;DB=sales;user name=bob;PASS='p@ss'", DATABASE),
        (GREENPLUM, "jdbc:postgresql://db:5432/sales?user=bob&password=p@ss", DATABASE),
        (TERADATA, "jdbc:teradata://db/USER=bob,PASSWORD=p@ss", {"SERVER": "db", **LOGIN}),
        (COUCHBASE, "couchbase://bob:p@ss@db:8093", {"SERVER": "db", "PORT": "8093", "USER": "bob", "PASS": "p@ss"}),
        (COUCHBASE, 'port=8093;CredString=[{"user": "bob", "pass":"p"}]', {"PORT": "8093", "USER": "bob", "PASS": "p"}),
        (
            STORAGE,
            "AccountKey=a+b==;AccountName=acme;DefaultEndpointsProtocol=HTTPS",
            {"ACCOUNT_NAME": "acme", "ACCOUNT_KEY": "a+b=="},
        ),
        (ORACLE, "jdbc:oracle:thin:bob/p@ss@//db:1521/orcl", {"HOST": "db", "PORT": "1521", "SID": "orcl", **LOGIN}),
        (ORACLE, "oracle://bob:p@ss@db:1521/orcl", {"HOST": "db", "PORT": "1521", "SID": "orcl", **LOGIN}),
        (
            ORACLE,
            f"Data Source={DESCRIPTOR};UserId=bob",
            {"HOST": "db", "PORT": "1521", "SID": "orcl", "USERNAME": "bob"},
        ),
        (
            ORACLE,
            "Data Source=//db:1521/orcl;UID=bob",
            {"HOST": "db", "PORT": "1521", "SID": "orcl", "USERNAME": "bob"},
        ),
        (ORACLE, "Data Source=db:1521:X;UID=bob", {"HOST": "db", "PORT": "1521", "SID": "X", "USERNAME": "bob"}),
        (
            SQL_SERVER,
            "Data Source=db\\inst;User ID=bob",
            {"SERVER_NAME": "db", "INSTANCE_NAME": "inst", "USERNAME": "bob"},
        ),
        (SQL_SERVER, "Server=db,1433;User ID=bob", {"SERVER_NAME": "db,1433", "USERNAME": "bob"}),
        (SQL_SERVER, "jdbc:sqlserver://db:1433;user=bob", {"SERVER_NAME": "db", "USERNAME": "bob"}),
        (SQL_SERVER, "mssql://bob@db:1444", {"SERVER_NAME": "db,1444", "USERNAME": "bob"}),
        (SQL_SERVER, "jdbc:sqlserver://db\\inst:1444", {"SERVER_NAME": "db", "INSTANCE_NAME": "inst,1444"}),
        (SQL_SERVER, "jdbc:sqlserver://db;instanceName=inst", {"SERVER_NAME": "db", "INSTANCE_NAME": "inst"}),
        (SYNAPSE, AZURE_JDBC, {**AZURE, "PASSWORD": "a;b}c"}),
        (
            SYNAPSE,
            "Server=tcp:acme.database.windows.net,1433;Initial Catalog=sales;User ID=bob@acme;Password={your_password}",
            AZURE,
        ),
        (SYNAPSE, "Data Source=Acme.Database.Windows.Net", {"SERVER_NAME": "Acme"}),
        (SYNAPSE, "Server=tcp:acme.database.windows.net", {"SERVER_NAME": "acme"}),
        (SYNAPSE, "Server=sql.example.com", {"SERVER_NAME": "sql.example.com"}),
        (
            SNOWFLAKE,
            "snowflake://bob:p@ss@acme/sales/public?warehouse=wh",
            {"ACCOUNT_NAME": "acme", "DATABASE": "sales", "WAREHOUSE": "wh", **LOGIN},
        ),
        (
            SNOWFLAKE,
            "jdbc:snowflake://acme.eu-west-1.snowflakecomputing.com?warehouse=wh&db=sales&user=bob&password=p%40ss",
            {"ACCOUNT_NAME": "acme.eu-west-1", "DATABASE": "sales", "WAREHOUSE": "wh", **LOGIN},
        ),
        (SNOWFLAKE, "account=acme;user=bob;pwd=p@ss", {"ACCOUNT_NAME": "acme", **LOGIN}),
    ],
)
def test_it_fills_the_parts_by_their_meaning(pattern, text, parts):
    assert fill(pattern, text).parts == parts


@pytest.mark.parametrize(
    ("pattern", "text", "unknown", "differing"),
    [
        (POSTGRES, "postgresql://db/sales/public?sslmode=require", [("schema", "public"), ("sslmode", "require")], []),
        (SQL_SERVER, "Data Source=db;Integrated Security=False;Encrypt=yes", [("Encrypt", "yes")], []),
        (SQL_SERVER, "Server=db;Trusted_Connection=True", [], [("Trusted_Connection", "True")]),
        (STORAGE, "DefaultEndpointsProtocol=http;AccountName=acme", [], [("DefaultEndpointsProtocol", "http")]),
        (SYNAPSE, AZURE_JDBC, [("trustServerCertificate", "false")], []),
        (SYNAPSE, "jdbc:sqlserver://acme.database.windows.net:1444", [], [("port", "1444")]),
        (TERADATA, "jdbc:teradata://db/DBS_PORT=1025,TMODE=ANSI", [("DBS_PORT", "1025"), ("TMODE", "ANSI")], []),
        (ORACLE, "Host=db;Sid=X;Service Name=orcl", [("Service Name", "orcl")], []),
        (MYSQL, "jdbc:oracle:thin:@//db:1521/orcl", [("service", "orcl")], []),
        (SNOWFLAKE, "snowflake://acme/?role=r&role=r", [("role", "r")], []),
    ],
)
def test_what_the_pattern_has_no_place_for_is_told_apart_from_what_it_fixes(pattern, text, unknown, differing):
    filled = fill(pattern, text)

    assert filled.unknown == tuple(unknown)
    assert filled.differing == tuple(differing)


@pytest.mark.parametrize(
    ("pattern", "text"),
    [
        (MYSQL, "Server=db;UID=bob;User=eve"),
        (MYSQL, "mysql://db/sales?database=other"),
        (SQL_SERVER, "jdbc:sqlserver://db;serverName=other"),
        (SYNAPSE, "Server=tcp:acme.database.windows.net,1433;User ID=bob@other"),
        (SNOWFLAKE, "snowflake://acme/?account=other"),
        (POSTGRES, "postgresql://db/?sslmode=require&sslmode=disable"),
        (ORACLE, "(DESCRIPTION=(ADDRESS=(HOST=db1))(ADDRESS=(HOST=db2)))"),
        (COUCHBASE, "CredString=bob"),
        (MYSQL, "x" * 20_001),
    ],
)
def test_it_refuses_a_part_that_is_given_twice_and_what_is_no_form_of_the_pattern(pattern, text):
    with pytest.raises(ConnectionStringError):
        fill(pattern, text)


@pytest.mark.parametrize("pattern", PATTERNS, ids=lambda pattern: pattern.text[:30])
@given(data=st.data())
def test_the_own_form_of_a_pattern_fills_its_parts(pattern, data):
    parts = data.draw(parts_of(pattern))

    filled = fill(pattern, f" {pattern.compose(parts)}\n")

    assert (filled.parts, filled.unknown, filled.differing) == (parts, (), ())


@given(data=st.data())
@settings(max_examples=20)
def test_the_own_form_of_every_pattern_of_the_catalog_fills_its_parts(data):
    for pattern in catalog_patterns():
        parts = data.draw(parts_of(pattern))

        assert fill(pattern, pattern.compose(parts)).parts == parts


def test_no_repr_shows_what_was_pasted():
    assert "p@ss" not in repr(fill(POSTGRES, "postgresql://bob:p@ss@db/sales?token=p@ss"))


@pytest.mark.parametrize("key", ["User Id", "UID", "Uid", "USER", "user_id", "user-name", "Login"])
def test_spellings_of_one_key_mean_the_same(key):
    assert meaning(key) == "username"


def test_a_key_that_is_in_no_list_means_itself():
    assert meaning("Account_Key") == meaning("AccountKey") == "accountkey"


def test_every_synonym_has_one_meaning():
    lists = json.loads((HERE / "synonyms.json").read_text(encoding="utf-8"))
    listed = [(synonym, word) for word, synonyms in lists.items() for synonym in [word, *synonyms]]

    assert [(synonym, word) for synonym, word in listed if meaning(synonym) != meaning(word)] == []
