"""Which connection specs are served, and what tests put among them: others, changed ones, and what is none at all."""

import json
from pathlib import Path
from typing import Any

import pytest

from tests.emulator.running import Emulator, running_emulator
from tests.emulator.service import POSTGRES, postgres_body
from wizard.catalog.loader import load_catalog

ID = "8d1f1a43-0000-4000-8000-000000000002"
TEXT = {"type": "string"}


def spec(spec_id: str = ID, **changes: Any) -> dict[str, Any]:
    schema = {"type": "object", "properties": {"host": TEXT}, "required": ["host"]}
    return {"id": spec_id, "version": "1.0", "authSpec": [{"name": "Key", "spec": schema}], **changes}


def with_schema(schema: Any) -> dict[str, Any]:
    return spec(authSpec=[{"name": "Key", "spec": schema}])


def body(**params: Any) -> dict[str, Any]:
    auth = {"specName": "Key", "params": params}
    return {"name": "W", "auth": auth, "connectionSpec": {"id": ID, "version": "1.0"}}


def listed(emulator: Emulator) -> list[Any]:
    return list(emulator.call("GET", "/connectionSpecs").json()["items"])


def test_it_serves_one_spec_for_each_id_of_the_catalog(emulator: Emulator) -> None:
    ids = [item["id"] for item in listed(emulator)]
    assert len(ids) == len(set(ids))
    assert set(ids) == {file.id for file in load_catalog().specs if file.id}


def test_documents_that_share_an_id_are_served_as_one(tmp_path: Path) -> None:
    first, other = spec(name="first"), spec(name="other")
    other["authSpec"] = [*first["authSpec"], {"name": "Another", "spec": {}}]
    with running_emulator(tmp_path, specs=[first, other, {"name": "without an id"}]) as emulator:
        assert listed(emulator) == [first | {"authSpec": [first["authSpec"][0], {"name": "Another", "spec": {}}]}]


def test_a_spec_that_is_put_is_listed_read_and_created_from(emulator: Emulator) -> None:
    emulator.set_specs([spec()])
    assert listed(emulator)[-1] == spec()
    assert emulator.call("GET", f"/connectionSpecs/{ID}").json() == {"items": [spec()]}
    assert emulator.create(body(host="h"))["id"]
    assert emulator.call("POST", "/connections", json=body()).status_code == 400


def test_a_spec_that_is_put_takes_the_place_of_the_one_with_its_id(emulator: Emulator) -> None:
    emulator.set_specs([spec(POSTGRES, version="1.1")])
    assert [item["version"] for item in listed(emulator) if item["id"] == POSTGRES] == ["1.1"]
    assert emulator.call("POST", "/connections", json=postgres_body()).status_code == 400


def test_a_reset_brings_back_what_was_served_at_the_start(emulator: Emulator) -> None:
    before = listed(emulator)
    emulator.set_specs([spec(), spec(POSTGRES, version="1.1")])
    emulator.reset_specs()
    assert listed(emulator) == before


@pytest.mark.parametrize(
    "item",
    [None, 7, "x", [], {}, {"id": 7}, {"id": ID}, spec(version=1), spec(authSpec=3), spec(authSpec=[7]), spec(name=[])],
    ids=json.dumps,
)
def test_whatever_is_put_is_listed_and_breaks_nothing(emulator: Emulator, item: Any) -> None:
    emulator.set_specs([item])
    assert listed(emulator)[-1] == item
    assert emulator.call("POST", "/connections", json=body(host="h")).status_code in (201, 400)
    assert emulator.create(postgres_body())["id"]


@pytest.mark.parametrize(
    "schema",
    [
        {"properties": []},
        {"properties": {"host": 7}},
        {"type": 9, "properties": {"host": TEXT}},
        {"properties": {"host": TEXT}, "required": True},
        {"properties": {"host": {"pattern": "("}}},
        {"properties": {"host": {"$ref": "http://example.com/never-fetched"}}},
        {"properties": {"host": {"$ref": "#/properties/host"}}},
        {"allOf": 3, "oneOf": [7], "then": "x"},
    ],
    ids=json.dumps,
)
def test_a_schema_that_cannot_be_applied_is_no_rule(emulator: Emulator, schema: Any) -> None:
    emulator.set_specs([with_schema(schema)])
    assert emulator.call("POST", "/connections", json=body(host="h")).status_code in (201, 400)
    assert emulator.create(body())["id"]


@pytest.mark.parametrize(
    ("rules", "code"),
    [
        ({"pattern": "^(?:(a+)+)(?!b)$"}, 201),
        ({"pattern": "^(?:(a+)+)(?!b)$", "type": "integer"}, 400),
        ({"pattern": "^(a+)+$"}, 400),
    ],
)
def test_no_pattern_takes_long(emulator: Emulator, rules: Any, code: int) -> None:
    """One that only Python's own engine could apply, in hours, is no rule."""
    emulator.set_specs([with_schema({"properties": {"host": rules}})])
    assert emulator.call("POST", "/connections", json=body(host="a" * 40 + "!")).status_code == code


def test_no_pattern_for_names_takes_long(emulator: Emulator) -> None:
    more = {"patternProperties": {"^(a+)+$": TEXT, "^(b+)+(?!c)$": {}, "^n_": {"type": "integer"}}}
    emulator.set_specs([with_schema({"properties": {"more": {**more, "additionalProperties": False}}})])
    for name, value, code in (("a" * 40 + "!", 7, 201), ("b" * 40 + "!", 7, 201), ("aa", 7, 400), ("n_x", "7", 400)):
        assert emulator.call("POST", "/connections", json=body(more={name: value})).status_code == code


def test_what_is_beside_an_unusable_pattern_is_checked(emulator: Emulator) -> None:
    emulator.set_specs([with_schema({"properties": {"host": {"pattern": "("}, "port": {"type": "integer"}}})])
    assert emulator.create(body(host="h", port=7))["id"]
    assert emulator.call("POST", "/connections", json=body(host="h", port="7")).status_code == 400


def test_params_that_only_a_branch_names_are_known_and_its_secrets_are_kept_secret(emulator: Emulator) -> None:
    branch = {"properties": {"kind": {"const": "key"}, "key": {"type": "string", "format": "password"}}}
    emulator.set_specs([with_schema({"type": "object", "oneOf": [branch | {"required": ["kind", "key"]}]})])
    made = emulator.create(body(kind="key", key="canary"))
    read = emulator.call("GET", f"/connections/{made['id']}").json()["items"][0]
    assert read["auth"]["params"] == {"kind": "key"}
    assert "canary" not in json.dumps(emulator.requests())


@pytest.mark.parametrize("value", [[], {}, {"specs": {}}, 7])
def test_what_is_put_has_to_be_a_list(emulator: Emulator, value: Any) -> None:
    assert emulator.session.put(f"{emulator.base_url}/_practice/specs", json=value, timeout=10).status_code == 400
