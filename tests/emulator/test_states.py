"""A connection's states: how it is read in each of them, and what it allows."""

import time
from pathlib import Path
from typing import Any

import pytest
import requests

from tests.emulator.running import Emulator, running_emulator
from tests.emulator.service import POSTGRES, dataset_body, flow_code, postgres_body

ID = "8d1f1a43-0000-4000-8000-000000000004"
CREATE = {"method": "POST", "path": "/connections"}
INITIALIZING = {"kind": "initializing", "seconds": 600, "match": CREATE}
RENAME = [{"op": "replace", "path": "/name", "value": "Mine"}]
DRAFTABLE = {
    "id": ID,
    "version": "1.0",
    "attributes": {"isDraftModeSupported": True},
    "authSpec": [{"name": "Key", "spec": {"properties": {"host": {"type": "string"}}, "required": ["host"]}}],
}


@pytest.fixture
def slow(emulator: Emulator) -> str:
    """The id of a connection that is still being set up."""
    emulator.set_faults([INITIALIZING])
    return str(emulator.create(postgres_body())["id"])


def draft(emulator: Emulator, **params: str) -> dict[str, Any]:
    emulator.set_specs([DRAFTABLE])
    auth = {"specName": "Key", "params": params}
    body = {"name": "W", "auth": auth, "connectionSpec": {"id": ID, "version": "1.0"}}
    return emulator.create(body, params={"mode": "draft"})


def every_change(emulator: Emulator, connection_id: str, etag: str = "x") -> list[requests.Response]:
    return [
        emulator.patch({"id": connection_id, "etag": etag}, RENAME),
        emulator.call("DELETE", f"/connections/{connection_id}"),
        *(emulator.act(connection_id, op) for op in ("enable", "disable", "publish")),
    ]


def test_a_create_that_takes_long_answers_its_id_alone(emulator: Emulator) -> None:
    emulator.set_faults([INITIALIZING])
    response = emulator.call("POST", "/connections", json=postgres_body())
    assert (response.status_code, set(response.json())) == (201, {"id"})
    assert response.headers["Location"].endswith(response.json()["id"])


def test_while_it_is_initializing_a_connection_has_no_etag(emulator: Emulator, slow: str) -> None:
    item = emulator.read(slow)
    assert item["state"] == "initializing"
    assert (item["name"], item["connectionSpec"]["id"], item["auth"]["params"]) == ("Shop", POSTGRES, {})
    assert not {"etag", "version", "initializingUntil", "secretParams"} & set(item)
    assert emulator.call("GET", "/connections").json()["items"] == [item]


@pytest.mark.parametrize(("state", "count"), [("initializing", 1), ("enabled", 0)])
def test_it_is_found_by_the_state_that_it_is_in(emulator: Emulator, slow: str, state: str, count: int) -> None:
    found = emulator.call("GET", "/connections", params={"property": [f"state=={state}", f"id=={slow}"]})
    assert len(found.json()["items"]) == count


def test_while_it_is_initializing_a_connection_cannot_be_changed(emulator: Emulator, slow: str) -> None:
    before = emulator.read(slow)
    for response in every_change(emulator, slow):
        assert (response.status_code, flow_code(response)) == (400, "1417-400")
        assert "in state initializing" in response.json()["errorMessage"]
    assert emulator.read(slow) == before
    assert emulator.call("GET", f"/connections/{slow}/test").json() == {"result": False}


def test_once_set_up_a_connection_is_like_any_other(emulator: Emulator) -> None:
    emulator.set_faults([INITIALIZING | {"seconds": 0.3, "times": 1}])
    connection_id = emulator.create(postgres_body())["id"]
    assert emulator.read(connection_id)["state"] == "initializing"
    time.sleep(0.31)
    item = emulator.read(connection_id)
    assert item["state"] == "enabled"
    assert item["etag"] == item["version"]
    assert "initializingUntil" not in item
    assert emulator.call("GET", f"/connections/{connection_id}/test").json() == {"result": True}
    assert emulator.patch(item, RENAME).status_code == 200
    assert set(emulator.create(postgres_body())) == {"id", "etag"}


def test_a_restart_does_not_end_it(tmp_path: Path) -> None:
    with running_emulator(tmp_path) as emulator:
        emulator.set_faults([INITIALIZING])
        slow = emulator.create(postgres_body())["id"]
        emulator.set_faults([INITIALIZING | {"seconds": 0.1}])
        quick = emulator.create(postgres_body())["id"]
    time.sleep(0.1)
    with running_emulator(tmp_path) as emulator:
        assert "etag" not in emulator.read(slow)
        assert emulator.read(quick)["etag"]


def test_an_answer_can_be_lost_while_the_connection_is_set_up(emulator: Emulator) -> None:
    emulator.set_faults([{"kind": "lose_after", "match": CREATE, "times": 1}, INITIALIZING])
    with pytest.raises(requests.ConnectionError):
        emulator.call("POST", "/connections", json=postgres_body())
    (item,) = emulator.call("GET", "/connections?property=name==Shop").json()["items"]
    assert item["state"] == "initializing"


def test_a_draft_is_not_set_up_and_so_takes_no_time(emulator: Emulator) -> None:
    emulator.set_faults([INITIALIZING])
    made = draft(emulator)
    assert emulator.read(made["id"])["state"] == "draft"
    assert emulator.read(made["id"])["etag"] == made["etag"]


def test_it_meets_creates_and_nothing_else_whatever_it_matches(emulator: Emulator) -> None:
    emulator.set_faults([{"kind": "initializing", "seconds": 600, "times": 1}])
    assert emulator.names() == []
    assert set(emulator.create(dataset_body())) == {"id"}
    assert emulator.faults() == []


def test_a_connection_in_use_is_not_deleted_until_it_is_free(emulator: Emulator) -> None:
    used, free = (emulator.create(dataset_body(name))["id"] for name in ("Used", "Free"))
    emulator.set_faults([{"kind": "in_use", "match": {"path": f"/connections/{used}"}}])
    for _ in range(2):
        response = emulator.call("DELETE", f"/connections/{used}")
        assert (response.status_code, flow_code(response)) == (400, "1418-400")
        assert "is being used in one or more flows" in response.json()["errorMessage"]
        assert response.json()["report"]["id"] == used
    assert emulator.call("DELETE", f"/connections/{free}").status_code == 204
    assert emulator.patch(emulator.read(used), RENAME).status_code == 200
    emulator.set_faults([])
    assert emulator.call("DELETE", f"/connections/{used}").status_code == 204


def test_what_is_not_there_is_not_in_use(emulator: Emulator) -> None:
    emulator.set_faults([{"kind": "in_use"}])
    assert flow_code(emulator.call("DELETE", "/connections/none")) == "1439-404"


@pytest.mark.parametrize(("op", "state"), [("DISABLE", "disabled"), ("disable", "disabled"), ("ENABLE", "enabled")])
def test_an_action_changes_the_state_and_the_etag(emulator: Emulator, op: str, state: str) -> None:
    made = emulator.create(postgres_body())
    changed = emulator.act(made["id"], op).json()
    assert changed["id"] == made["id"]
    assert changed["etag"] != made["etag"]
    item = emulator.read(made["id"])
    assert (item["state"], item["etag"], item["version"]) == (state, changed["etag"], changed["etag"])


def test_a_disabled_connection_can_be_changed_and_stays_disabled(emulator: Emulator) -> None:
    disabled = emulator.act(emulator.create(postgres_body())["id"], "disable").json()
    assert emulator.patch(disabled, RENAME).status_code == 200
    item = emulator.read(disabled["id"])
    assert (item["name"], item["state"]) == ("Mine", "disabled")
    assert emulator.call("GET", f"/connections/{disabled['id']}/test").json() == {"result": False}


@pytest.mark.parametrize(("query", "code"), [("", "1304-400"), ("?op=explode", "1312-400"), ("?op=", "1304-400")])
def test_it_refuses_an_action_that_it_does_not_know(emulator: Emulator, query: str, code: str) -> None:
    made = emulator.create(postgres_body())
    assert flow_code(emulator.call("POST", f"/connections/{made['id']}/action{query}")) == code


@pytest.mark.parametrize("op", ["FINALIZE", "finalize_update"])
def test_finalizing_is_not_for_users(emulator: Emulator, op: str) -> None:
    assert flow_code(emulator.act(emulator.create(postgres_body())["id"], op)) == "1402-400"


def test_an_action_takes_its_own_parameters_and_no_others(emulator: Emulator) -> None:
    path = f"/connections/{emulator.create(postgres_body())['id']}/action"
    assert emulator.call("POST", f"{path}?op=disable&subOp=APPLY").status_code == 200
    assert flow_code(emulator.call("POST", f"{path}?op=enable&mode=draft")) == "1451-400"


def test_a_draft_is_published_once_and_is_neither_enabled_nor_disabled_before(emulator: Emulator) -> None:
    made = draft(emulator, host="h")
    for op in ("enable", "disable"):
        assert flow_code(emulator.act(made["id"], op)) == "1409-400"
    published = emulator.act(made["id"], "publish").json()
    assert published["etag"] != made["etag"]
    assert emulator.read(made["id"])["state"] == "enabled"
    assert flow_code(emulator.act(made["id"], "publish")) == "1409-400"


def test_a_draft_whose_spec_is_gone_cannot_be_published(emulator: Emulator) -> None:
    made = draft(emulator, host="h")
    emulator.reset_specs()
    assert flow_code(emulator.act(made["id"], "publish")) == "1415-400"


def test_a_change_that_is_overtaken_by_an_action_is_stale(emulator: Emulator) -> None:
    made = emulator.create(postgres_body())
    emulator.act(made["id"], "disable")
    assert flow_code(emulator.patch(made, RENAME)) == "1404-412"
