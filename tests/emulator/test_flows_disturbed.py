"""Dataflows and what they are made of under faults, across a restart, and in many hands at once."""

import signal
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

import pytest
import requests

from tests.emulator.dataflow import Ends, create_ends, mapping_body, source_body, target_body
from tests.emulator.running import Emulator, running_emulator, running_process
from tests.emulator.service import flow_code, gateway_code, postgres_body

PATHS = ["/sourceConnections", "/targetConnections", "/flows"]


def body(ends: Ends, path: str) -> dict[str, object]:
    return {"/sourceConnections": source_body(ends.base), "/targetConnections": target_body()}.get(path, ends.body())


def count(emulator: Emulator, path: str) -> int:
    return int(emulator.call("GET", f"{path}?count=true").json()["count"])


@pytest.mark.parametrize("path", PATHS)
def test_a_fault_stops_a_create_before_anything_is_made(emulator: Emulator, path: str) -> None:
    ends = create_ends(emulator)
    before = count(emulator, path)
    match = {"method": "POST", "path": path}
    error = {"kind": "status", "status": 503, "code": "1103-503", "message": "Not now.", "match": match, "times": 1}
    emulator.set_faults([{"kind": "throttle", "retry_after": 3, "match": match, "times": 1}, error])
    assert gateway_code(emulator.call("POST", path, json=body(ends, path))) == "429050"
    assert flow_code(emulator.call("POST", path, json=body(ends, path))) == "1103-503"
    emulator.set_faults([{"kind": "lose_before", "match": match, "times": 1}])
    with pytest.raises(requests.ConnectionError):
        emulator.call("POST", path, json=body(ends, path))
    assert count(emulator, path) == before


@pytest.mark.parametrize("path", PATHS)
def test_an_answer_can_be_lost_after_all_is_made(emulator: Emulator, path: str) -> None:
    ends = create_ends(emulator)
    before = count(emulator, path)
    emulator.set_faults([{"kind": "lose_after", "match": {"method": "POST", "path": path}, "times": 1}])
    with pytest.raises(requests.ConnectionError):
        emulator.call("POST", path, json=body(ends, path))
    assert count(emulator, path) == before + 1


def test_data_prep_has_faults_by_its_whole_path(emulator: Emulator) -> None:
    match = {"path": "/data/foundation/conversion/mappingSets"}
    emulator.set_faults([{"kind": "status", "status": 500, "match": match, "times": 1}])
    url = f"{emulator.conversion_url}/mappingSets"
    assert [emulator.call("POST", url, json=mapping_body()).status_code for _ in range(2)] == [500, 200]


def test_only_base_connections_take_time_to_be_set_up(emulator: Emulator) -> None:
    ends = create_ends(emulator)
    emulator.set_faults([{"kind": "initializing", "seconds": 600}])
    assert all(set(emulator.create(body(ends, path), path)) == {"id", "etag"} for path in PATHS)


def test_all_of_it_survives_kill_9(tmp_path: Path) -> None:
    with running_process(tmp_path) as (emulator, process):
        ends = create_ends(emulator)
        made = emulator.create(ends.body(), "/flows")
        process.send_signal(signal.SIGKILL)
        process.wait(timeout=10)
    with running_emulator(tmp_path) as emulator:
        (item,) = emulator.call("GET", f"/flows/{made['id']}").json()["items"]
        assert (item["etag"], item["sourceConnectionIds"]) == (made["etag"], [ends.source])
        assert flow_code(emulator.call("DELETE", f"/connections/{ends.base}")) == "1418-400"
        assert emulator.create(ends.body(name="Another"), "/flows")


def test_nothing_is_built_on_a_connection_while_it_is_deleted(emulator: Emulator) -> None:
    for _ in range(5):
        base = emulator.create(postgres_body())["id"]
        assert emulator.token
        with ThreadPoolExecutor(2) as pool:
            built = pool.submit(emulator.call, "POST", "/sourceConnections", json=source_body(base))
            deleted = pool.submit(emulator.call, "DELETE", f"/connections/{base}")
        assert (built.result().status_code, deleted.result().status_code) in ((201, 400), (400, 204))


def test_of_two_changes_from_one_etag_one_wins(emulator: Emulator) -> None:
    made = emulator.create(create_ends(emulator).body(), "/flows")
    path, headers = f"/flows/{made['id']}", {"If-Match": made["etag"]}
    rename = [{"op": "replace", "path": "/name", "value": "Mine"}]
    with ThreadPoolExecutor(4) as pool:
        calls = [pool.submit(emulator.call, "PATCH", path, json=rename, headers=headers) for _ in range(4)]
    assert sorted(call.result().status_code for call in calls) == [200, 412, 412, 412]
