"""What the local Flow Service makes of create bodies, beyond what a real one has documented."""

from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest

from tests.catalog.documented_ways import WAYS
from tests.emulator.running import Emulator, running_emulator
from tests.emulator.service import CONNECTION_STRING, dataset_body, flow_code, postgres_body

TEXT = {"type": "string"}
SECRET = {"type": "string", "format": "password"}
SCHEMA = {"type": "object", "properties": {"host": TEXT, "key": SECRET, "pass": TEXT}}
OTHER_CLOUD = {"type": "object", "properties": {"region": TEXT, "pass": SECRET}, "required": ["region"]}
NESTED = {
    "type": "object",
    "properties": {
        "override": {
            "type": "object",
            "properties": {"method": {"enum": ["GET", "POST"]}, "pin": {"format": "password"}},
            "required": ["method"],
        }
    },
    "required": ["override"],
}
SPEC = {
    "id": "8d1f1a43-0000-4000-8000-000000000001",
    "name": "warehouse",
    "version": "1.0",
    "attributes": {"isSource": True, "isDraftModeSupported": True},
    "authSpec": [
        {"name": "Key", "type": "KeyBased", "spec": SCHEMA | {"required": ["host", "key"]}},
        {"name": "Key", "type": "KeyBased", "spec": OTHER_CLOUD},
        {"name": "Nested", "type": "KeyBased", "spec": NESTED},
    ],
}


@pytest.fixture
def warehouse(tmp_path: Path) -> Iterator[Emulator]:
    with running_emulator(tmp_path, specs=[SPEC]) as running:
        yield running


def warehouse_body(params: object, spec_name: str = "Key", **changes: Any) -> dict[str, Any]:
    auth = {"specName": spec_name, "params": params}
    return {"name": "W", "auth": auth, "connectionSpec": {"id": SPEC["id"], "version": "1.0"}} | changes


def refusal(emulator: Emulator, body: object, query: str = "") -> tuple[str, str]:
    response = emulator.call("POST", f"/connections{query}", json=body)
    assert response.status_code == 400
    return flow_code(response), response.json()["errorMessage"]


def test_it_creates_from_every_documented_way(emulator: Emulator) -> None:
    for way in WAYS:
        auth = {"specName": way.spec_name, "params": way.params}
        connection_spec = {"id": way.connection_spec_id, "version": "1.0"}
        assert emulator.create({"name": way.id, "auth": auth, "connectionSpec": connection_spec})["id"]


def test_it_creates_a_dataset_connection_without_auth(emulator: Emulator) -> None:
    assert emulator.create(dataset_body())["id"]


def test_it_refuses_auth_where_the_spec_knows_none(emulator: Emulator) -> None:
    code, message = refusal(emulator, dataset_body() | {"auth": {"specName": "Key", "params": {}}})
    assert code == "1415-400"
    assert "Key" in message


@pytest.mark.parametrize(
    ("changes", "code", "field"),
    [
        ({"name": None}, "1304-400", "name"),
        ({"name": " "}, "1312-400", "name"),
        ({"name": 7}, "1312-400", "name"),
        ({"description": 7}, "1312-400", "description"),
        ({"auth": None}, "1304-400", "auth"),
        ({"auth": []}, "1312-400", "auth"),
        ({"auth": {"params": {}}}, "1304-400", "auth.specName"),
        ({"auth": {"specName": "Basic Authentication"}}, "1304-400", "auth.params"),
        ({"auth": {"specName": "Basic Authentication", "params": "x"}}, "1312-400", "auth.params"),
        ({"auth": {"specName": [], "params": {}}}, "1312-400", "auth.specName"),
        ({"auth": {"specName": "Basic Authentication", "params": {}, "user": 1}}, "1312-400", "auth.user"),
        ({"connectionSpec": None}, "1304-400", "connectionSpec"),
        ({"connectionSpec": {"version": "1.0"}}, "1304-400", "connectionSpec.id"),
        ({"connectionSpec": {"id": "74a1c565-4e59-48d7-9d67-7c03b8a13137"}}, "1304-400", "connectionSpec.version"),
        ({"connectionSpec": {"id": [], "version": "1.0"}}, "1413-400", "connection spec"),
        ({"state": "enabled"}, "1312-400", "state"),
    ],
)
def test_it_names_the_field_that_is_wrong(emulator: Emulator, changes: dict[str, Any], code: str, field: str) -> None:
    actual, message = refusal(emulator, postgres_body(**changes))
    assert actual == code
    assert field in message


def test_one_name_may_stand_for_the_params_of_several_clouds(warehouse: Emulator) -> None:
    warehouse.create(warehouse_body({"host": "h", "key": "k"}))
    warehouse.create(warehouse_body({"region": "eu"}))
    assert refusal(warehouse, warehouse_body({"host": "h", "region": "eu"}))[0] == "1312-400"


def test_what_is_secret_in_one_cloud_is_secret_in_all(warehouse: Emulator) -> None:
    made = warehouse.create(warehouse_body({"host": "h", "key": "k", "pass": "canary-secret"}))
    (item,) = warehouse.call("GET", f"/connections/{made['id']}").json()["items"]
    assert item["auth"]["params"] == {"host": "h"}


def test_it_names_what_is_missing_inside_an_object(warehouse: Emulator) -> None:
    code, message = refusal(warehouse, warehouse_body({"override": {}}, "Nested"))
    assert (code, "auth.params.override.method" in message) == ("1304-400", True)
    code, message = refusal(warehouse, warehouse_body({"override": {"method": "PUT"}}, "Nested"))
    assert (code, "auth.params.override.method" in message) == ("1312-400", True)


def test_an_object_with_a_secret_in_it_is_not_given_back(warehouse: Emulator) -> None:
    made = warehouse.create(warehouse_body({"override": {"method": "GET", "pin": "canary-secret"}}, "Nested"))
    response = warehouse.call("GET", f"/connections/{made['id']}")
    assert response.json()["items"][0]["auth"]["params"] == {}


def test_a_draft_may_lack_params_until_it_is_published(warehouse: Emulator) -> None:
    made = warehouse.create(warehouse_body({"host": "h"}), params={"mode": "draft"})
    path = f"/connections/{made['id']}"
    assert warehouse.call("GET", path).json()["items"][0]["state"] == "draft"
    assert warehouse.call("GET", f"{path}/test").json() == {"result": False}
    response = warehouse.call("POST", f"{path}/action?op=publish")
    assert flow_code(response) == "1304-400"
    key = [{"op": "add", "path": "/auth/params/key", "value": "k"}]
    warehouse.call("PATCH", path, json=key, headers={"If-Match": made["etag"]})
    assert warehouse.call("POST", f"{path}/action?op=publish").status_code == 200
    assert warehouse.call("GET", path).json()["items"][0]["state"] == "enabled"
    assert flow_code(warehouse.call("POST", f"{path}/action?op=publish")) == "1409-400"


def test_a_draft_without_auth_cannot_be_published(warehouse: Emulator) -> None:
    body = {key: value for key, value in warehouse_body({}).items() if key != "auth"}
    made = warehouse.create(body, params={"mode": "draft"})
    assert flow_code(warehouse.call("POST", f"/connections/{made['id']}/action?op=publish")) == "1304-400"


def test_a_draft_can_be_thrown_away(warehouse: Emulator) -> None:
    made = warehouse.create(warehouse_body({}), params={"mode": "draft"})
    assert warehouse.call("DELETE", f"/connections/{made['id']}").status_code == 204


def test_it_refuses_a_draft_of_a_spec_that_has_none(emulator: Emulator) -> None:
    assert refusal(emulator, postgres_body(), "?mode=draft")[0] == "1368-400"
    assert refusal(emulator, postgres_body(), "?mode=other")[0] == "1368-400"


@pytest.mark.parametrize("method", ["GET", "DELETE", "PATCH"])
def test_a_connection_is_not_there_in_another_sandbox(emulator: Emulator, method: str) -> None:
    made = emulator.create(postgres_body())
    headers = {"x-sandbox-name": "dev", "If-Match": made["etag"]}
    body = [{"op": "replace", "path": "/name", "value": "Mine"}] if method == "PATCH" else None
    response = emulator.call(method, f"/connections/{made['id']}", headers=headers, json=body)
    assert (response.status_code, flow_code(response)) == (404, "1439-404")
    assert response.json()["report"]["id"] == made["id"]
    assert emulator.names() == ["Shop"]
    assert emulator.call("GET", "/connections", headers=headers).json()["items"] == []


@pytest.mark.parametrize(
    ("headers", "code"),
    [
        ({"x-sandbox-id": "1"}, "2110-400"),
        ({"x-sandbox-name": "*"}, "2111-403"),
        ({"x-sandbox-name": "PROD"}, "2100-404"),
    ],
)
def test_it_refuses_other_ways_to_name_a_sandbox(emulator: Emulator, headers: dict[str, str | None], code: str) -> None:
    assert flow_code(emulator.call("GET", "/connections", headers=headers)) == code


@pytest.mark.parametrize("method", ["GET", "PATCH", "DELETE"])
def test_a_final_slash_makes_no_difference(emulator: Emulator, method: str) -> None:
    made = emulator.create(postgres_body())
    body = [{"op": "replace", "path": "/name", "value": "Mine"}] if method == "PATCH" else None
    headers: dict[str, str | None] = {"If-Match": made["etag"]}
    assert emulator.call(method, f"/connections/{made['id']}/", headers=headers, json=body).ok


def test_no_answer_and_no_file_holds_a_secret(emulator: Emulator, tmp_path: Path) -> None:
    made = emulator.create(postgres_body())
    replace = [{"op": "replace", "path": "/auth/params/connectionString", "value": f"{CONNECTION_STRING};new"}]
    assert emulator.patch(made, replace).status_code == 200
    answers = [emulator.call("GET", path).text for path in (f"/connections/{made['id']}", "/connections")]
    files = [path.read_bytes() for path in tmp_path.iterdir()]
    assert files
    assert not any("canary-secret" in answer for answer in answers)
    assert not any(secret.encode() in data for data in files for secret in ("canary-secret", emulator.token))
