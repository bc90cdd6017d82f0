"""Live specs: foreign input that is judged, labelled by our files, and never breaks anything."""

import copy
import json
import uuid
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from tests.catalog.specs import ID, SECRET, TEXT, live_spec, way
from wizard.catalog.datatypes import AuthSpec, ConnectionSpec
from wizard.catalog.drift import drift
from wizard.catalog.live import (
    category_of_item,
    connection_spec,
    document,
    fault_of,
    id_of,
    is_source,
    label_of,
    unlisted,
    unlisted_item,
)
from wizard.catalog.loader import load_catalog
from wizard.catalog.reading import connection_spec as read


def nested(depth: int) -> Any:
    value: Any = "x"
    for _ in range(depth):
        value = [value]
    return value


def named(slug: str) -> ConnectionSpec:
    found = load_catalog().get(slug)
    assert found
    return found


def our_file(*ways: tuple[dict[str, Any], dict[str, Any]], slug: str = "acme", **ui: Any) -> ConnectionSpec:
    """A file of ours: each way with the labels that stand beside it."""
    texts = {"label": "Acme", "category": "databases", "monogram": "Ac", "hue": 1, "summary": "Tables.", **ui}
    return read(slug, live_spec(*(wire for wire, _ in ways)), {**texts, "authSpec": [label for _, label in ways]})


def label(key: str = "key", params: dict[str, Any] | None = None, **more: Any) -> dict[str, Any]:
    return {"key": key, "label": f"Our {key}", "params": params or {}, **more}


def any_of(number: int, levels: int) -> list[dict[str, Any]]:
    """Branches in branches: number + number² + … of them."""
    return [{"anyOf": any_of(number, levels - 1)} if levels > 1 else {} for _ in range(number)]


def with_branches(branches: list[dict[str, Any]]) -> dict[str, Any]:
    return {"name": "Key", "spec": {"type": "object", "oneOf": branches}}


# --- What can be used ---


@pytest.mark.parametrize(
    "item",
    [
        live_spec(),
        {"id": ID, "version": "1.0"},
        {"id": ID, "version": "1.0", "authSpec": None},
        live_spec(way(), way()),
        live_spec(attributes=7, sourceSpec=[], name=None),
        live_spec({"name": "Odd", "spec": {"type": 9, "required": True, "properties": []}}),
        live_spec(way(**{f"p{n}": {"enum": list(range(500))} for n in range(10)}), with_branches([{}] * 200)),
        live_spec(with_branches(any_of(13, 2)), with_branches(any_of(5, 3))),
    ],
)
def test_what_a_create_needs_is_enough(item: Any) -> None:
    assert fault_of(item) == ""
    assert connection_spec(item, None).id == ID


@pytest.mark.parametrize(
    ("item", "word"),
    [
        (None, "object"),
        ([live_spec()], "object"),
        (live_spec(spec_id=ID.upper().replace("1", "A")), "UUID"),
        (live_spec(spec_id="../" + ID), "UUID"),
        (live_spec(spec_id=7), "UUID"),  # type: ignore[arg-type]
        (live_spec(version=1), "version"),
        (live_spec(version="1" * 21), "version"),
        (live_spec(version="1.0\n"), "version"),
        (live_spec(authSpec={}), "authSpec"),
        (live_spec(authSpec="x"), "authSpec"),
        (live_spec(7), "authSpec"),
        (live_spec({"name": "", "spec": {}}), "name"),
        (live_spec({"name": "a\x00b", "spec": {}}), "name"),
        (live_spec({"name": "x" * 201, "spec": {}}), "name"),
        (live_spec({"spec": {}}), "name"),
        (live_spec({"name": "x", "spec": []}), "schema"),
        (live_spec(*[way()] * 31), "30"),
        (live_spec(way(**{f"p{n}": TEXT for n in range(301)})), "300"),
        (live_spec({"name": "x", "spec": {"oneOf": [way(**{f"p{n}": TEXT for n in range(200)})["spec"]] * 2}}), "300"),
        (live_spec(way(**{f"p{n}": {"enum": list(range(500))} for n in range(11)})), "5000"),
        (live_spec(with_branches([{"properties": {"x": {"enum": list(range(501))}}}] * 10)), "5000"),
        (live_spec(with_branches([{}] * 201)), "200"),
        (live_spec(with_branches(any_of(6, 3))), "200"),
        (live_spec(way(more={"type": "object", "properties": {"deep": {"anyOf": any_of(6, 3)}}})), "200"),
        (live_spec(way(**{f"p{n}": {"if": {}, "then": {}, "else": {}, "allOf": [{}]} for n in range(67)})), "200"),
        (live_spec(description="x" * 300_000), "larger"),
        (live_spec(extra=nested(40)), "deeper"),
        (live_spec(extra=nested(1000)), "deeper"),
        (live_spec(extra=nested(100_000)), "deeper"),
        (live_spec(description="\udc80"), "Unicode"),
        (live_spec(**{"\ud800": 1}), "Unicode"),
    ],
    ids=lambda value: value if isinstance(value, str) and len(value) < 20 else "",
)
def test_what_cannot_be_used_says_why_in_one_sentence(item: Any, word: str) -> None:
    assert word in fault_of(item)
    assert fault_of(item).endswith(".")
    assert unlisted_item(item).fault == fault_of(item)


def test_what_is_too_large_or_too_deep_is_not_kept() -> None:
    assert document(live_spec(description="x" * 300_000)) == ""
    assert document(nested(1000)) == ""
    assert json.loads(document(live_spec(description="\x00\udc80é"))) == live_spec(description="\x00\udc80é")
    assert document(live_spec(description="\x00\udc80é")).isascii()


# --- What it says of itself ---


def ui_attributes(**values: Any) -> dict[str, Any]:
    return {"sourceSpec": {"attributes": {"uiAttributes": values}}}


@pytest.mark.parametrize(
    ("item", "expected"),
    [
        ({"attributes": {"isSource": True}}, True),
        (ui_attributes(isSource=True), True),
        ({"attributes": {"isSource": False}, **ui_attributes(isSource=True)}, True),
        ({"attributes": {"isSource": "true"}}, False),
        ({"attributes": [], "sourceSpec": {"attributes": 7}}, False),
        ({}, False),
        (None, False),
    ],
)
def test_a_destination_is_told_from_a_source(item: Any, expected: bool) -> None:
    assert is_source(item) is expected


@pytest.mark.parametrize(
    ("item", "expected"),
    [
        ({"attributes": {"connectorName": "Acme\x00 <b>"}, "name": "acme"}, "Acme <b>"),
        ({**ui_attributes(label="acme warehouse"), "name": "acme"}, "acme warehouse"),
        ({**ui_attributes(label="Acme"), "name": "acme"}, "Acme"),
        ({**ui_attributes(label="acmeLabel"), "name": "acme"}, "acme"),
        ({**ui_attributes(label={"key": "acmeLabel"}), "name": "acme"}, "acme"),
        ({"attributes": {"connectorName": " "}, "id": ID}, ID),
        ({"name": "x" * 500}, "x" * 100),
        (7, "Unnamed source"),
    ],
)
def test_the_label_is_a_text_for_people(item: Any, expected: str) -> None:
    assert label_of(item) == expected


@pytest.mark.parametrize(
    ("item", "expected"),
    [
        ({"attributes": {"category": "Databases"}}, "databases"),
        (ui_attributes(category={"key": "cloudStorage"}), "cloud-storage"),
        (ui_attributes(category="CRM"), "crm"),
        ({"attributes": {"category": "Zeppelins"}}, "other"),
        ({"attributes": {"category": 7}}, "other"),
        (None, "other"),
    ],
)
def test_the_category_is_one_of_ours(item: Any, expected: str) -> None:
    assert category_of_item(item) == expected


@pytest.mark.parametrize("item", [None, 7, {}, {"id": "a/b"}, {"id": "x" * 101}, {"id": ["x"]}])
def test_what_has_no_usable_id_gets_one_that_stays(item: Any) -> None:
    assert id_of(item) == id_of(copy.deepcopy(item))
    assert id_of(item).startswith("broken-")
    assert id_of([item]) != id_of(item)


def test_an_unlisted_source_has_an_icon_of_its_own() -> None:
    source = unlisted(ID, "(acme) warehouse", "crm")
    assert (source.slug, source.monogram, source.category_label) == (ID, "ac", "CRM")
    assert 0 <= source.hue <= 11
    assert source.hue == unlisted(ID, "other", "crm").hue
    assert len({unlisted(str(uuid.UUID(int=n)), "x", "crm").hue for n in range(200)}) == 12
    assert unlisted(ID, "…", "crm").monogram == "?"


# --- Without a file ---


def test_a_source_without_a_file_has_the_wires_own_names() -> None:
    found = connection_spec(live_spec(way("Basic Auth!"), way("Basic auth"), way("基本")), None)
    assert (found.slug, found.label, found.category) == (ID, "Acme Warehouse", "databases")
    assert [(auth.key, auth.label) for auth in found.auth_specs] == [
        ("basic-auth", "Basic Auth!"),
        ("basic-auth-2", "Basic auth"),
        ("way", "基本"),
    ]


# --- With a file ---


@pytest.mark.parametrize("slug", [spec.slug for spec in load_catalog().specs if spec.auth_specs])
def test_a_live_spec_that_is_as_our_file_makes_the_same_form(slug: str) -> None:
    file = named(slug)
    merged = connection_spec(file.wire, load_catalog().with_id(file.id), slug)
    assert merged.auth_specs == file.auth_specs
    assert (merged.slug, merged.label, merged.notes, merged.body) == (slug, file.label, file.notes, file.body)


def test_two_ways_with_one_name_find_their_labels_in_any_order() -> None:
    file = named("postgres")
    reverse = {**file.wire, "authSpec": file.wire["authSpec"][::-1]}
    assert connection_spec(reverse, (file,)).auth_specs == file.auth_specs


def by_name(auth: AuthSpec) -> dict[str, Any]:
    return {param.name: param for param in auth.params}


def test_the_live_spec_decides_and_the_file_explains() -> None:
    labels = {"gone": {"title": "Gone"}, "mode": {"title": "Mode", "common": True}, "host": {"title": "Host"}}
    file = our_file((way(gone=TEXT, mode=TEXT, host=TEXT, required=("gone",)), label(params=labels, note="A note")))
    mode = {"type": "string", "enum": ["a", "b"], "description": "live words"}
    found = connection_spec(
        live_spec(way(extra=TEXT, host={"type": "integer"}, mode=mode, required=("host",))), (file,)
    )
    auth = found.auth_specs[0]
    params = by_name(auth)
    assert [param.name for param in auth.params] == ["mode", "host", "extra"]
    assert (auth.key, auth.label, auth.note) == ("key", "Our key", "A note")
    assert (params["host"].title, params["host"].kind, params["host"].required) == ("Host", "integer", True)
    assert (params["mode"].title, params["mode"].kind, params["mode"].common) == ("Mode", "choice", True)
    assert params["extra"].title == "extra"


def test_a_name_that_differs_in_case_alone_keeps_its_label() -> None:
    file = our_file((way(userId=TEXT, Host=TEXT), label(params={"userId": {"title": "User"}, "Host": {"title": "H"}})))
    params = by_name(connection_spec(live_spec(way(userid=TEXT, Host=TEXT, host=TEXT)), (file,)).auth_specs[0])
    assert {name: param.title for name, param in params.items()} == {"userid": "User", "Host": "H", "host": "host"}


def test_a_way_that_we_do_not_know_stands_last_under_its_own_name() -> None:
    file = our_file((way("Old"), label("old")), (way("Key", host=TEXT), label("new-way")))
    found = connection_spec(live_spec(way("New way"), way("Key", host=TEXT)), (file,))
    assert [(auth.key, auth.label) for auth in found.auth_specs] == [
        ("new-way", "Our new-way"),
        ("new-way-2", "New way"),
    ]


def test_a_way_that_is_spelled_otherwise_is_the_same_and_is_sent_as_it_is_live() -> None:
    file = our_file((way("oAuth2RefreshCode"), label("oauth")))
    auth = connection_spec(live_spec(way("OAuth2 Refresh Code")), (file,)).auth_specs[0]
    assert (auth.key, auth.name) == ("oauth", "OAuth2 Refresh Code")


def test_what_is_secret_to_us_stays_secret() -> None:
    inner = {"type": "object", "properties": {"pin": SECRET, "host": TEXT}, "required": []}
    labels = {name: {"title": name} for name in ("code", "more")}
    file = our_file((way(code=SECRET, more=inner), label(params=labels)))
    open_inner = {"type": "object", "properties": {"pin": TEXT, "host": TEXT}}
    branch = {"properties": {"code": TEXT, "kind": TEXT}}
    schema = {"type": "object", "properties": {"more": open_inner}, "oneOf": [branch, branch]}
    params = by_name(connection_spec(live_spec({"name": "Key", "spec": schema}), (file,)).auth_specs[0])
    assert params["code"].secret
    assert not params["kind"].secret
    assert {param.name: param.secret for param in params["more"].params} == {"pin": True, "host": False}


@pytest.mark.parametrize(
    ("live", "is_composed"), [(SECRET, True), (TEXT, True), ({"type": "object"}, False), ({}, False)]
)
def test_a_connection_string_is_composed_only_where_the_live_param_is_a_text(live: Any, is_composed: bool) -> None:
    file = named("mysql")
    name = file.auth_specs[0].name
    found = connection_spec(live_spec(way(name, connectionString=live)), (file,)).auth_specs[0]
    assert bool(found.params[0].pattern) is is_composed
    assert found.params[0].secret


def test_files_that_share_an_id_explain_their_own_ways_first() -> None:
    first = our_file((way("A", a=TEXT), label("same", {"a": {"title": "First"}})), slug="first")
    other = our_file((way("B", b=TEXT), label("same", {"b": {"title": "Other"}})), slug="other", label="Other")
    item = live_spec(way("A", a=TEXT), way("B", b=TEXT))
    found = connection_spec(item, (first, other), "other")
    assert (found.slug, found.label) == ("other", "Other")
    assert [(auth.key, auth.name) for auth in found.auth_specs] == [("same", "B"), ("same-2", "A")]
    assert [auth.params[0].title for auth in found.auth_specs] == ["Other", "First"]


# --- Any JSON at all ---

SCALARS = st.none() | st.booleans() | st.integers() | st.floats() | st.text(max_size=8) | st.just("\ud800")
WORDS = st.sampled_from(
    ["id", "version", "authSpec", "name", "spec", "type", "properties", "required", "enum", "oneOf"]
)
MORE_WORDS = st.sampled_from(
    ["if", "then", "items", "format", "pattern", "const", "title", "password", "string", "object"]
)
KEYS = WORDS | MORE_WORDS | st.sampled_from(["attributes", "sourceSpec", "uiAttributes", "isSource", "category", "key"])
JSON = st.recursive(
    SCALARS | KEYS,
    lambda inner: st.lists(inner, max_size=4) | st.dictionaries(KEYS | st.text(max_size=4), inner, max_size=6),
    max_leaves=40,
)
PROPERTIES = st.dictionaries(st.sampled_from(["connectionString", "server", "port", "password", "SSLMODE"]), JSON)
SCHEMAS = st.fixed_dictionaries({"properties": PROPERTIES}, optional={"required": JSON, "oneOf": JSON, "then": JSON})
NAMES = st.sampled_from(["Connection String Based Authentication", "Basic Authentication", "basicauthentication", "x"])
WAYS = st.lists(st.fixed_dictionaries({"name": NAMES, "spec": SCHEMAS | JSON}), max_size=4)
SPECS = st.fixed_dictionaries(
    {"id": st.just(ID), "version": st.just("1.0"), "authSpec": WAYS | JSON}, optional={"name": JSON}
)


@settings(max_examples=150, deadline=None)
@given(item=JSON | SPECS)
def test_no_json_breaks_anything(item: Any) -> None:
    file = named("postgres")
    fault = fault_of(item)
    assert unlisted_item(item).fault == fault
    assert drift((file,), item) is not None
    if not fault:
        for files in (None, (file,)):
            found = connection_spec(item, files)
            assert len(found.auth_specs) == len(item.get("authSpec") or ())
            keys = [auth.key for auth in found.auth_specs]
            assert len(set(keys)) == len(keys)
            assert all(param.kind and param.title for auth in found.auth_specs for param in auth.params)
