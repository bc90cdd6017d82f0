"""Faults: what they do on the wire, and to which calls."""

import time
from typing import Any

import pytest
import requests

from tests.emulator.running import Emulator
from tests.emulator.service import dataset_body, flow_code, gateway_code, postgres_body

CREATE = {"method": "POST", "path": "/connections"}


def post(emulator: Emulator, **options: Any) -> requests.Response:
    return emulator.call("POST", "/connections", json=postgres_body(), **options)


def test_latency_comes_before_the_answer(emulator: Emulator) -> None:
    emulator.set_faults([{"kind": "latency", "seconds": 0.2, "match": CREATE, "times": 1}])
    started = time.monotonic()
    assert post(emulator).status_code == 201
    assert time.monotonic() - started >= 0.2
    assert emulator.faults() == []


@pytest.mark.parametrize(
    ("status", "code", "read"),
    [
        (500, "1102-500", flow_code),
        (400, "1308-400", flow_code),
        (403, "403025", gateway_code),
        (599, "", lambda response: response.json()["detail"] and ""),
        (503, "", lambda response: response.json()["detail"] and ""),
    ],
)
def test_a_status_comes_in_the_shape_of_its_code(emulator: Emulator, status: int, code: str, read: Any) -> None:
    fault = {"kind": "status", "status": status, "code": code, "message": "As asked.", "match": CREATE, "times": 1}
    emulator.set_faults([fault])
    response = post(emulator)
    assert (response.status_code, read(response)) == (status, code)
    assert "As asked." in response.text
    assert response.headers["x-request-id"]
    assert emulator.names() == []


def test_a_throttle_says_when_to_come_back(emulator: Emulator) -> None:
    emulator.set_faults([{"kind": "throttle", "retry_after": 7, "match": CREATE, "times": 2}])
    for _ in range(2):
        response = post(emulator)
        assert (response.status_code, gateway_code(response)) == (429, "429050")
        assert response.headers["Retry-After"] == "7"
    assert post(emulator).status_code == 201


def test_refusing_closes_the_socket_for_a_while(emulator: Emulator) -> None:
    assert emulator.names() == []
    emulator.set_faults([{"kind": "refuse", "seconds": 0.3}])
    started = time.monotonic()
    with pytest.raises(requests.ConnectionError, match="refused"):
        post(emulator)
    while time.monotonic() - started < 5:
        try:
            emulator.names()
            break
        except requests.ConnectionError:
            time.sleep(0.02)
    assert 0.2 < time.monotonic() - started < 3
    assert emulator.names() == []


def test_refusing_ends_connections_that_were_kept_open(emulator: Emulator) -> None:
    url = f"{emulator.ims_url}/"
    with requests.Session() as idle:
        assert idle.get(url, timeout=5).status_code == 404
        emulator.set_faults([{"kind": "refuse", "seconds": 0.3}])
        with pytest.raises(requests.ConnectionError):
            idle.get(url, timeout=5)


def test_a_control_call_keeps_no_connection_open(emulator: Emulator) -> None:
    response = emulator.session.get(f"{emulator.ims_url}/_practice/faults", timeout=5)
    assert response.headers["Connection"] == "close"


@pytest.mark.parametrize(("kind", "names"), [("lose_before", []), ("lose_after", ["Shop"])])
def test_a_lost_answer_leaves_the_caller_in_the_dark(emulator: Emulator, kind: str, names: list[str]) -> None:
    emulator.set_faults([{"kind": kind, "match": CREATE, "times": 1}])
    with pytest.raises(requests.ConnectionError, match="without response"):
        post(emulator)
    assert emulator.names() == names
    assert len(emulator.requests("POST", "/connections")) == 1


def test_garbage_is_a_success_that_cannot_be_read(emulator: Emulator) -> None:
    emulator.set_faults([{"kind": "garbage", "match": CREATE, "times": 1}])
    response = post(emulator)
    assert response.status_code == 201
    with pytest.raises(requests.exceptions.JSONDecodeError):
        response.json()
    assert emulator.names() == ["Shop"]


def test_a_drip_comes_whole_but_slowly(emulator: Emulator) -> None:
    emulator.set_faults([{"kind": "drip", "interval": 0.0005, "match": CREATE, "times": 1}])
    started = time.monotonic()
    assert post(emulator).json()["id"]
    assert time.monotonic() - started > 0.1


def test_a_huge_answer_is_longer_than_anyone_wants(emulator: Emulator) -> None:
    emulator.set_faults([{"kind": "huge", "bytes": 3_000_000, "match": CREATE, "times": 1}])
    assert len(post(emulator).content) > 3_000_000


def test_a_test_can_fail(emulator: Emulator) -> None:
    made = emulator.create(dataset_body())
    emulator.set_faults([{"kind": "test_fails", "match": {"path": "/connections/*/test"}}])
    for _ in range(2):
        assert emulator.call("GET", f"/connections/{made['id']}/test").json() == {"result": False}
    emulator.set_faults([])
    assert emulator.call("GET", f"/connections/{made['id']}/test").json() == {"result": True}


def test_a_fault_meets_only_the_calls_that_it_names(emulator: Emulator) -> None:
    emulator.set_faults([{"kind": "status", "status": 500, "code": "1102-500", "match": CREATE}])
    assert emulator.names() == []
    assert emulator.call("GET", "/connectionSpecs").status_code == 200
    assert post(emulator).status_code == 500


def test_ims_can_fail_too(emulator: Emulator) -> None:
    emulator.set_faults([{"kind": "status", "status": 503, "match": {"path": "/ims/token/v3"}, "times": 1}])
    assert emulator.ask_token().status_code == 503
    assert emulator.ask_token().status_code == 200


def test_latency_and_another_fault_add_up(emulator: Emulator) -> None:
    latency = {"kind": "latency", "seconds": 0.05, "match": CREATE}
    emulator.set_faults([latency, latency, {"kind": "throttle", "retry_after": 0, "match": CREATE}])
    started = time.monotonic()
    assert post(emulator).status_code == 429
    assert time.monotonic() - started >= 0.1


@pytest.mark.parametrize(
    "fault",
    [
        "latency",
        {},
        {"kind": "surprise"},
        {"kind": "latency"},
        {"kind": "latency", "seconds": -1},
        {"kind": "latency", "seconds": True},
        {"kind": "latency", "seconds": 1, "minutes": 1},
        {"kind": "latency", "seconds": 1, "times": 0},
        {"kind": "latency", "seconds": 1, "match": {"host": "x"}},
        {"kind": "latency", "seconds": 1, "match": {"path": 1}},
        {"kind": "status", "status": 200},
        {"kind": "initializing"},
        {"kind": "initializing", "seconds": 601},
        {"kind": "in_use", "connections": []},
    ],
)
def test_it_refuses_a_fault_that_is_none(emulator: Emulator, fault: object) -> None:
    response = requests.put(f"{emulator.ims_url}/_practice/faults", json=[fault], timeout=10)
    assert response.status_code == 400
    assert emulator.faults() == []


def test_the_faults_that_are_left_can_be_read(emulator: Emulator) -> None:
    emulator.set_faults([{"kind": "throttle", "retry_after": 1, "match": CREATE, "times": 2}])
    post(emulator)
    assert emulator.faults() == [{"kind": "throttle", "retry_after": 1, "match": CREATE, "times": 1}]
