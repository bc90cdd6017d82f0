"""Connection strings: quoted by .NET's rules, and read back as they were."""

import pytest
from hypothesis import example, given
from hypothesis import strategies as st

from wizard.catalog.connection_string import ConnectionStringError, PartError, Pattern, parse, quote
from wizard.catalog.loader import load_catalog

TEXT = st.text(st.characters(exclude_categories=("Cc", "Cs")), min_size=1, max_size=40)
AWKWARD = st.text(
    st.sampled_from(";=\"'{}\\aB1é漢,\u00a0\u2028# "),
    min_size=1,
    max_size=20,
)
PATTERNS = [
    param.pattern
    for spec in load_catalog().specs
    for auth in spec.auth_specs
    for param in auth.params
    if param.pattern is not None
]


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
    separators = {literal for pair in pattern.pairs for literal in pair.literals if literal}
    text = (TEXT | AWKWARD).filter(lambda value: not any(separator in value for separator in separators))
    parts = data.draw(st.fixed_dictionaries(dict.fromkeys(pattern.placeholders, text)))

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
