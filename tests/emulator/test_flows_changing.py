"""How dataflows are found, changed, switched and deleted, and what they keep others from."""

from typing import Any

import pytest
import requests

from tests.emulator.dataflow import COPY, NOTHING, TABLES, Ends, create_ends, create_mapping
from tests.emulator.running import Emulator, as_other
from tests.emulator.service import POSTGRES, flow_code

RENAME = {"op": "replace", "path": "/name", "value": "Mine"}


@pytest.fixture
def ends(emulator: Emulator) -> Ends:
    return create_ends(emulator)


@pytest.fixture
def made(emulator: Emulator, ends: Ends) -> dict[str, Any]:
    return emulator.create(ends.body(), "/flows")


def read(emulator: Emulator, made: dict[str, Any]) -> dict[str, Any]:
    return dict(emulator.call("GET", f"/flows/{made['id']}").json()["items"][0])


def patched(emulator: Emulator, made: dict[str, Any], *operations: dict[str, Any]) -> requests.Response:
    headers = {"If-Match": made["etag"]}
    return emulator.call("PATCH", f"/flows/{made['id']}", json=list(operations), headers=headers)


def test_a_change_gives_a_new_etag_and_is_the_last_operation(emulator: Emulator, made: dict[str, Any]) -> None:
    response = patched(emulator, made, RENAME)
    assert (response.status_code, set(response.json())) == (200, {"id", "etag"})
    item = read(emulator, made)
    assert (item["name"], item["etag"]) == ("Mine", response.json()["etag"])
    assert (item["lastOperation"]["operation"], item["lastOperation"]["ops"]) == ("update", [RENAME])
    assert flow_code(patched(emulator, made, RENAME)) == "1404-412"
    assert flow_code(emulator.call("PATCH", f"/flows/{made['id']}", json=[RENAME])) == "1403-400"


def test_a_mapping_is_replaced_in_its_place(emulator: Emulator, ends: Ends, made: dict[str, Any]) -> None:
    ends.mapping = create_mapping(emulator)
    operation = {"op": "replace", "path": "/transformations/1", "value": ends.mapped()}
    assert patched(emulator, made, operation).status_code == 200
    assert read(emulator, made)["transformations"] == [COPY, ends.mapped()]


@pytest.mark.parametrize(
    ("operation", "code"),
    [
        ({"op": "replace", "path": "/state", "value": "disabled"}, "1365-400"),
        ({"op": "replace", "path": "/flowSpec/id", "value": TABLES}, "1365-400"),
        ({"op": "replace", "path": "/sourceConnectionIds/0", "value": NOTHING}, "1365-400"),
        ({"op": "replace", "path": "/inheritedAttributes", "value": {}}, "1365-400"),
        ({"op": "move", "path": "/name", "value": "x"}, "1434-400"),
        ({"op": "remove", "path": "/scheduleParams/nothing"}, "1455-400"),
        ({"op": "remove", "path": "/scheduleParams/interval"}, "1304-400"),
        ({"op": "remove", "path": "/scheduleParams"}, "1317-400"),
        ({"op": "remove", "path": "/transformations/0"}, "1367-400"),
        ({"op": "replace", "path": "/transformations/9", "value": {}}, "1455-400"),
        ({"op": "replace", "path": "/transformations/1/params/mappingId", "value": NOTHING}, "1419-400"),
        ({"op": "replace", "path": "/name", "value": 7}, "1312-400"),
        ({"op": "add", "path": "/options", "value": 7}, "1312-400"),
    ],
)
def test_it_refuses_a_change_that_would_break_a_rule(
    emulator: Emulator, made: dict[str, Any], operation: dict[str, Any], code: str
) -> None:
    before = read(emulator, made)
    response = patched(emulator, made, RENAME, operation)
    assert (response.status_code, flow_code(response)) == (400, code)
    assert read(emulator, made) == before


def test_a_dataflow_is_switched_off_and_on(emulator: Emulator, made: dict[str, Any]) -> None:
    path = f"/flows/{made['id']}/action"
    for op, state in (("DISABLE", "disabled"), ("enable", "enabled")):
        assert emulator.call("POST", f"{path}?op={op}&subOp=APPLY").status_code == 200
        assert read(emulator, made)["state"] == state
    found = [flow_code(emulator.call("POST", f"{path}?op={op}")) for op in ("publish", "finalize", "explode", "")]
    assert found == ["1409-400", "1402-400", "1312-400", "1304-400"]


@pytest.mark.parametrize("state", ["enabled", "disabled"])
def test_as_long_as_a_dataflow_is_there_its_ends_stay(
    emulator: Emulator, ends: Ends, made: dict[str, Any], state: str
) -> None:
    emulator.call("POST", f"/flows/{made['id']}/action?op={state.removesuffix('d')}")
    paths = (f"/sourceConnections/{ends.source}", f"/targetConnections/{ends.target}", f"/connections/{ends.base}")
    refused = [emulator.call("DELETE", path) for path in paths]
    assert [flow_code(response) for response in refused] == ["1447-400", "1447-400", "1418-400"]
    assert ends.source in refused[0].json()["errorMessage"]
    assert emulator.call("DELETE", f"/flows/{made['id']}").status_code == 204
    assert [emulator.call("DELETE", path).status_code for path in paths] == [204, 204, 204]


def test_a_deleted_dataflow_is_gone(emulator: Emulator, made: dict[str, Any]) -> None:
    path = f"/flows/{made['id']}"
    response = emulator.call("DELETE", path)
    assert (response.status_code, response.content) == (204, b"")
    for answer in (emulator.call("GET", path), emulator.call("DELETE", path), patched(emulator, made, RENAME)):
        assert flow_code(answer) == "1439-404"


@pytest.mark.parametrize(
    "query",
    [
        "id=={id}",
        "name==Orders every quarter of an hour",
        f"flowSpec.id=={TABLES}",
        "state==enabled",
        "sourceConnectionIds[]=={source}",
        "targetConnectionIds[]=={target}",
        "inheritedAttributes.properties.isSourceFlow==true",
        f"inheritedAttributes.sourceConnections[].connectionSpec.id=={POSTGRES}",
        "inheritedAttributes.sourceConnections[].baseConnection.id=={base}",
    ],
)
def test_a_dataflow_is_found_by_what_it_is(emulator: Emulator, ends: Ends, made: dict[str, Any], query: str) -> None:
    found = emulator.call("GET", "/flows", params={"property": query.format(id=made["id"], **vars(ends))})
    assert [item["id"] for item in found.json()["items"]] == [made["id"]]


def test_dataflows_are_counted_and_come_in_pages(emulator: Emulator, ends: Ends) -> None:
    ids = [emulator.create(ends.body(name=name), "/flows")["id"] for name in "cab"]
    assert emulator.call("GET", "/flows?count=true").json() == {"count": 3}
    assert flow_code(emulator.call("GET", "/flows?count=true&limit=1")) == "1401-400"
    first = emulator.call("GET", "/flows?limit=2&orderby=-name").json()
    rest = emulator.call("GET", first["_links"]["next"]["href"]).json()
    assert [item["id"] for item in first["items"] + rest["items"]] == [ids[0], ids[2], ids[1]]


def test_a_dataflow_and_what_it_needs_are_their_sandboxes_alone(
    emulator: Emulator, ends: Ends, made: dict[str, Any]
) -> None:
    elsewhere: dict[str, str | None] = {"x-sandbox-name": "dev"}
    other = as_other(emulator)
    path = f"/flows/{made['id']}"
    for answer in (other.call("GET", path), other.call("DELETE", path), emulator.call("GET", path, headers=elsewhere)):
        assert (answer.status_code, flow_code(answer)) == (404, "1439-404")
    assert flow_code(other.call("POST", "/flows", json=ends.body())) == "1439-400"
    assert emulator.call("GET", "/flows", headers=elsewhere).json() == {"items": []}
    other.close()


def test_no_dataflow_runs_here(emulator: Emulator, made: dict[str, Any]) -> None:
    assert emulator.call("GET", read(emulator, made)["runs"]).json() == {"items": []}
    assert flow_code(emulator.call("GET", f"/runs/{NOTHING}")) == "1439-404"
    assert emulator.call("POST", "/runs", json={}).status_code == 405
