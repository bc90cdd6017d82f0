"""What arrived can be compared, key for key, and no secret is kept for it."""

import json
from typing import Any

import pytest

from tests.emulator.dataflow import create_ends, mapping_body, source_body, target_body
from tests.emulator.running import Emulator
from tests.emulator.service import CONNECTION_STRING, POSTGRES, basic_auth, dataset_body, postgres_body
from wizard.emulator.journal import LENGTH, digest


def bodies(emulator: Emulator) -> list[object]:
    return [entry["body"] for entry in emulator.requests("POST", "/connections")]


def test_it_shows_the_body_that_arrived_with_secrets_as_digests(emulator: Emulator) -> None:
    emulator.create(postgres_body(description="All orders"))
    params = {"connectionString": digest(CONNECTION_STRING)}
    assert bodies(emulator) == [
        {
            "name": "Shop",
            "description": "All orders",
            "auth": {"specName": "Connection String Based Authentication", "params": params},
            "connectionSpec": {"id": POSTGRES, "version": "1.0"},
        }
    ]


def test_it_shows_a_body_without_secrets_as_it_came(emulator: Emulator) -> None:
    emulator.create(dataset_body())
    assert bodies(emulator) == [dataset_body()]


def test_params_that_are_no_secret_stay_readable(emulator: Emulator) -> None:
    emulator.create(postgres_body(auth=basic_auth()))
    params = basic_auth()["params"]
    assert bodies(emulator)[0]["auth"]["params"] == params | {"password": digest(params["password"])}  # type: ignore[index]


@pytest.mark.parametrize(
    "body",
    [
        postgres_body(auth={"specName": "Unknown", "params": {"server": "canary-secret"}}),
        postgres_body(connectionSpec={"id": "unknown", "version": "1.0"}),
        postgres_body(auth="canary-secret"),
        postgres_body(auth=["canary-secret"]),
        postgres_body(auth={"specName": ["canary-secret"], "params": ["canary-secret"], "x": "canary-secret"}),
        postgres_body(password="canary-secret"),
        postgres_body(connectionSpec={"id": POSTGRES, "key": "canary-secret"}),
        ["canary-secret", {"op": "replace", "path": "/auth/params/password", "value": "canary-secret"}],
        "canary-secret",
    ],
)
def test_a_secret_in_the_wrong_place_is_a_digest_too(emulator: Emulator, body: object) -> None:
    emulator.call("POST", "/connections", json=body)
    noted = json.dumps(bodies(emulator))
    assert "sha256:" in noted
    assert "canary-secret" not in noted


def test_a_body_that_cannot_be_read_is_a_digest(emulator: Emulator) -> None:
    emulator.call("POST", "/connections", data="{canary-secret", headers={"Content-Type": "application/json"})
    assert bodies(emulator) == [digest("{canary-secret")]


def test_a_patch_shows_what_is_no_secret(emulator: Emulator) -> None:
    made = emulator.create(postgres_body())
    operations = [
        {"op": "replace", "path": "/name", "value": "New"},
        {"op": "replace", "path": "/auth/params/connectionString", "value": "canary-secret"},
    ]
    emulator.call("PATCH", f"/connections/{made['id']}", json=operations, headers={"If-Match": made["etag"]})
    (entry,) = emulator.requests("PATCH")
    assert entry["body"] == [operations[0], operations[1] | {"value": digest("canary-secret")}]


def test_a_token_request_hides_the_client_secret(emulator: Emulator) -> None:
    emulator.ask_token()
    (entry,) = emulator.requests("POST", "/ims/token/v3")
    assert entry["body"] == emulator.token_form() | {"client_secret": digest(emulator.client_secret)}


def test_a_token_request_in_the_query_is_hidden_and_refused(emulator: Emulator) -> None:
    response = emulator.session.post(f"{emulator.ims_url}/ims/token/v3", params=emulator.token_form(), timeout=10)
    assert response.status_code == 400
    assert emulator.client_secret not in json.dumps(emulator.requests())


def test_it_notes_path_query_and_header_names(emulator: Emulator) -> None:
    emulator.call("GET", "/connections", params={"property": 'name=="Shop"', "limit": "2"})
    (entry,) = emulator.requests("GET", "/connections")
    assert entry["query"] == [["property", 'name=="Shop"'], ["limit", "2"]]
    assert {"authorization", "x-api-key", "x-gw-ims-org-id", "x-sandbox-name"} <= set(entry["headers"])
    assert emulator.token not in json.dumps(entry)


def test_it_forgets_when_told_and_keeps_no_more_than_it_says(emulator: Emulator) -> None:
    for _ in range(LENGTH + 5):
        emulator.session.get(f"{emulator.ims_url}/nothing", timeout=10)
    assert len(emulator.requests()) == LENGTH
    emulator.clear_requests()
    assert emulator.requests() == []


def test_only_this_machine_may_read_it(emulator: Emulator) -> None:
    url = f"{emulator.ims_url}/_practice/requests"
    response = emulator.session.get(url, headers={"Host": "elsewhere.example"}, timeout=10)
    assert response.status_code == 403


@pytest.mark.parametrize(
    ("method", "path", "status"),
    [
        ("GET", "nothing", 404),
        ("GET", "", 404),
        ("POST", "faults", 405),
        ("PUT", "faults", 400),
        ("PUT", "tokens", 400),
    ],
)
def test_it_refuses_what_is_no_control(emulator: Emulator, method: str, path: str, status: int) -> None:
    assert emulator.session.request(method, f"{emulator.ims_url}/_practice/{path}", timeout=10).status_code == status


def noted(emulator: Emulator, path: str) -> list[dict[str, Any]]:
    return [entry["body"] for entry in emulator.requests("POST", path)]


def test_what_leads_to_a_dataflow_is_shown_as_it_came_but_for_params(emulator: Emulator) -> None:
    ends = create_ends(emulator)
    body = ends.body(options={"partialIngestionPercent": 5})
    emulator.create(body, "/flows")
    assert noted(emulator, "/flows") == [body]
    assert noted(emulator, "/data/foundation/conversion/mappingSets") == [mapping_body()]
    source = source_body(ends.base)
    assert noted(emulator, "/sourceConnections") == [source | {"params": digest(source["params"])}]
    assert noted(emulator, "/targetConnections") == [target_body() | {"params": digest(target_body()["params"])}]


@pytest.mark.parametrize("path", ["/connections", "/sourceConnections", "/flows", "/elsewhere"])
def test_what_a_body_does_not_have_is_a_digest_at_every_path(emulator: Emulator, path: str) -> None:
    body = {"params": {"key": "canary-secret"}, "auth": "canary-secret", "password": "canary-secret"}
    emulator.call("POST", path, json=body)
    emulator.call("PATCH", path, json=[{"op": "add", "path": "/params/key", "value": "canary-secret"}])
    assert len(emulator.requests(path=path)) == 2
    assert "canary-secret" not in json.dumps(emulator.requests(path=path))


def test_what_a_rest_api_is_asked_with_is_a_digest(emulator: Emulator) -> None:
    emulator.call("GET", "/connections/x/explore?objectType=rest&sourceParams=Y2FuYXJ5")
    (entry,) = emulator.requests("GET")
    assert entry["query"] == [["objectType", "rest"], ["sourceParams", digest("Y2FuYXJ5")]]
