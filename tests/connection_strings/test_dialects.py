"""What differs where a connection string has no quotes, or is a URL; and what is added to it."""

import pytest

from tests.connection_strings.patterns import COUCHBASE, MYSQL, SNOWFLAKE, SQL_SERVER, STORAGE
from wizard.connection_strings.pattern import ConnectionStringError, PartError


def test_a_plain_value_goes_as_it_is():
    parts = {"ACCOUNT_NAME": "acme", "ACCOUNT_KEY": "a'b\"c+/d=="}

    composed = STORAGE.compose(parts)

    assert composed == "DefaultEndpointsProtocol=https;AccountName=acme;AccountKey=a'b\"c+/d=="
    assert STORAGE.split(composed) == parts


@pytest.mark.parametrize("value", ["a;b", " a", "a ", "a\u00a0", "a\n"])
def test_a_plain_value_that_would_need_quotes_is_refused_at_its_part(value):
    with pytest.raises(PartError) as caught:
        STORAGE.compose({"ACCOUNT_NAME": "acme", "ACCOUNT_KEY": value})
    assert caught.value.part == "ACCOUNT_KEY"


@pytest.mark.parametrize("value", ['a"b', "a\\b"])
def test_inside_the_quotes_of_a_plain_pattern_a_quote_or_backslash_is_refused(value):
    with pytest.raises(PartError) as caught:
        COUCHBASE.compose({"SERVER": "db", "PORT": "8093", "USER": "bob", "PASS": value})
    assert caught.value.part == "PASS"


def test_the_keys_of_a_plain_pattern_keep_their_spelling():
    parts = {"SERVER": "db", "PORT": "8093", "USER": "bob", "PASS": "p=w"}

    composed = COUCHBASE.compose(parts)

    assert composed == 'Server=db; Port=8093;AuthMech=1;CredString=[{"user": "bob", "pass":"p=w"}];'
    assert COUCHBASE.split(composed) == parts


def test_every_value_of_a_url_is_percent_encoded():
    parts = {"ACCOUNT_NAME": "acme", "USERNAME": "b@b", "PASSWORD": "a&b=ü/%41 ;", "WAREHOUSE": "WH"}

    composed = SNOWFLAKE.compose(parts)

    assert composed == (
        "jdbc:snowflake://acme.snowflakecomputing.com/?user=b%40b&password=a%26b%3D%C3%BC%2F%2541%20%3B&warehouse=WH"
    )
    assert SNOWFLAKE.split(composed) == parts


def test_the_placeholder_of_a_value_that_is_not_shown_stays_readable_in_a_url():
    shown = SNOWFLAKE.compose({"ACCOUNT_NAME": "acme", "USERNAME": "bob", "PASSWORD": "{PASSWORD}"})

    assert shown == "jdbc:snowflake://acme.snowflakecomputing.com/?user=bob&password={PASSWORD}"


def test_the_head_of_a_url_stays_when_nothing_is_known_of_it():
    assert SNOWFLAKE.compose({"USERNAME": "bob"}) == "jdbc:snowflake://.snowflakecomputing.com/?user=bob"


def test_further_pairs_follow_in_the_dialect_of_the_pattern():
    quoted = SQL_SERVER.compose({"SERVER_NAME": "db"}, [("Application Name", "a;b"), ("K=y", "")])
    plain = COUCHBASE.compose({"SERVER": "db"}, [("Timeout", "5 s")])
    url = SNOWFLAKE.compose({"ACCOUNT_NAME": "acme"}, [("ro le", "R&D")])

    assert quoted == 'Data Source=db;Integrated Security=False;Application Name="a;b";K==y=;'
    assert plain == "Server=db;AuthMech=1;Timeout=5 s;"
    assert url == "jdbc:snowflake://acme.snowflakecomputing.com/?ro%20le=R%26D"


@pytest.mark.parametrize(
    ("pattern", "extra"),
    [
        (MYSQL, [("uid", "eve")]),
        (MYSQL, [("Ssl", "1"), ("ssl", "2")]),
        (MYSQL, [("", "1")]),
        (MYSQL, [("a;b", "1")]),
        (MYSQL, [(" a", "1")]),
        (MYSQL, [("a", "1\n")]),
        (COUCHBASE, [("port", "1")]),
        (COUCHBASE, [("a=b", "1")]),
        (COUCHBASE, [("a", "1;AuthMech=0")]),
        (COUCHBASE, [("a", "1 ")]),
        (SNOWFLAKE, [("USER", "eve")]),
        (SNOWFLAKE, [("", "1")]),
        (SNOWFLAKE, [("a", "\0")]),
    ],
)
def test_it_refuses_a_further_pair_that_stands_there_already_or_cannot_be_written(pattern, extra):
    with pytest.raises(ConnectionStringError):
        pattern.compose({"SERVER": "db", "PORT": "1", "USERNAME": "bob"}, extra)
