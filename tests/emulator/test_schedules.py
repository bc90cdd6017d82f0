"""When a dataflow may run, at its making and when its start has passed."""

import sqlite3
import time
from pathlib import Path
from typing import Any

import pytest

from tests.emulator.dataflow import Ends, create_ends, schedule
from tests.emulator.running import Emulator
from tests.emulator.service import flow_code

ONCE = {"frequency": "once", "interval": None, "backfill": None}


@pytest.fixture
def ends(emulator: Emulator) -> Ends:
    return create_ends(emulator)


@pytest.mark.parametrize(
    ("changes", "code"),
    [
        ({"startTime": None}, "1304-400"),
        ({"frequency": None}, "1304-400"),
        ({"startTime": int(time.time()) - 60}, "1360-400"),
        ({"startTime": 1567411548}, "1360-400"),
        ({"startTime": int(time.time() * 1000) + 3_600_000}, "1340-400"),
        ({"startTime": "tomorrow"}, "1340-400"),
        ({"startTime": "2030-01-01T00:00:00Z"}, "1340-400"),
        ({"startTime": True}, "1340-400"),
        ({"startTime": -1}, "1340-400"),
        ({"startTime": 1.5}, "1340-400"),
        ({"frequency": "month"}, "1397-400"),
        ({"frequency": "MINUTE"}, "1397-400"),
        ({"frequency": ["minute"]}, "1397-400"),
        ({"interval": None}, "1304-400"),
        ({"interval": "often"}, "1312-400"),
        ({"interval": 15.5}, "1312-400"),
        ({"interval": True}, "1312-400"),
        ({"interval": 14}, "1362-400"),
        ({"interval": "14"}, "1362-400"),
        ({"interval": 0, "frequency": "hour"}, "1362-400"),
        ({"interval": -1, "frequency": "day"}, "1362-400"),
        ({"backfill": "perhaps"}, "1312-400"),
        ({"backfill": 7}, "1312-400"),
        (ONCE | {"interval": 15}, "1361-400"),
        (ONCE | {"backfill": True}, "1364-400"),
        (ONCE | {"backfill": False}, "1364-400"),
    ],
)
def test_it_refuses_a_schedule_that_is_none(emulator: Emulator, ends: Ends, changes: dict[str, Any], code: str) -> None:
    response = emulator.call("POST", "/flows", json=ends.body(scheduleParams=schedule(**changes)))
    assert (response.status_code, flow_code(response)) == (400, code)


@pytest.mark.parametrize(("value", "code"), [(None, "1317-400"), ({}, "1317-400"), ([7], "1312-400")])
def test_a_dataflow_needs_a_schedule(emulator: Emulator, ends: Ends, value: object, code: str) -> None:
    assert flow_code(emulator.call("POST", "/flows", json=ends.body(scheduleParams=value))) == code


@pytest.mark.parametrize(
    "changes",
    [
        {"interval": 15},
        {"frequency": "hour", "interval": 1},
        {"frequency": "day", "interval": 1, "backfill": None},
        {"frequency": "week", "interval": 2, "backfill": False},
    ],
)
def test_it_takes_every_frequency_at_its_least_interval(
    emulator: Emulator, ends: Ends, changes: dict[str, Any]
) -> None:
    assert emulator.create(ends.body(scheduleParams=schedule(**changes)), "/flows")


def patched(emulator: Emulator, flow_id: str, *operations: dict[str, Any]) -> str:
    """The code of the refusal, "" for none."""
    (item,) = emulator.call("GET", f"/flows/{flow_id}").json()["items"]
    headers = {"If-Match": item["etag"]}
    response = emulator.call("PATCH", f"/flows/{flow_id}", json=list(operations), headers=headers)
    return "" if response.ok else flow_code(response)


def replace(name: str, value: object) -> dict[str, Any]:
    return {"op": "replace", "path": f"/scheduleParams/{name}", "value": value}


def test_before_its_start_a_schedule_may_change_within_the_rules(emulator: Emulator, ends: Ends) -> None:
    flow_id = emulator.create(ends.body(), "/flows")["id"]
    assert patched(emulator, flow_id, replace("startTime", int(time.time()) - 60)) == "1360-400"
    assert patched(emulator, flow_id, replace("interval", 1)) == "1362-400"
    assert patched(emulator, flow_id, replace("frequency", "once")) == "1361-400"
    assert patched(emulator, flow_id, replace("startTime", int(time.time()) + 60), replace("backfill", False)) == ""
    assert patched(emulator, flow_id, replace("interval", 1), replace("frequency", "day")) == ""
    removed = [{"op": "remove", "path": f"/scheduleParams/{name}"} for name in ("interval", "backfill")]
    no_delta = {"op": "replace", "path": "/transformations", "value": [ends.mapped()]}
    assert patched(emulator, flow_id, replace("frequency", "once"), *removed) == "1369-400"
    assert patched(emulator, flow_id, replace("frequency", "once"), *removed, no_delta) == ""


def begun(tmp_path: Path, flow_id: str, start: int) -> None:
    """Sets its start, which nobody can set in the past, behind the service's back."""
    change = "UPDATE resource SET item = json_set(item, '$.scheduleParams.startTime', ?) WHERE id = ?"
    with sqlite3.connect(tmp_path / "flow_service.sqlite3") as db:
        db.execute(change, (start, flow_id))
    db.close()


def test_after_its_start_neither_start_nor_backfill_change_and_once_comes_too_late(
    emulator: Emulator, ends: Ends, tmp_path: Path
) -> None:
    flow_id = emulator.create(ends.body(), "/flows")["id"]
    start = int(time.time()) - 60
    begun(tmp_path, flow_id, start)
    assert patched(emulator, flow_id, replace("startTime", start + 3600)) == "1366-400"
    assert patched(emulator, flow_id, replace("backfill", False)) == "1404-400"
    removed = [{"op": "remove", "path": f"/scheduleParams/{name}"} for name in ("interval", "backfill")]
    no_delta = {"op": "replace", "path": "/transformations", "value": [ends.mapped()]}
    assert patched(emulator, flow_id, replace("frequency", "once"), *removed, no_delta) == "1403-400"
    assert patched(emulator, flow_id, replace("interval", 30), replace("startTime", str(start))) == ""
