"""Access tokens of the local IMS."""

import time

import pytest

from tests.emulator.running import Emulator
from tests.emulator.service import gateway_code


def oauth_error(response: object) -> str:
    body = response.json()  # type: ignore[attr-defined]
    assert set(body) == {"error", "error_description"}
    return str(body["error"])


def test_each_token_is_another_one(emulator: Emulator) -> None:
    tokens = {emulator.ask_token().json()["access_token"] for _ in range(3)}
    assert len(tokens) == 3
    assert emulator.ask_token().json() | {"access_token": ""} == {
        "access_token": "",
        "token_type": "bearer",
        "expires_in": 86_399,
    }


@pytest.mark.parametrize(
    ("changes", "status", "error"),
    [
        ({"client_id": "other"}, 401, "invalid_client"),
        ({"client_secret": "ö"}, 401, "invalid_client"),
        ({"grant_type": "password"}, 400, "unsupported_grant_type"),
        ({"scope": ""}, 400, "invalid_request"),
        ({"client_secret": ""}, 400, "invalid_request"),
    ],
)
def test_it_refuses_a_request_that_is_wrong(
    emulator: Emulator, changes: dict[str, str], status: int, error: str
) -> None:
    response = emulator.ask_token(**changes)
    assert (response.status_code, oauth_error(response)) == (status, error)


def test_it_refuses_a_token_request_in_json(emulator: Emulator) -> None:
    response = emulator.session.post(f"{emulator.ims_url}/ims/token/v3", json=emulator.token_form(), timeout=10)
    assert (response.status_code, oauth_error(response)) == (400, "invalid_request")


@pytest.mark.parametrize("method", ["GET", "PUT", "DELETE"])
def test_tokens_are_asked_for_with_post(emulator: Emulator, method: str) -> None:
    response = emulator.session.request(method, f"{emulator.ims_url}/ims/token/v3", timeout=10)
    assert (response.status_code, response.headers["Allow"]) == (405, "POST")


def test_a_token_ends_with_its_lifetime(emulator: Emulator) -> None:
    emulator.set_token_lifetime(0.05)
    assert emulator.token
    time.sleep(0.06)
    response = emulator.call("GET", "/connections")
    assert (response.status_code, gateway_code(response)) == (401, "401013")


def test_every_token_ends_when_told(emulator: Emulator) -> None:
    assert emulator.call("GET", "/connections").status_code == 200
    emulator.end_tokens()
    assert gateway_code(emulator.call("GET", "/connections")) == "401013"
    assert emulator.ask_token().status_code == 200
