"""What a change to a connection may say, beyond what a real Flow Service has documented."""

from typing import Any

import pytest

from tests.emulator.running import Emulator
from tests.emulator.service import CONNECTION_STRING, basic_auth, dataset_body, flow_code, postgres_body

ID = "8d1f1a43-0000-4000-8000-000000000003"
STRING = "/auth/params/connectionString"
TEXT = {"type": "string"}


def with_params(emulator: Emulator, params: dict[str, Any]) -> dict[str, Any]:
    """A connection of a spec that takes a host, a pass that is secret, and two params with strange names."""
    properties = {"host": TEXT, "pass": TEXT | {"format": "password"}, "a/b": TEXT, "m~n": TEXT}
    spec = {"id": ID, "version": "1.0", "authSpec": [{"name": "Key", "spec": {"properties": properties}}]}
    emulator.set_specs([spec])
    auth = {"specName": "Key", "params": params}
    return emulator.create({"name": "W", "auth": auth, "connectionSpec": {"id": ID, "version": "1.0"}})


def patched(emulator: Emulator, made: dict[str, Any], operations: object) -> dict[str, Any]:
    """The params that are read back after that change."""
    assert emulator.patch(made, operations).status_code == 200
    return dict(emulator.read(made["id"])["auth"]["params"])


def test_patching_params_keeps_the_secrets_that_are_not_named(emulator: Emulator) -> None:
    made = emulator.create(postgres_body(auth=basic_auth()))
    changed = patched(emulator, made, [{"op": "replace", "path": "/auth/params/server", "value": "new"}])
    assert changed["server"] == "new"
    assert "password" not in changed


@pytest.mark.parametrize("op", ["replace", "add"])
def test_replacing_all_params_loses_what_is_not_sent_again(emulator: Emulator, op: str) -> None:
    made = emulator.create(postgres_body(auth=basic_auth()))
    params = {name: value for name, value in basic_auth()["params"].items() if name != "password"}
    response = emulator.patch(made, [{"op": op, "path": "/auth/params", "value": params}])
    assert flow_code(response) == "1304-400"
    assert "auth.params.password" in response.text


def test_replacing_all_params_drops_the_optional_ones_without_a_word(emulator: Emulator) -> None:
    made = with_params(emulator, {"host": "h", "pass": "canary-secret", "a/b": "c"})
    assert patched(emulator, made, [{"op": "replace", "path": "/auth/params", "value": {"host": "i"}}]) == {"host": "i"}
    removal = [{"op": "remove", "path": "/auth/params/pass"}]
    assert flow_code(emulator.patch(emulator.read(made["id"]), removal)) == "1455-400"


def test_a_param_that_is_not_there_yet_is_set_by_replacing_it(emulator: Emulator) -> None:
    made = with_params(emulator, {})
    operations = [{"op": "replace", "path": "/auth/params/host", "value": "h"}]
    assert patched(emulator, made, operations) == {"host": "h"}


def test_a_slash_or_a_tilde_in_the_name_of_a_param_is_escaped(emulator: Emulator) -> None:
    made = with_params(emulator, {"a/b": "old"})
    slash = {"op": "replace", "path": "/auth/params/a~1b", "value": "new"}
    tilde = {"op": "add", "path": "/auth/params/m~0n", "value": "too"}
    assert patched(emulator, made, [slash, tilde]) == {"a/b": "new", "m~n": "too"}


@pytest.mark.parametrize("path", ["/auth/params/a/b", "/auth/params/host/", "/auth/params/", "/auth/params/host/x/y"])
def test_no_path_reaches_into_a_param(emulator: Emulator, path: str) -> None:
    made = with_params(emulator, {"host": "h", "a/b": "old"})
    assert flow_code(emulator.patch(made, [{"op": "replace", "path": path, "value": "new"}])) == "1434-400"


@pytest.mark.parametrize(
    ("operation", "code"),
    [
        ({"op": "remove", "path": STRING}, "1304-400"),
        ({"op": "add", "path": "/auth/params/colour", "value": "red"}, "1312-400"),
        ({"op": "replace", "path": STRING, "value": 7}, "1312-400"),
        ({"op": "replace", "path": "/auth/params", "value": "x"}, "1312-400"),
        ({"op": "remove", "path": "/auth/params"}, "1434-400"),
        ({"op": "replace", "path": "/auth/specName", "value": "Basic Authentication"}, "1434-400"),
        ({"op": "remove", "path": "/auth/specName"}, "1434-400"),
        ({"op": "replace", "path": "/auth", "value": basic_auth()}, "1434-400"),
        ({"op": "replace", "path": "/state", "value": "disabled"}, "1434-400"),
        ({"op": "replace", "path": "name", "value": "x"}, "1434-400"),
        ({"op": "replace", "path": "", "value": {}}, "1434-400"),
        ({"op": "replace", "path": "/connectionSpec", "value": {}}, "1414-400"),
        ({"op": "replace", "path": "/connectionSpecs", "value": {}}, "1434-400"),
        ({"op": "replace", "path": "/name", "value": ""}, "1312-400"),
        ({"op": "replace", "path": "/name", "value": None}, "1304-400"),
        ({"op": "remove", "path": "/name"}, "1304-400"),
        ({"op": "remove", "path": "/description"}, "1455-400"),
        ({"op": "Add", "path": "/name", "value": "x"}, "1434-400"),
        ({"op": ["add"], "path": "/name", "value": "x"}, "1434-400"),
        ({"path": "/name", "value": "x"}, "1455-400"),
        ({"op": "remove"}, "1455-400"),
        ({"op": "add", "path": 7, "value": "x"}, "1312-400"),
    ],
)
def test_a_refused_patch_changes_nothing(emulator: Emulator, operation: dict[str, Any], code: str) -> None:
    made = emulator.create(postgres_body())
    before = emulator.read(made["id"])
    response = emulator.patch(made, [{"op": "add", "path": "/description", "value": "half"}, operation][::-1])
    assert (response.status_code, flow_code(response)) == (400, code)
    assert emulator.read(made["id"]) == before


def test_a_secret_that_was_replaced_can_be_removed_again(emulator: Emulator) -> None:
    operations = [{"op": "replace", "path": STRING, "value": "new"}, {"op": "remove", "path": STRING}]
    assert flow_code(emulator.patch(emulator.create(postgres_body()), operations)) == "1304-400"


@pytest.mark.parametrize("operations", [{}, [], ["add"], "x", {"op": "add", "path": "/name", "value": "x"}])
def test_a_patch_is_a_list_of_operations(emulator: Emulator, operations: object) -> None:
    response = emulator.patch(emulator.create(postgres_body()), operations)
    assert (response.status_code, response.json()["title"]) == (400, "BadRequestError")


def test_a_connection_without_auth_takes_no_params(emulator: Emulator) -> None:
    response = emulator.patch(emulator.create(dataset_body()), [{"op": "add", "path": "/auth/params/x", "value": "y"}])
    assert flow_code(response) == "1434-400"


@pytest.mark.parametrize("wrong", ['"{}', '{}"', '""{}""', 'W/"{}"', "*", "{}0"])
def test_an_etag_matches_as_it_was_read_or_bare_and_in_no_other_form(emulator: Emulator, wrong: str) -> None:
    made = emulator.create(postgres_body())
    operations = [{"op": "replace", "path": "/name", "value": "Mine"}]
    response = emulator.patch(made, operations, wrong.format(made["etag"].strip('"')))
    assert (response.status_code, flow_code(response)) == (412, "1404-412")
    assert emulator.patch(made, operations, made["etag"].strip('"')).status_code == 200


def test_a_change_is_later_than_the_one_before_and_leaves_the_creation_alone(emulator: Emulator) -> None:
    made = emulator.create(postgres_body(description="All orders"))
    first = emulator.read(made["id"])
    emulator.patch(made, [{"op": "replace", "path": "/name", "value": "Mine"}])
    second = emulator.read(made["id"])
    emulator.act(made["id"], "disable")
    third = emulator.read(made["id"])
    assert first["updatedAt"] < second["updatedAt"] < third["updatedAt"]
    assert {item["createdAt"] for item in (first, second, third)} == {first["createdAt"]}
    assert (third["name"], third["description"], third["state"]) == ("Mine", "All orders", "disabled")
    assert third["auth"] == first["auth"]
    assert emulator.call("GET", "/connections").json()["items"] == [third]


def test_a_source_can_refuse_every_change(emulator: Emulator) -> None:
    made = emulator.create(postgres_body())
    match = {"method": "PATCH", "path": "/connections/*"}
    emulator.set_faults([{"kind": "status", "status": 400, "code": "1445-400", "match": match}])
    assert flow_code(emulator.patch(made, [{"op": "replace", "path": "/name", "value": "Mine"}])) == "1445-400"


def test_a_name_can_change_though_the_spec_is_gone_and_its_params_cannot(emulator: Emulator) -> None:
    made = with_params(emulator, {"host": "h", "pass": "canary-secret"})
    emulator.reset_specs()
    changed = emulator.patch(made, [{"op": "replace", "path": "/name", "value": "Mine"}])
    assert changed.status_code == 200
    assert emulator.read(made["id"])["auth"]["params"] == {"host": "h"}
    params = [{"op": "replace", "path": "/auth/params/host", "value": CONNECTION_STRING}]
    assert flow_code(emulator.patch(changed.json(), params)) == "1415-400"
