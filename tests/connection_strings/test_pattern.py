"""Connection strings: quoted by .NET's rules, and read back as they were."""

import pytest
from hypothesis import example, given, settings
from hypothesis import strategies as st

from tests.connection_strings.patterns import (
    AWKWARD,
    COUCHBASE,
    PATTERNS,
    SNOWFLAKE,
    STORAGE,
    SYNAPSE,
    TEXT,
    catalog_patterns,
    parts_of,
)
from wizard.connection_strings.pattern import ConnectionStringError, PartError, Pattern, parse, quote


@pytest.mark.parametrize(
    ("value", "quoted"),
    [
        ("plain", "plain"),
        ("p@ss{w}ord", "p@ss{w}ord"),
        ("semi;colon", '"semi;colon"'),
        ("a=b", '"a=b"'),
        (" leading", '" leading"'),
        ("in side", '"in side"'),
        ('val"ue', "'val\"ue'"),
        ("val'ue", '"val\'ue"'),
        ("both\"'", '"both""\'"'),
        ("", ""),
    ],
)
def test_it_quotes_like_dbconnectionstringbuilder(value, quoted):
    assert quote(value) == quoted


@pytest.mark.parametrize("pattern", PATTERNS, ids=lambda pattern: pattern.text[:30])
@given(data=st.data())
def test_what_is_composed_reads_back_as_its_parts(pattern, data):
    parts = data.draw(parts_of(pattern))

    assert pattern.split(pattern.compose(parts)) == parts


@given(data=st.data())
@settings(max_examples=30)
def test_every_pattern_of_the_catalog_reads_back_as_its_parts(data):
    patterns = catalog_patterns()
    assert patterns
    for pattern in patterns:
        parts = data.draw(parts_of(pattern))

        assert pattern.split(pattern.compose(parts)) == parts


@given(user=TEXT | AWKWARD, password=TEXT | AWKWARD)
@example(user="x;Integrated Security=True", password="y';Server=evil;\"")
def test_a_value_never_adds_or_changes_a_key(user, password):
    pattern = Pattern("Server={SERVER};UID={USER};Password={PASSWORD}")

    pairs = parse(pattern.compose({"SERVER": "host", "USER": user, "PASSWORD": password}))

    assert pairs == [("Server", "host"), ("UID", user), ("Password", password)]


@given(text=st.text(max_size=60))
def test_any_text_parses_or_is_refused(text):
    try:
        pairs = parse(text)
    except ConnectionStringError:
        return
    assert pairs
    assert all(key for key, _ in pairs)


def test_an_empty_optional_part_goes_with_the_text_before_it():
    pattern = Pattern("Data Source={SERVER}\\{INSTANCE};Catalog={DB};Security=False;")

    assert pattern.compose({"SERVER": "s", "DB": "d"}) == "Data Source=s;Catalog=d;Security=False;"
    assert pattern.compose({"SERVER": "s", "INSTANCE": "i", "DB": "d"}) == "Data Source=s\\i;Catalog=d;Security=False;"


def test_a_key_whose_only_part_is_empty_is_left_out():
    assert Pattern("A={A};B={B}").compose({"A": "1", "B": ""}) == "A=1"


def test_it_refuses_a_separator_inside_a_part():
    with pytest.raises(PartError, match=r"May not contain") as caught:
        Pattern("Data Source={SERVER}\\{INSTANCE}").compose({"SERVER": "a\\b", "INSTANCE": "c"})
    assert caught.value.part == "SERVER"


@pytest.mark.parametrize("character", ["\n", "\t", "\0", "\x7f", "\x85"])
def test_it_refuses_control_characters_at_their_part(character):
    with pytest.raises(PartError, match="control characters") as caught:
        Pattern("Password={PASSWORD}").compose({"PASSWORD": f"a{character}b"})
    assert caught.value.part == "PASSWORD"


@pytest.mark.parametrize(
    "text", ["", "   ", "no pairs", "=value", 'A="open', "A='x'y", "A=1;a=2", "A='x' trailing;B=2", ";;;"]
)
def test_it_refuses_what_is_no_connection_string(text):
    with pytest.raises(ConnectionStringError):
        parse(text)


def test_it_reads_spaces_quotes_and_empty_values():
    assert parse(' Server = db ; Password=\' a;b \';Empty=;K==ey="x""y";') == [
        ("Server", "db"),
        ("Password", " a;b "),
        ("Empty", ""),
        ("K=ey", 'x"y'),
    ]


def test_what_a_fault_says_does_not_quote_the_text():
    for text in ("se;cret", 'se;cret="x', "Password=x;se=;cr;et", "a=1;secret=2;secret=3", "a='x'secret", "a=\nsecret"):
        with pytest.raises(ConnectionStringError) as caught:
            parse(text)
        assert "cr" not in str(caught.value)


def test_a_placeholder_that_stands_twice_is_filled_at_both_places():
    parts = {"SERVER_NAME": "acme", "DATABASE": "sales", "USERNAME": "bob", "PASSWORD": "a;b"}

    assert SYNAPSE.placeholders == ("SERVER_NAME", "DATABASE", "USERNAME", "PASSWORD")
    assert SYNAPSE.compose(parts) == (
        "Server=tcp:acme.database.windows.net,1433;Database=sales;User ID=bob@acme;"
        'Password="a;b";Trusted_Connection=False;Encrypt=True;Connection Timeout=30'
    )


@pytest.mark.parametrize("text", ["Server=tcp:acme.database.windows.net,1433", "User ID=bob@acme;Encrypt=True"])
def test_a_placeholder_that_stands_twice_is_read_from_either_place(text):
    assert SYNAPSE.split(text)["SERVER_NAME"] == "acme"


def test_it_refuses_two_places_of_one_placeholder_that_disagree():
    with pytest.raises(ConnectionStringError, match="SERVER_NAME is given twice"):
        SYNAPSE.split("Server=tcp:acme.database.windows.net,1433;User ID=bob@other")


def test_it_refuses_an_at_sign_in_a_user_name_that_an_at_sign_follows():
    with pytest.raises(PartError, match="“@”") as caught:
        SYNAPSE.compose({"SERVER_NAME": "acme", "USERNAME": "bob@example.com"})
    assert caught.value.part == "USERNAME"


@pytest.mark.parametrize(
    ("text", "dialect"),
    [
        ("", "ado.net"),
        ("no pairs", "ado.net"),
        ("A={A};;B={B}", "ado.net"),
        ("={A}", "ado.net"),
        ("A={A};a={B}", "ado.net"),
        ("A={A}{B}", "ado.net"),
        ("", "plain"),
        ("A={A}; a={B}", "plain"),
        ("A={A}", "url"),
        ("https://{HOST}/?user", "url"),
        ("A={A}", "odbc"),
    ],
)
def test_it_refuses_what_is_no_pattern(text, dialect):
    pattern = Pattern(text, dialect)
    with pytest.raises(ConnectionStringError):
        _ = pattern.placeholders


@pytest.mark.parametrize(
    ("pattern", "text"),
    [
        (SYNAPSE, "Server=acme.example.com"),
        (SYNAPSE, "Encrypt=False"),
        (STORAGE, "AccountName"),
        (STORAGE, "AccountName=a;AccountName=b"),
        (STORAGE, "AccountName=a\nb"),
        (COUCHBASE, "CredString=[bob]"),
        (SNOWFLAKE, "jdbc:snowflake://acme.example.com/?user=bob"),
        (SNOWFLAKE, "user=bob"),
    ],
)
def test_it_does_not_split_what_the_pattern_did_not_compose(pattern, text):
    with pytest.raises(ConnectionStringError):
        pattern.split(text)
