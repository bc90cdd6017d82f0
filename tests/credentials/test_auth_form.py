"""The form that is made of an authSpec: what it shows where, what it sends, and where its errors stand."""

import json
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st
from jsonschema import Draft7Validator

from wizard.catalog.reading import connection_spec
from wizard.credentials.auth_form import AuthForm, auth_form_class
from wizard.credentials.placed_form import Group

NAMES = st.text(st.characters(exclude_categories=("C", "Z")), min_size=1, max_size=8)
TEXTS = st.text(st.characters(exclude_categories=("C", "Z")), min_size=1, max_size=12)
DATES = st.dates().map(lambda found: found.isoformat())


def made(spec: dict, labels: dict | None = None, **label: Any) -> type[AuthForm]:
    """The form class for one authSpec."""
    ui = {
        **dict.fromkeys(("label", "category", "monogram", "summary", "documentation"), "x"),
        "hue": 0,
        "authSpec": [{"key": "way", "label": "Way", "params": labels or {}, **label}],
    }
    wire = {"id": "x", "version": "1.0", "authSpec": [{"name": "Way", "type": "x", "spec": spec}]}
    return auth_form_class(connection_spec("x", wire, ui).auth_specs[0])


def bound(form_class: type[AuthForm], typed: dict[str, str]) -> AuthForm:
    return form_class({f"auth.params.{name}": value for name, value in typed.items()})


# --- Any schema that we know ---


def of(schema: dict, values: st.SearchStrategy) -> st.SearchStrategy:
    return values.map(lambda value: (schema, value))


def ranged(kind: str, low: int, high: int) -> st.SearchStrategy:
    values = st.integers(low, high) if kind == "integer" else st.floats(low, high)
    return of({"type": kind, "minimum": low, "maximum": high}, values)


LEAVES = st.one_of(
    of({"type": "string"}, TEXTS),
    of({"type": "string", "format": "password"}, TEXTS),
    of({"type": "string", "minLength": 2, "maxLength": 5}, st.text("abc", min_size=2, max_size=5)),
    of({"type": "string", "pattern": "^[a-c]+$"}, st.text("abc", min_size=1, max_size=5)),
    of({"type": "string", "format": "date"}, DATES),
    of({"type": "boolean"}, st.booleans()),
    of({"type": "array", "items": {"type": "string"}, "minItems": 1}, st.lists(TEXTS, min_size=1, max_size=3)),
    of({"type": "object"}, st.dictionaries(NAMES, st.integers() | st.booleans(), min_size=1, max_size=2)),
    st.tuples(st.integers(-99, 0), st.integers(0, 99)).flatmap(lambda ends: ranged("integer", *ends)),
    st.tuples(st.integers(-99, 0), st.integers(0, 99)).flatmap(lambda ends: ranged("number", *ends)),
    st.lists(TEXTS | st.integers() | st.booleans(), min_size=1, max_size=6, unique_by=repr).flatmap(
        lambda values: of({"enum": values}, st.sampled_from(values))
    ),
    TEXTS.map(lambda value: ({"const": value}, value)),
)


def objects(inner: st.SearchStrategy) -> st.SearchStrategy:
    return st.dictionaries(NAMES, st.tuples(inner, st.booleans()), min_size=1, max_size=4).map(in_object)


def in_object(properties: dict) -> tuple[dict, dict]:
    schemas = {name: schema for name, ((schema, _), _) in properties.items()}
    required = [name for name, (_, is_required) in properties.items() if is_required]
    values = {name: value for name, ((_, value), _) in properties.items()}
    return {"type": "object", "properties": schemas, "required": required}, values


SPECS = objects(st.recursive(LEAVES, objects, max_leaves=6))


def typed_for(form_class: type[AuthForm], values: dict) -> dict[str, str]:
    typed = {}
    for field in form_class.asked:
        value = values
        for step in field.path:
            value = value[step]
        typed[field.name] = as_typed(field.param, value)
    return typed


def as_typed(param: Any, value: Any) -> str:
    if param.kind == "choice":
        return param.choice_key(value)
    if param.kind == "list":
        return "\r\n".join(value)
    return json.dumps(value) if param.kind == "json" else str(value)


@given(spec=SPECS)
def test_any_schema_makes_a_form_whose_output_fits_it(spec):
    schema, values = spec
    form_class = made(schema)
    form = bound(form_class, typed_for(form_class, values))

    assert form.is_valid(), form.errors
    assert form.params.open() == values
    assert list(Draft7Validator(schema).iter_errors(form.params.open())) == []
    assert Draft7Validator(schema).is_valid(form.params.open())


@given(spec=SPECS)
def test_any_schema_refuses_an_empty_form_at_the_required_fields(spec):
    form_class = made(spec[0])
    form = bound(form_class, {})

    assert set(form.errors) == {field.name for field in form_class.asked if field.required}


# --- What stands where ---

REST = {
    "type": "object",
    "properties": {
        "host": {"type": "string"},
        "timeout": {"type": "integer"},
        "expirationDate": {"type": "string", "format": "date", "uiAttributes": {"hidden": True}},
        "override": {
            "type": "object",
            "properties": {"method": {"enum": ["GET", "POST"]}, "field": {"type": "string"}},
            "required": ["method"],
        },
    },
    "required": ["host"],
}


def names(group: Group) -> list:
    return [names(item) if isinstance(item, Group) else item.name for item in group.items]


def test_optional_fields_are_folded_and_an_object_is_a_group():
    form = bound(made(REST), {})

    assert names(form.common()) == ["host"]
    assert names(form.more()) == ["timeout", ["override.method", "override.field"]]
    assert not form.more_is_open


@pytest.mark.parametrize("typed", [{"timeout": "7"}, {"timeout": "x"}, {"override.field": "a"}])
def test_what_is_folded_opens_if_it_is_filled_or_wrong(typed):
    assert bound(made(REST), {"host": "h", **typed}).more_is_open


def test_a_field_that_most_people_need_is_not_folded():
    form = bound(made(REST, {"timeout": {"title": "Timeout", "common": True}}), {})

    assert names(form.common()) == ["timeout", "host"]


def test_where_all_is_optional_nothing_is_folded():
    form = bound(made({"properties": {"a": {"type": "string"}, "b": {"type": "string"}}}), {})

    assert names(form.common()) == ["a", "b"]
    assert form.more().items == []


def test_a_hidden_property_is_neither_shown_nor_sent():
    form = bound(made(REST), {"host": "h", "expirationDate": "2030-01-01"})

    assert "expirationDate" not in form.fields
    assert form.is_valid()
    assert form.params.open() == {"host": "h"}


def test_a_hidden_property_that_is_required_is_sent_with_its_default():
    hidden = {"type": "string", "default": "v1", "uiAttributes": {"hidden": True}}
    form = bound(made({"properties": {"version": hidden}, "required": ["version"]}), {})

    assert form.is_valid()
    assert form.params.open() == {"version": "v1"}


def test_an_optional_object_is_sent_whole_or_not_at_all():
    form = bound(made(REST), {"host": "h", "override.field": "x"})

    assert not form.is_valid()
    assert form.errors == {"override.method": ["This field is required."]}


@pytest.mark.parametrize("keyword", ["then", "oneOf"])
def test_a_rule_between_fields_is_kept_and_its_error_stands_at_the_field(keyword):
    kinds = {"kind": {"enum": ["basic", "key"]}, "user": {"type": "string"}, "key": {"type": "string"}}
    by_kind = {
        "then": {
            "if": {"properties": {"kind": {"const": "key"}}},
            "then": {"required": ["key"]},
            "else": {"required": ["user"]},
        },
        "oneOf": {
            "oneOf": [
                {"properties": {"kind": {"const": "basic"}}, "required": ["user"]},
                {"properties": {"kind": {"const": "key"}}, "required": ["key"]},
            ]
        },
    }
    form_class = made({"type": "object", "properties": kinds, "required": ["kind"], **by_kind[keyword]})

    assert bound(form_class, {"kind": "key", "key": "k"}).is_valid()
    refused = bound(form_class, {"kind": "key", "user": "u"})
    assert refused.errors == {"key": ["This field is required."]}


def test_names_that_html_or_htmx_would_misread_are_escaped():
    spec = {"properties": {name: {"type": "string"} for name in ("a.b", "a,b", 'a"b', "a b", "a")}}
    form = made(spec)({f"auth.params.{name}": name for name in ("a%2Eb", "a%2Cb", "a%22b", "a%20b", "a")})

    assert form.is_valid()
    assert form.params.open() == {"a.b": "a%2Eb", "a,b": "a%2Cb", 'a"b': "a%22b", "a b": "a%20b", "a": "a"}


@pytest.mark.parametrize("name", ["asked", "auth_spec", "clean", "held", "params", "__doc__", "prefix"])
def test_a_property_may_be_called_like_anything_of_ours(name):
    form = bound(made({"properties": {name: {"type": "string"}}}), {name: "x"})

    assert form.is_valid()
    assert form.params.open() == {name: "x"}
    assert [item.name for item in form.common().items] == [name]


def test_an_optional_object_of_which_only_a_default_stands_there_is_not_sent():
    proxy = {
        "properties": {"host": {"type": "string"}, "port": {"type": "integer", "default": 80}},
        "required": ["host"],
    }
    form_class = made({"properties": {"a": {"type": "string"}, "proxy": proxy}, "required": ["a"]})

    untouched = bound(form_class, {"a": "x", "proxy.port": "80"})
    assert untouched.is_valid()
    assert untouched.params.open() == {"a": "x"}
    assert bound(form_class, {"a": "x", "proxy.port": "81"}).errors == {"proxy.host": ["This field is required."]}


@pytest.mark.parametrize("rules", [{"const": "v1"}, {"enum": ["v1"]}, {"type": "string", "default": "v1"}])
def test_a_hidden_property_that_can_have_one_value_only_is_sent(rules):
    hidden = {**rules, "uiAttributes": {"hidden": True}}
    form = bound(made({"properties": {"version": hidden}, "required": ["version"]}), {})

    assert form.is_valid()
    assert form.params.open() == {"version": "v1"}


def test_choices_keep_their_titles_whatever_else_is_said_of_them():
    options = [{"const": 1, "title": "One", "x-order": 2}, {"const": 2, "$comment": "old"}]
    form = made({"properties": {"n": {"oneOf": options}}, "required": ["n"]})

    assert form.base_fields["n"].choices == [("1", "One"), ("2", "2")]
    assert bound(form, {"n": "2"}).is_valid()


def test_what_some_branch_requires_is_not_folded():
    schema = {
        "properties": {"kind": {"enum": ["a", "b"]}, "key": {"type": "string"}, "rare": {"type": "string"}},
        "required": ["kind"],
        "if": {"properties": {"kind": {"const": "b"}}},
        "then": {"required": ["key"]},
    }

    assert names(bound(made(schema), {}).common()) == ["kind", "key"]
    assert names(bound(made({**schema, "allOf": [{"required": ["rare"]}]}), {}).common()) == ["kind", "key", "rare"]


def test_a_branch_that_says_more_of_a_property_leaves_its_type_alone():
    port = {"type": "integer"}
    schema = {
        "properties": {"port": port},
        "if": {"required": ["port"]},
        "then": {"properties": {"port": {"minimum": 1}}},
    }

    assert bound(made(schema), {"port": "7"}).is_valid()
    form = bound(made(schema), {"port": "0"})
    assert form.errors == {"port": ["Must be at least 1."]}
    either = {"oneOf": [{"properties": {"port": kind}} for kind in (port, {"type": "string"})]}
    assert made({"properties": {}, **either})({"auth.params.port": "x"}).is_valid()
