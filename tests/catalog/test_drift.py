"""The drift report: every kind of difference is found, at its place, and nothing where nothing differs."""

import copy
from collections.abc import Callable
from typing import Any

import pytest

from tests.catalog.specs import ID, SECRET, TEXT, live_spec, way
from wizard.catalog.datatypes import Catalog, ConnectionSpec
from wizard.catalog.drift import Difference, Kind, drift
from wizard.catalog.live import unlisted
from wizard.catalog.loader import load_catalog
from wizard.catalog.reading import connection_spec as read
from wizard.catalog.report import report

MODE = {"type": "string", "enum": ["on", "off"]}
OVERRIDE = {"type": "object", "properties": {"pin": SECRET, "host": TEXT}, "required": ["pin"]}
DAY = {"type": "string", "format": "date"}
KEY = way(host=TEXT, key=SECRET, mode=MODE, more=OVERRIDE, day=DAY, port=TEXT, required=("host", "key"))
UI = {"category": "databases", "monogram": "Ac", "hue": 1, "summary": "Tables."}


def our_file(*ways: dict[str, Any], spec_id: str = ID, slug: str = "acme", **ui: Any) -> ConnectionSpec:
    labels = [{"key": f"way-{number}", "label": f"Way {number}", "params": {}} for number, _ in enumerate(ways)]
    wire = live_spec(*ways, spec_id=spec_id)
    return read(slug, {**wire, "authSpec": [*ways]}, {"label": slug.title(), **UI, "authSpec": labels, **ui})


FILE = our_file(KEY, way("Other", token=SECRET))


def changed(change: Callable[[dict[str, Any], dict[str, Any]], object]) -> dict[str, Any]:
    """The live spec as the file has it, but for one change: to the spec, or to the properties of its first way."""
    item = copy.deepcopy(dict(FILE.wire))
    change(item, item["authSpec"][0]["spec"]["properties"])
    return item


@pytest.mark.parametrize(
    ("change", "place", "kind", "ours", "theirs"),
    [
        (lambda item, _: item.update(version="1.1"), "", Kind.VERSION, "1.0", "1.1"),
        (lambda item, _: item["authSpec"].pop(), "Other", Kind.WAY, "token", "missing"),
        (lambda item, _: item["authSpec"].append(way("New", pin=TEXT)), "New", Kind.WAY, "missing", "pin"),
        (lambda item, _: item["authSpec"][1].update(name="other"), "Other", Kind.WAY, "Other", "other"),
        (lambda _, found: found.pop("port"), "Key: port", Kind.FIELD, "string, optional", "missing"),
        (lambda _, found: found.update(pin=SECRET), "Key: pin", Kind.FIELD, "missing", "string, optional, secret"),
        (
            lambda item, _: item["authSpec"][0]["spec"]["required"].remove("host"),
            "Key: host",
            *(Kind.REQUIRED, "yes", "no"),
        ),
        (lambda _, found: found.update(key=TEXT), "Key: key", Kind.SECRET, "yes", "no"),
        (lambda _, found: found.update(port=SECRET), "Key: port", Kind.SECRET, "no", "yes"),
        (lambda _, found: found.update(port={"type": "integer"}), "Key: port", Kind.TYPE, "string", "integer"),
        (lambda _, found: found.update(port={}), "Key: port", Kind.TYPE, "string", "not stated"),
        (lambda _, found: found.update(day=TEXT), "Key: day", Kind.FORMAT, "date", "none"),
        (
            lambda _, found: found["mode"].update(enum=["on", "auto"]),
            "Key: mode",
            *(Kind.VALUES, '"off", "on"', '"auto", "on"'),
        ),
        (lambda _, found: found.update(mode=TEXT), "Key: mode", Kind.VALUES, '"off", "on"', "any"),
        (
            lambda _, found: found["more"]["properties"].pop("host"),
            "Key: more.host",
            *(Kind.FIELD, "string, optional", "missing"),
        ),
        (lambda _, found: found["more"]["properties"].update(pin=TEXT), "Key: more.pin", Kind.SECRET, "yes", "no"),
        (lambda item, _: item.update(authSpec=7), "", Kind.USABLE, "yes", "Its authSpec is not a list of objects."),
    ],
)
def test_it_finds_each_difference_at_its_place(change: Any, place: str, kind: Kind, ours: str, theirs: str) -> None:
    assert drift((FILE,), changed(change)) == [Difference(ID, "Acme", place, kind, ours, theirs)]


@pytest.mark.parametrize(
    "change",
    [
        lambda *_: None,
        lambda item, _: item["authSpec"].reverse(),
        lambda _, found: found["mode"].update(enum=["off", "on"]),
        lambda _, found: found.update(port={"type": ["string", "null"], "description": "other words", "title": "Port"}),
        lambda item, _: item.update(name="other", attributes={}, unheard="of"),
    ],
)
def test_order_and_words_are_no_difference(change: Any) -> None:
    assert drift((FILE,), changed(change)) == []


def with_rules(way: dict[str, Any], **rules: Any) -> dict[str, Any]:
    """The way, with more keywords in its schema."""
    return {**way, "spec": {**way["spec"], **rules}}


def kinds(ours: dict[str, Any], theirs: dict[str, Any]) -> list[tuple[str, Kind, str, str]]:
    found = drift((our_file(ours),), live_spec(theirs))
    return [(one.place, one.kind, one.ours, one.theirs) for one in found]


def test_what_every_part_of_a_schema_requires_is_required() -> None:
    theirs = with_rules(KEY, allOf=[{"required": ["port"]}, {"allOf": [{"required": ["host", "day"]}]}])
    expected = [(f"Key: {name}", Kind.REQUIRED, "no", "yes") for name in ("day", "port")]
    assert sorted(kinds(KEY, theirs)) == expected
    assert kinds(theirs, {**KEY, "spec": {**KEY["spec"], "required": ["host", "key", "port", "day"]}}) == []


@pytest.mark.parametrize(
    "rules",
    [
        {"if": {"properties": {"mode": {"const": "on"}}}, "then": {"required": ["port"]}},
        {"if": {"required": ["day"]}, "else": {"required": ["port"]}},
        {"anyOf": [{"required": ["port"]}, {"required": ["host"]}]},
        {"oneOf": [{"properties": {"mode": MODE}}, {"allOf": [{"required": ["port", "key"]}]}]},
        {"allOf": [{"if": {}, "then": {"required": ["port"]}}]},
        {"dependencies": {"day": ["port"]}},
        {"dependencies": {"day": {"required": ["port"]}}},
        {
            "properties": {**KEY["spec"]["properties"], "mode": MODE},
            "dependencies": {"mode": {"oneOf": [{"required": ["port"]}]}},
        },
    ],
)
def test_what_is_required_in_some_cases_on_one_side_alone_is_a_difference(rules: dict[str, Any]) -> None:
    some = with_rules(KEY, **rules)
    assert kinds(KEY, some) == [("Key: port", Kind.CONDITION, "no", "yes")]
    assert kinds(some, KEY) == [("Key: port", Kind.CONDITION, "yes", "no")]
    assert kinds(some, with_rules(KEY, dependencies={"mode": ["port"]})) == []


def test_a_condition_inside_an_object_is_found_at_its_place() -> None:
    more = {**OVERRIDE, "dependencies": {"pin": ["host"]}}
    some = way(**{**KEY["spec"]["properties"], "more": more, "required": ("host", "key")})
    assert kinds(KEY, some) == [("Key: more.host", Kind.CONDITION, "no", "yes")]
    branch = {"oneOf": [{"properties": {"more": {"type": "object", "required": ["host"]}}}, {}]}
    assert kinds(KEY, with_rules(KEY, **branch)) == [("Key: more.host", Kind.CONDITION, "no", "yes")]


def test_a_condition_on_what_is_required_anyway_or_is_no_param_is_no_difference() -> None:
    rules = {"anyOf": [{"required": ["key"]}, {"required": ["ghost"]}], "dependencies": {"mode": ["host", "ghost"]}}
    assert kinds(KEY, with_rules(KEY, **rules)) == []


def test_what_is_no_longer_required_in_every_case_says_so() -> None:
    some = with_rules(KEY, required=["host"], anyOf=[{"required": ["key"]}, {"required": ["port"]}])
    assert kinds(KEY, some) == [
        ("Key: key", Kind.REQUIRED, "yes", "no"),
        ("Key: key", Kind.CONDITION, "no", "yes"),
        ("Key: port", Kind.CONDITION, "no", "yes"),
    ]


@pytest.mark.parametrize("odd", [None, True, 7, "port", ["port", None, ["port"]], {"a": 7, "b": None, "c": [{}]}])
@pytest.mark.parametrize("keyword", ["if", "then", "else", "allOf", "anyOf", "oneOf", "dependencies"])
def test_a_malformed_condition_is_none(keyword: str, odd: Any) -> None:
    assert kinds(KEY, with_rules(KEY, **{keyword: odd})) == []


def test_ways_with_one_name_are_told_apart_by_what_they_take() -> None:
    azure, aws = way("Basic", host=TEXT, mode=MODE), way("Basic", host=TEXT, mode={"enum": ["true"], "type": "string"})
    file = our_file(azure, aws)
    assert drift((file,), live_spec(aws, azure)) == []
    found = drift((file,), live_spec(aws, way("Basic", host=SECRET, mode=MODE)))
    assert [(one.place, one.kind) for one in found] == [("Basic (Way 0): host", Kind.SECRET)]


def test_the_ways_of_files_that_share_an_id_count_together() -> None:
    files = (our_file(KEY, slug="first"), our_file(way("Other", token=SECRET), KEY, slug="other"))
    assert drift(files, FILE.wire) == []
    assert drift(files, live_spec(KEY))[0].label == "First / Other"


def test_foreign_texts_are_on_one_line_and_bounded() -> None:
    item = live_spec(KEY, way("Other", token=SECRET, **{"x" * 190 + str(n): TEXT for n in range(9)}))
    item["authSpec"].append(way("New\u2028" + "y" * 190))
    item["authSpec"][2]["name"] = "N" * 200
    for one in drift((FILE,), item):
        assert len(one.place) <= 300 >= len(one.theirs)
        assert "\n" not in one.place + one.theirs


# --- The whole catalog ---


def test_our_files_do_not_differ_from_themselves() -> None:
    """As the local Flow Service serves them: one spec for each id."""
    catalog = load_catalog()
    items = {spec.id: {**spec.wire, "authSpec": []} for spec in catalog.specs if spec.id}
    for spec in catalog.specs:
        items.get(spec.id, {"authSpec": []})["authSpec"] += spec.wire.get("authSpec", [])
    found = report(catalog, items.values())
    assert (found.number, found.one_sided, found.gone, found.broken) == (0, 0, (), ())
    assert found.compared > 60


def test_the_report_sorts_out_what_one_side_lacks() -> None:
    gone = our_file(KEY, spec_id=ID.replace("1", "2"), slug="gone", status="removed")
    lost = our_file(KEY, spec_id=ID.replace("1", "3"), slug="lost")
    webhook = our_file(spec_id=ID.replace("1", "4"), slug="webhook", instead="Do this.")
    catalog = Catalog((FILE, gone, lost, webhook))
    new = live_spec(spec_id=ID.replace("1", "6"))
    found = report(catalog, [changed(lambda item, _: item.update(version="2")), new, 7])
    assert [(source.label, source.spec_id, len(source.differences)) for source in found.drifted] == [("Acme", ID, 1)]
    assert [source.slug for source in found.unlisted] == [new["id"]]
    assert ([spec.slug for spec in found.absent], [spec.slug for spec in found.gone]) == (["lost"], ["gone"])
    assert [source.fault for source in found.broken] == ["It is not a JSON object."]
    assert (found.compared, found.number, found.one_sided) == (1, 1, 2)


def test_what_is_broken_is_not_absent() -> None:
    lost = our_file(KEY, spec_id=ID.replace("1", "3"), slug="lost")
    kept = unlisted(lost.id, "Lost", "databases", "It is larger than 256 KiB.")
    found = report(Catalog((FILE, lost)), [FILE.wire | {"version": 7}], [kept])
    assert (found.absent, found.compared) == ((), 0)
    assert [source.slug for source in found.broken] == [ID, lost.id]
    assert [(one.label, one.differences[0].theirs) for one in found.drifted] == [
        ("Acme", "It has no usable version."),
        ("Lost", "It is larger than 256 KiB."),
    ]


def test_live_specs_without_their_json_are_sorted_out_by_their_columns() -> None:
    lost = our_file(KEY, spec_id=ID.replace("1", "3"), slug="lost")
    new = unlisted(ID.replace("1", "6"), "New", "databases")
    broken = unlisted(ID.replace("1", "7"), "Old", "databases", "It is not a JSON object.")
    found = report(Catalog((FILE, lost)), [FILE.wire], [broken, new])
    assert (found.unlisted, found.broken, [spec.slug for spec in found.absent]) == ((new,), (broken,), ["lost"])
    assert (found.compared, found.number, found.one_sided) == (1, 0, 2)


def test_a_source_that_needs_no_base_connection_is_not_compared() -> None:
    webhook = our_file(slug="webhook", instead="Do this.")
    found = report(Catalog((webhook,)), [live_spec()])
    assert (found.compared, found.number, found.unlisted) == (0, 0, ())
