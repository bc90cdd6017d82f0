"""Connection strings as people have them, read in every dialect."""

import contextlib
import time
from urllib.parse import quote

import pytest
from hypothesis import example, given
from hypothesis import strategies as st

from tests.connection_strings.patterns import AWKWARD, PATTERNS, TEXT
from wizard.connection_strings.pasted import fill, read
from wizard.connection_strings.pattern import ConnectionStringError

DESCRIPTOR = (
    "(DESCRIPTION=(ADDRESS=(PROTOCOL=TCP)(HOST=db)(PORT=1521))(CONNECT_DATA=(SERVER=DEDICATED)(SERVICE_NAME=orcl)))"
)


@pytest.mark.parametrize(
    ("text", "pairs"),
    [
        ("  Server=db;Pwd='a;b';\n", "Server=db|Pwd=a;b"),
        (
            "AccountName=acme;AccountKey=ab+/c==;EndpointSuffix=core.windows.net",
            "AccountName=acme|AccountKey=ab+/c==|EndpointSuffix=core.windows.net",
        ),
        (
            "Driver={ODBC Driver 18 for SQL Server};Server=tcp:db,1433;Uid=bob;Pwd={a;b}}c};",
            "Driver=ODBC Driver 18 for SQL Server|Server=tcp:db,1433|Uid=bob|Pwd=a;b}c",
        ),
        ("host=db port=5432 password='a \\'b' user=", "host=db|port=5432|password=a 'b|user="),
        (
            "postgresql://u:p%40ss@h:5432/db?sslmode=require",
            "host=h|port=5432|database=db|user=u|password=p@ss|sslmode=require",
        ),
        ("postgres://u:p@ss:w@h/db", "host=h|database=db|user=u|password=p@ss:w"),
        ("mysql://u:p?s@s/x@h/db?a=b", "host=h|database=db|user=u|password=p?s@s/x|a=b"),
        ("mysql://u:100%zz%ff@h", "host=h|user=u|password=100%zz%ff"),
        ("mariadb://u: p @[2001:db8::1]:3306/db", "host=2001:db8::1|port=3306|database=db|user=u|password= p "),
        ("REDSHIFT+psycopg2://:p@h", "host=h|password=p"),
        (
            "snowflake://u:p@acme/db/public?warehouse=wh&role=r",
            "host=acme|database=db|schema=public|user=u|password=p|warehouse=wh|role=r",
        ),
        ("oracle+oracledb://u:p@h:1521/orcl", "host=h|port=1521|service=orcl|user=u|password=p"),
        ("mssql://u:p;w@h:1433/db", "host=h|port=1433|database=db|user=u|password=p;w"),
        ("sqlserver://h:1433;database=db;password=p@w", "host=h|port=1433|database=db|password=p@w"),
        ("jdbc:postgresql://h:5432/db?user=u&password=p%26+w", "host=h|port=5432|database=db|user=u|password=p&+w"),
        ("JDBC:MySQL://u:p@h/db?user=a@b", "host=h|database=db|user=u|password=p|user=a@b"),
        ("jdbc:mariadb://h/db?user=a@b", "host=h|database=db|user=a@b"),
        ("jdbc:redshift:iam://h:5439/db;UID=u;PWD=a?b", "host=h|port=5439|database=db|UID=u|PWD=a?b"),
        ("jdbc:vertica://h:5433/db?user=u", "host=h|port=5433|database=db|user=u"),
        (
            "jdbc:sqlserver://h\\inst:1444;databaseName=db;user=u;password={a;b}",
            "host=h|instance=inst|port=1444|databaseName=db|user=u|password=a;b",
        ),
        ("jdbc:sqlserver://;serverName=h;password= {a b} ;", "serverName=h|password=a b"),
        ("jdbc:db2://h:50000/db:user=u;password=p=w;", "host=h|port=50000|database=db|user=u|password=p=w"),
        ("jdbc:teradata://h/DATABASE=db,USER=u,PASSWORD='a,''b'", "host=h|DATABASE=db|USER=u|PASSWORD=a,'b"),
        ("jdbc:oracle:thin:@//h:1521/orcl", "host=h|port=1521|service=orcl"),
        ("jdbc:oracle:thin:@h:1521:ORCL", "host=h|port=1521|sid=ORCL"),
        ('jdbc:oracle:thin:u/"p@w"@//h:1521/orcl', "host=h|port=1521|service=orcl|user=u|password=p@w"),
        ("jdbc:oracle:thin:@tcps://h:1522/orcl?retry_count=3", "host=h|port=1522|service=orcl|retry_count=3"),
        (f"jdbc:oracle:thin:@{DESCRIPTOR}", "HOST=db|PORT=1521|SERVICE_NAME=orcl"),
        (
            "PROD =\n  (DESCRIPTION =\n\t(ADDRESS = (PROTOCOL = TCPS)(HOST = db)(PORT = 1521))\r\n"
            ' (CONNECT_DATA = (SID = "X")))',
            "PROTOCOL=TCPS|HOST=db|PORT=1521|SID=X",
        ),
    ],
)
def test_it_reads_what_people_have(text, pairs):
    assert "|".join(f"{key}={value}" for key, value in read(text)) == pairs


@pytest.mark.parametrize(
    "text",
    [
        "",
        "  ",
        "secret",
        "Server=db;Password=secret'",
        "Server=db;Password=sec;ret",
        "Driver=x;Pwd={sec;ret",
        "postgresql://u:secret@h:port/db",
        "postgresql://u:secret@h1:1,h2:2/db",
        "postgresql://u:secret@h/db?secret",
        "postgresql://u:secret%0A@h/db",
        "postgresql://u:sec\nret@h/db",
        "postgresql://",
        "Server=db;Password=sec\tret",
        "jdbc:secret",
        "jdbc:oracle:thin:u/secret",
        "jdbc:oracle:thin:u/secret@prod",
        "jdbc:oracle:thin:u/secret@ldap://h:389/prod",
        "jdbc:db2://h/db:secret",
        "jdbc:teradata://h/USER=u,secret",
        "jdbc:sqlserver://h;secret",
        "(DESCRIPTION=(SID=secret))",
        "Server=" + "secret" * 4_000,
    ],
)
def test_it_refuses_what_it_cannot_read_without_quoting_it(text):
    with pytest.raises(ConnectionStringError) as caught:
        read(text)
    assert "secret" not in str(caught.value)
    assert caught.value.__cause__ is None


@given(text=st.text(max_size=200) | st.text(st.sampled_from("aB1=;:/?@&%'\"{}()[]\\, \n"), max_size=60))
@example("jdbc:oracle:thin:@(DESCRIPTION=(HOST=))")
@example("postgresql://[::1")
def test_any_text_reads_or_is_refused(text):
    for prefix in ("", "jdbc:oracle:thin:", "jdbc:sqlserver://", "jdbc:x://", "postgresql://", "Driver=x;"):
        try:
            pairs = read(prefix + text)
        except ConnectionStringError:
            continue
        assert pairs
        assert all(key for key, _ in pairs)


@pytest.mark.parametrize(
    "text",
    [
        "=" * 20_000,
        "a=" * 10_000,
        "a=b;" * 5_000,
        "a=" + '"' * 19_998,
        "Driver={" + "}" * 19_000,
        "Driver={" + "a" * 19_000,
        "a=1 " * 5_000,
        "a='" + "\\'" * 9_000,
        "(DESCRIPTION" + "(a=" * 6_000,
        "jdbc:teradata://h/a='" + "'" * 19_000,
        "postgresql://" + "@" * 19_000,
        "postgresql://" + "[" * 19_000,
    ],
    ids=lambda text: text[:20],
)
def test_the_longest_text_costs_no_more_than_its_length(text):
    """A pattern that backtracks would run for minutes here; the limit is far above what a linear one needs."""
    started = time.process_time()
    for pattern in PATTERNS:
        with contextlib.suppress(ConnectionStringError):
            fill(pattern, text)
    assert time.process_time() - started < 5


@given(user=TEXT | AWKWARD, password=TEXT | AWKWARD, database=TEXT | AWKWARD)
def test_a_url_of_encoded_values_reads_back(user, password, database):
    encoded = [quote(text, safe="") for text in (user, password, database)]

    pairs = read("postgresql://{}:{}@db.example.com:5432/{}".format(*encoded))

    assert dict(pairs) == {
        "host": "db.example.com",
        "port": "5432",
        "database": database,
        "user": user,
        "password": password,
    }
