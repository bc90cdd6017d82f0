"""Calls that change nothing. They also run against a real Flow Service: see CONTRACT_* in conftest.py."""

import uuid
from typing import Any

import pytest

from tests.emulator.service import DATASET, POSTGRES, Service, flow_code, gateway_code, postgres_body

UNKNOWN_ID = str(uuid.UUID(int=0))


def test_it_issues_a_token_that_lasts_for_hours_in_seconds(flow_service: Service) -> None:
    response = flow_service.ask_token()
    assert response.status_code == 200
    body = response.json()
    assert body["access_token"]
    assert body["token_type"].lower() == "bearer"
    assert 3600 <= body["expires_in"] <= 86_400


def test_it_refuses_a_wrong_client_secret_in_the_shape_of_oauth(flow_service: Service) -> None:
    response = flow_service.ask_token(client_secret="not-the-secret")
    assert response.status_code in (400, 401)
    assert response.json()["error"] == "invalid_client"
    assert "not-the-secret" not in response.text


def test_it_refuses_a_call_without_a_token(flow_service: Service) -> None:
    response = flow_service.call("GET", "/connectionSpecs", headers={"Authorization": None})
    assert (response.status_code, gateway_code(response)) == (403, "403010")


@pytest.mark.parametrize("value", ["Bearer not-a-token", "Bearer", "Basic YTpi"])
def test_it_refuses_a_token_that_is_none(flow_service: Service, value: str) -> None:
    response = flow_service.call("GET", "/connectionSpecs", headers={"Authorization": value})
    assert (response.status_code, gateway_code(response)) == (401, "401013")


def test_it_refuses_a_call_without_an_api_key(flow_service: Service) -> None:
    response = flow_service.call("GET", "/connectionSpecs", headers={"x-api-key": None})
    assert (response.status_code, gateway_code(response)) == (403, "403000")


def test_it_refuses_a_foreign_api_key(flow_service: Service) -> None:
    response = flow_service.call("GET", "/connectionSpecs", headers={"x-api-key": "0" * 32})
    assert (response.status_code, gateway_code(response)) == (403, "403003")


def test_it_refuses_a_call_without_an_organization(flow_service: Service) -> None:
    response = flow_service.call("GET", "/connectionSpecs", headers={"x-gw-ims-org-id": None})
    assert (response.status_code, gateway_code(response)) == (400, "400003")


def test_it_refuses_an_organization_that_the_token_is_not_for(flow_service: Service) -> None:
    response = flow_service.call("GET", "/connectionSpecs", headers={"x-gw-ims-org-id": "0000000000000000@AdobeOrg"})
    assert (response.status_code, flow_code(response)) == (401, "2000-401")


def test_it_refuses_a_call_without_a_sandbox(flow_service: Service) -> None:
    response = flow_service.call("GET", "/connections", headers={"x-sandbox-name": None})
    assert (response.status_code, flow_code(response)) == (400, "2105-400")


def test_it_refuses_a_sandbox_that_is_not_there(flow_service: Service) -> None:
    response = flow_service.call("GET", "/connections", headers={"x-sandbox-name": "no-such-sandbox"})
    assert (response.status_code, flow_code(response)) == (404, "2100-404")


@pytest.mark.parametrize("content_type", [None, "text/plain"])
def test_it_refuses_a_write_that_is_not_said_to_be_json(flow_service: Service, content_type: str | None) -> None:
    response = flow_service.call("POST", "/connections", data=b"{}", headers={"Content-Type": content_type})
    body = response.json()
    assert response.status_code == body["status"] == 400
    assert "content-type" in body["detail"].lower()


def test_it_refuses_an_empty_body(flow_service: Service) -> None:
    response = flow_service.call("POST", "/connections", headers={"Content-Type": "application/json"})
    assert (response.status_code, flow_code(response)) == (400, "1405-400")


@pytest.mark.parametrize("text", ["{", "[1,", "nonsense", '{"name": NaN}'])
def test_it_refuses_a_body_that_is_not_json(flow_service: Service, text: str) -> None:
    response = flow_service.call("POST", "/connections", data=text, headers={"Content-Type": "application/json"})
    assert response.status_code == 400


def test_it_refuses_a_connection_spec_that_is_not_there(flow_service: Service) -> None:
    body = postgres_body(connectionSpec={"id": UNKNOWN_ID, "version": "1.0"})
    response = flow_service.call("POST", "/connections", json=body)
    assert (response.status_code, flow_code(response)) == (400, "1413-400")
    assert "canary-secret" not in response.text


def test_it_knows_the_spec_that_the_dataset_tutorial_looks_up(flow_service: Service) -> None:
    response = flow_service.call("GET", f'/connectionSpecs?property=id=="{DATASET}"')
    assert response.status_code == 200
    (spec,) = response.json()["items"]
    assert spec["id"] == DATASET
    assert spec["version"] == "1.0"
    assert not spec.get("authSpec")


@pytest.mark.parametrize("query", [f"id=={POSTGRES}", f'id=="{POSTGRES}"', f"id%3D%3D%22{POSTGRES}%22"])
def test_it_takes_filters_quoted_and_bare_encoded_and_raw(flow_service: Service, query: str) -> None:
    response = flow_service.call("GET", f"/connectionSpecs?property={query}")
    assert [spec["id"] for spec in response.json()["items"]] == [POSTGRES]


def test_a_comma_in_a_filter_means_any_of_the_values(flow_service: Service) -> None:
    response = flow_service.call("GET", f"/connectionSpecs?property=id=={POSTGRES},{DATASET}")
    assert {spec["id"] for spec in response.json()["items"]} == {POSTGRES, DATASET}


def test_it_reads_one_spec_as_a_list_of_one(flow_service: Service) -> None:
    response = flow_service.call("GET", f"/connectionSpecs/{POSTGRES}")
    (spec,) = response.json()["items"]
    names = [entry["name"] for entry in spec["authSpec"]]
    assert "Connection String Based Authentication" in names


def test_it_marks_the_secrets_of_a_spec(flow_service: Service) -> None:
    (spec,) = flow_service.call("GET", f"/connectionSpecs/{POSTGRES}").json()["items"]
    schemas = {entry["name"]: entry["spec"] for entry in spec["authSpec"]}
    connection_string = schemas["Connection String Based Authentication"]["properties"]["connectionString"]
    assert connection_string["format"] == "password"


@pytest.mark.parametrize(
    ("method", "rest"), [("GET", ""), ("DELETE", ""), ("GET", "/test"), ("GET", "/explore?objectType=root")]
)
def test_it_answers_404_for_a_connection_that_is_not_there(flow_service: Service, method: str, rest: str) -> None:
    response = flow_service.call(method, f"/connections/{UNKNOWN_ID}{rest}")
    assert response.status_code == 404
    assert flow_code(response).startswith("1439-")


def test_it_wants_if_match_on_a_patch(flow_service: Service) -> None:
    operations = [{"op": "replace", "path": "/name", "value": "new"}]
    response = flow_service.call("PATCH", f"/connections/{UNKNOWN_ID}", json=operations)
    assert (response.status_code, flow_code(response)) == (400, "1403-400")


@pytest.mark.parametrize(
    ("query", "code"),
    [
        ("limit=1&count=true", "1401-400"),
        ("property=name~shop", "1440-400"),
        ("property=createdAt>1,2", "1443-400"),
        ("nonsense=1", "1451-400"),
    ],
)
def test_it_refuses_a_list_that_it_cannot_make(flow_service: Service, query: str, code: str) -> None:
    response = flow_service.call("GET", f"/connections?{query}")
    assert (response.status_code, flow_code(response)) == (400, code)


def test_a_count_comes_without_items(flow_service: Service) -> None:
    body = flow_service.call("GET", "/connections?count=true").json()
    assert set(body) == {"count"}
    assert body["count"] >= 0


def test_it_lists_the_sandboxes_without_a_sandbox_header(flow_service: Service) -> None:
    url = f"{flow_service.sandbox_management_url}/?limit=20&offset=0"
    response = flow_service.call("GET", url, headers={"x-sandbox-name": None})
    assert response.status_code == 200
    sandboxes: dict[str, Any] = {sandbox["name"]: sandbox for sandbox in response.json()["sandboxes"]}
    assert sandboxes[flow_service.sandbox]["state"] == "active"
    assert {sandbox["type"] for sandbox in sandboxes.values()} <= {"production", "development"}


def test_an_answer_carries_a_request_id(flow_service: Service) -> None:
    response = flow_service.call("GET", f"/connections/{UNKNOWN_ID}")
    assert response.headers["x-request-id"] == response.json()["report"]["request-id"]
