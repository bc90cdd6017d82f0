"""Foreign JSON Schemas: whatever comes, what we keep is valid, bounded, and applied in linear time."""

import pytest
from hypothesis import given
from hypothesis import strategies as st
from jsonschema import Draft7Validator

from wizard.catalog.reading import params
from wizard.json_schema.sanitising import sanitised
from wizard.json_schema.validation import faults

KEYWORDS = (
    *("type", "format", "title", "description", "pattern", "examples", "enum", "const", "default", "minimum"),
    *("maximum", "multipleOf", "minLength", "maxLength", "required", "properties", "items", "oneOf", "anyOf", "allOf"),
    *("if", "then", "else", "uiAttributes", "$ref", "definitions", "not", "additionalProperties", "x-new"),
)
SCALARS = st.none() | st.booleans() | st.integers() | st.floats() | st.text(max_size=8)
ANYTHING = st.recursive(
    SCALARS,
    lambda inner: (
        st.lists(inner, max_size=3)
        | st.dictionaries(st.sampled_from(KEYWORDS) | st.text(max_size=5), inner, max_size=4)
    ),
    max_leaves=25,
)


@given(raw=ANYTHING)
def test_whatever_comes_what_is_kept_is_a_valid_schema(raw):
    kept = sanitised(raw)

    Draft7Validator.check_schema(kept)
    assert sanitised(kept) == kept
    assert all(param.title for param in params(kept, {}))


@given(raw=ANYTHING, value=st.dictionaries(st.text(max_size=5), SCALARS | st.lists(SCALARS), max_size=4))
def test_what_is_kept_can_be_applied_to_whatever_is_typed(raw, value):
    assert all(isinstance(step, str) for fault in faults(sanitised(raw), value) for step in fault.path)


def test_it_follows_no_reference():
    schema = sanitised({"properties": {"a": {"$ref": "https://example.com/x"}, "b": {"$ref": "#"}}})

    assert schema == {"properties": {"a": {"writeOnly": True}, "b": {"writeOnly": True}}}


@pytest.mark.parametrize("name", ["items", "then"])
def test_what_is_asked_for_as_a_whole_is_secret_where_a_part_of_it_is_elsewhere(name):
    schema = sanitised({"properties": {"a": {name: {"$ref": "#/definitions/key"}}}})

    assert schema["properties"]["a"] == {name: {"writeOnly": True}, "writeOnly": True}


def test_a_pattern_that_would_run_for_ever_is_applied_in_no_time():
    schema = sanitised({"properties": {"a": {"type": "string", "pattern": "^(a+)+$"}}})

    assert [fault.path for fault in faults(schema, {"a": "a" * 20_000 + "b"})] == [("a",)]


@pytest.mark.parametrize("pattern", ["(", "(?=a)", "a" * 2_000, 7, None])
def test_a_pattern_that_cannot_be_applied_is_left_to_adobe(pattern):
    assert sanitised({"pattern": pattern}) == {}


def test_a_branch_that_lost_a_keyword_no_longer_excludes_the_others():
    first, second = {"properties": {"a": {"not": {"const": "x"}}}}, {"properties": {"b": {"type": "string"}}}
    schema = sanitised({"oneOf": [first, second]})

    assert "oneOf" not in schema
    assert list(faults(schema, {"a": "1", "b": "2"})) == []
    assert [param.name for param in params(schema, {})] == ["a", "b"]


def test_a_condition_that_lost_a_keyword_requires_nothing():
    schema = sanitised(
        {"if": {"not": {"required": ["b"]}}, "then": {"required": ["a"], "properties": {"a": {"type": "string"}}}}
    )

    assert list(faults(schema, {})) == []
    assert [param.name for param in params(schema, {})] == ["a"]


def test_a_fault_leads_to_the_innermost_place():
    schema = sanitised(
        {
            "properties": {
                "outer": {"type": "object", "properties": {"inner": {"type": "integer"}}, "required": ["x"]}
            },
            "if": {"properties": {"kind": {"const": "a"}}, "required": ["kind"]},
            "then": {"required": ["key"]},
        }
    )
    found = {(fault.path, fault.rule) for fault in faults(schema, {"kind": "a", "outer": {"inner": "no"}})}

    assert found == {(("outer", "inner"), "type"), (("outer", "x"), "required"), (("key",), "required")}


def test_texts_are_one_clean_line_of_bounded_length():
    schema = sanitised(
        {"title": "two\nlines\x00\u202e", "description": "x" * 9_000, "enum": ["ok", "\ud800", None, {}]}
    )

    assert schema["title"] == "two lines"
    assert len(schema["description"]) == 2_000
    assert schema["enum"] == ["ok"]
