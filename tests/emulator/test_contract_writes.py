"""Calls that create. Against a real Flow Service only with CONTRACT_MAY_WRITE=1; what they make is deleted."""

import time
import uuid
from typing import Any
from urllib.parse import quote

import pytest

from tests.emulator.service import POSTGRES, Service, basic_auth, dataset_body, flow_code, postgres_body


def unique(name: str) -> str:
    return f"{name} {uuid.uuid4().hex[:12]}"


@pytest.fixture
def connection(flow_service: Service, created: list[str]) -> dict[str, Any]:
    """A dataset connection: the one kind that needs no database behind it."""
    made = flow_service.create(dataset_body(unique("Lake")))
    created.append(made["id"])
    return made


def read(flow_service: Service, connection_id: str) -> dict[str, Any]:
    (item,) = flow_service.call("GET", f"/connections/{connection_id}").json()["items"]
    return dict(item)


def patch(flow_service: Service, connection: dict[str, Any], operations: object, etag: str | None = None) -> Any:
    headers = {"If-Match": etag or connection["etag"]}
    return flow_service.call("PATCH", f"/connections/{connection['id']}", json=operations, headers=headers)


def test_a_create_answers_id_and_quoted_etag(flow_service: Service, created: list[str]) -> None:
    response = flow_service.call("POST", "/connections", json=dataset_body(unique("Lake")))
    body = response.json()
    created.append(body["id"])
    assert response.status_code == 201
    assert response.headers["Location"].endswith(body["id"])
    assert str(uuid.UUID(body["id"])) == body["id"]
    assert body["etag"].startswith('"')
    assert body["etag"].endswith('"')


def test_a_new_connection_reads_back_as_it_was_made(flow_service: Service, connection: dict[str, Any]) -> None:
    item = read(flow_service, connection["id"])
    assert item["state"] == "enabled"
    assert item["etag"] == item["version"] == connection["etag"]
    assert item["connectionSpec"] == dataset_body()["connectionSpec"]
    assert item["imsOrgId"] == flow_service.org
    assert item["sandboxName"] == flow_service.sandbox
    assert abs(item["createdAt"] / 1000 - time.time()) < 120
    assert "auth" not in item


@pytest.mark.parametrize("pattern", ['name=="{}"', "name=={}", "name%3D%3D%22{}%22"])
def test_a_connection_is_found_by_its_name(flow_service: Service, connection: dict[str, Any], pattern: str) -> None:
    name = read(flow_service, connection["id"])["name"]
    found = flow_service.call("GET", f"/connections?property={pattern.format(quote(name))}").json()["items"]
    assert [item["id"] for item in found] == [connection["id"]]


def test_a_changed_connection_gets_a_new_etag(flow_service: Service, connection: dict[str, Any]) -> None:
    operations = [{"op": "add", "path": "/description", "value": "All orders"}]
    response = patch(flow_service, connection, operations)
    assert response.status_code == 200
    assert response.json()["etag"] != connection["etag"]
    item = read(flow_service, connection["id"])
    assert item["description"] == "All orders"
    assert item["etag"] == response.json()["etag"]


def test_it_takes_a_bare_etag_too(flow_service: Service, connection: dict[str, Any]) -> None:
    operations = [{"op": "replace", "path": "/name", "value": unique("Lake")}]
    assert patch(flow_service, connection, operations, connection["etag"].strip('"')).status_code == 200


def test_it_refuses_a_stale_etag(flow_service: Service, connection: dict[str, Any]) -> None:
    operations = [{"op": "replace", "path": "/name", "value": unique("Lake")}]
    patch(flow_service, connection, operations)
    response = patch(flow_service, connection, operations)
    assert (response.status_code, flow_code(response)) == (412, "1404-412")


def test_an_operation_that_lacks_nothing_but_a_value_removes(flow_service: Service, connection: dict[str, Any]) -> None:
    added = patch(flow_service, connection, [{"op": "add", "path": "/description", "value": "All orders"}]).json()
    assert patch(flow_service, added, [{"op": "remove", "path": "/description"}]).status_code == 200
    assert not read(flow_service, connection["id"]).get("description")


@pytest.mark.parametrize(
    ("operation", "code"),
    [
        ({"op": "move", "path": "/name", "value": "x"}, "1434-400"),
        ({"op": "REPLACE", "path": "/name", "value": "x"}, "1434-400"),
        ({"op": "replace", "value": "x"}, "1455-400"),
        ({"op": "replace", "path": "/name"}, "1455-400"),
        ({"op": "replace", "path": "/connectionSpec/id", "value": POSTGRES}, "1414-400"),
    ],
)
def test_it_refuses_a_change_that_is_none(
    flow_service: Service, connection: dict[str, Any], operation: dict[str, str], code: str
) -> None:
    response = patch(flow_service, connection, [operation])
    assert (response.status_code, flow_code(response)) == (400, code)


def test_a_deleted_connection_is_gone(flow_service: Service, connection: dict[str, Any]) -> None:
    response = flow_service.call("DELETE", f"/connections/{connection['id']}")
    assert (response.status_code, response.content) == (204, b"")
    assert flow_service.call("GET", f"/connections/{connection['id']}").status_code == 404


@pytest.mark.parametrize(
    ("auth", "code", "field"),
    [
        ({"specName": "No Such Thing", "params": {}}, "1415-400", "No Such Thing"),
        ({"specName": "Connection String Based Authentication", "params": {}}, "1304-400", "connectionString"),
        (basic_auth(database=None), "1304-400", "database"),
        (basic_auth(colour="red"), "1312-400", "colour"),
        (basic_auth(database=7), "1312-400", "database"),
        (basic_auth(sslMode="Perhaps"), "1312-400", "sslMode"),
    ],
)
def test_it_refuses_auth_that_the_spec_does_not_have(
    flow_service: Service, created: list[str], auth: dict[str, Any], code: str, field: str
) -> None:
    response = flow_service.call("POST", "/connections", json=postgres_body(unique("Shop"), auth=auth))
    created += [response.json()["id"]] if response.status_code == 201 else []
    assert (response.status_code, flow_code(response)) == (400, code)
    assert field in response.json()["errorMessage"]
    assert "canary-secret" not in response.text


def test_it_never_gives_a_secret_back(flow_service: Service, created: list[str]) -> None:
    made = flow_service.create(postgres_body(unique("Shop"), auth=basic_auth()))
    created.append(made["id"])
    response = flow_service.call("GET", f"/connections/{made['id']}")
    assert response.json()["items"][0]["auth"]["params"]["server"] == "db"
    assert "canary-secret" not in response.text
