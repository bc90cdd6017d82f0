"""What a dataflow must say to be made, and how it reads back."""

import time
from typing import Any

import pytest

from tests.emulator.dataflow import (
    COPY,
    FILES,
    NOTHING,
    TABLES,
    Ends,
    create_ends,
    create_mapping,
    schedule,
    target_body,
)
from tests.emulator.running import Emulator
from tests.emulator.service import DATASET, POSTGRES, flow_code

MADE = {"id", "createdAt", "updatedAt", "createdBy", "updatedBy", "createdClient", "updatedClient"}
MADE |= {"sandboxId", "sandboxName", "imsOrgId", "state", "version", "etag"}
MADE |= {"inheritedAttributes", "runs", "lastOperation"}


@pytest.fixture
def ends(emulator: Emulator) -> Ends:
    return create_ends(emulator)


def refused(emulator: Emulator, body: object, query: str = "") -> tuple[str, str]:
    response = emulator.call("POST", f"/flows{query}", json=body)
    assert response.status_code == 400, response.text
    assert emulator.call("GET", "/flows").json() == {"items": []}
    return flow_code(response), response.json()["errorMessage"]


def test_a_dataflow_reads_back_as_it_was_made(emulator: Emulator, ends: Ends) -> None:
    body = ends.body(description="All of them", options={"errorDiagnosticsEnabled": True, "partialIngestionPercent": 5})
    response = emulator.call("POST", "/flows", json=body)
    assert (response.status_code, set(response.json())) == (201, {"id", "etag"})
    flow_id = response.json()["id"]
    assert response.headers["Location"].endswith(f"/flows/{flow_id}")
    (item,) = emulator.call("GET", f"/flows/{flow_id}").json()["items"]
    assert {name: item[name] for name in body} == body
    assert set(item) == MADE | set(body)
    assert (item["state"], item["etag"]) == ("enabled", response.json()["etag"])
    assert item["runs"] == f"/runs?property=flowId=={flow_id}"
    assert item["lastOperation"] == {"started": item["createdAt"], "updated": 0, "operation": "create"}


def test_a_dataflow_shows_what_it_is_built_on(emulator: Emulator, ends: Ends) -> None:
    flow_id = emulator.create(ends.body(), "/flows")["id"]
    (item,) = emulator.call("GET", f"/flows/{flow_id}").json()["items"]
    spec, lake = {"id": POSTGRES, "version": "1.0"}, {"id": DATASET, "version": "1.0"}
    base = {"id": ends.base, "connectionSpec": spec}
    assert item["inheritedAttributes"] == {
        "properties": {"isSourceFlow": True},
        "sourceConnections": [{"id": ends.source, "connectionSpec": spec, "baseConnection": base}],
        "targetConnections": [{"id": ends.target, "connectionSpec": lake}],
    }


def test_the_version_of_a_flow_spec_may_be_left_out(emulator: Emulator, ends: Ends) -> None:
    flow_id = emulator.create(ends.body(flowSpec={"id": TABLES}), "/flows")["id"]
    (item,) = emulator.call("GET", f"/flows/{flow_id}").json()["items"]
    assert item["flowSpec"] == {"id": TABLES, "version": "1.0"}


@pytest.mark.parametrize(
    ("changes", "code", "word"),
    [
        ({"name": None}, "1304-400", "name"),
        ({"name": ""}, "1312-400", "name"),
        ({"description": 7}, "1312-400", "description"),
        ({"state": "enabled"}, "1410-400", "State"),
        ({"flowSpec": None}, "1304-400", "flowSpec"),
        ({"flowSpec": TABLES}, "1312-400", "flowSpec"),
        ({"flowSpec": {"version": "1.0"}}, "1304-400", "flowSpec.id"),
        ({"flowSpec": {"id": NOTHING, "version": "1.0"}}, "1413-400", "flow spec"),
        ({"flowSpec": {"id": TABLES, "version": "2.0"}}, "1413-400", "flow spec"),
        ({"sourceConnectionIds": None}, "1320-400", "sourceConnectionIds"),
        ({"sourceConnectionIds": []}, "1320-400", "sourceConnectionIds"),
        ({"sourceConnectionIds": [NOTHING, NOTHING]}, "1321-400", "supplied size is 2"),
        ({"sourceConnectionIds": NOTHING}, "1312-400", "sourceConnectionIds"),
        ({"sourceConnectionIds": [7]}, "1312-400", "sourceConnectionIds"),
        ({"sourceConnectionIds": [NOTHING]}, "1439-400", NOTHING),
        ({"targetConnectionIds": None}, "1320-400", "targetConnectionIds"),
        ({"targetConnectionIds": [NOTHING, NOTHING]}, "1321-400", "targetConnectionIds"),
        ({"targetConnectionIds": [NOTHING]}, "1439-400", NOTHING),
        ({"options": []}, "1312-400", "options"),
        ({"options": {"errorDiagnosticsEnabled": "yes"}}, "1312-400", "errorDiagnosticsEnabled"),
        ({"options": {"partialIngestionPercent": 0}}, "1312-400", "partialIngestionPercent"),
        ({"options": {"partialIngestionPercent": True}}, "1312-400", "partialIngestionPercent"),
        ({"colour": "red"}, "1312-400", "colour"),
        ({"id": NOTHING}, "1312-400", "id"),
    ],
)
def test_it_refuses_a_dataflow_that_is_none(
    emulator: Emulator, ends: Ends, changes: dict[str, Any], code: str, word: str
) -> None:
    found = refused(emulator, ends.body(**changes))
    assert found[0] == code
    assert word in found[1]


@pytest.mark.parametrize("query", ["?mode=draft", "?mode=other"])
def test_no_flow_spec_here_has_drafts(emulator: Emulator, ends: Ends, query: str) -> None:
    assert refused(emulator, ends.body(), query)[0] == "1368-400"


def test_a_source_connection_is_no_target_connection(emulator: Emulator, ends: Ends) -> None:
    assert refused(emulator, ends.body(targetConnectionIds=[ends.source]))[0] == "1439-400"
    assert refused(emulator, ends.body(sourceConnectionIds=[ends.base]))[0] == "1439-400"


COLUMN = {"name": "updated_at", "dateFormat": "yyyy-MM-dd HH:mm:ss", "timezone": "UTC"}
MAPPED = {"name": "Mapping"}


@pytest.mark.parametrize(
    ("transformations", "code"),
    [
        (None, "1304-400"),
        ({}, "1312-400"),
        ([7], "1312-400"),
        ([{"params": {}}], "1304-400"),
        ([{"name": "Copy"}], "1304-400"),
        ([{"name": "Copy", "params": []}], "1312-400"),
        ([{"name": "Encryption", "params": {}}], "1312-400"),
        ([], "1367-400"),
        ([{"name": "Copy", "params": {}}], "1367-400"),
        ([{"name": "Copy", "params": {"deltaColumn": "updated_at"}}], "1312-400"),
        ([{"name": "Copy", "params": {"deltaColumn": {"name": 7}}}], "1312-400"),
        ([{"name": "Copy", "params": {"deltaColumn": {"timezone": "UTC"}}}], "1304-400"),
        ([COPY], "1370-400"),
        ([COPY, MAPPED | {"params": {}}], "1329-400"),
        ([COPY, MAPPED | {"params": {"mappingId": 7, "mappingVersion": 0}}], "1312-400"),
        ([COPY, MAPPED | {"params": {"mappingId": NOTHING}}], "1412-400"),
        ([COPY, MAPPED | {"params": {"mappingId": NOTHING, "mappingVersion": "one"}}], "1412-400"),
        ([COPY, MAPPED | {"params": {"mappingId": NOTHING, "mappingVersion": 0}}], "1419-400"),
    ],
)
def test_it_refuses_transformations_that_are_none(
    emulator: Emulator, ends: Ends, transformations: object, code: str
) -> None:
    assert refused(emulator, ends.body(transformations=transformations))[0] == code


def test_the_mapping_is_of_its_version_and_of_the_schema_of_the_target(emulator: Emulator, ends: Ends) -> None:
    wrong = [COPY, ends.mapped(mappingVersion=1)]
    assert refused(emulator, ends.body(transformations=wrong))[0] == "1412-400"
    ends.mapping = create_mapping(emulator, xdmSchema="https://ns.adobe.com/shop/schemas/other")
    assert refused(emulator, ends.body())[0] == "1425-400"
    ends.target = emulator.create(target_body(data={}), "/targetConnections")["id"]
    assert emulator.create(ends.body(), "/flows")


def test_the_delta_column_may_say_its_format_and_the_version_may_be_a_text(emulator: Emulator, ends: Ends) -> None:
    copy = {"name": "Copy", "params": {"deltaColumn": COLUMN}}
    assert emulator.create(ends.body(transformations=[copy, ends.mapped(mappingVersion="0")]), "/flows")


def test_what_runs_once_has_no_delta_column(emulator: Emulator, ends: Ends) -> None:
    once = schedule(frequency="once", interval=None, backfill=None)
    assert refused(emulator, ends.body(scheduleParams=once))[0] == "1369-400"
    assert emulator.create(ends.body(scheduleParams=once, transformations=[ends.mapped()]), "/flows")


def test_files_need_no_delta_column_and_no_mapping(emulator: Emulator, ends: Ends) -> None:
    files = {"flowSpec": {"id": FILES, "version": "1.0"}}
    assert refused(emulator, ends.body(**files))[0] == "1312-400"
    for transformations in ([], [ends.mapped()]):
        assert emulator.create(ends.body(transformations=transformations, **files), "/flows")


def test_numbers_and_truth_values_may_be_texts_as_in_the_tutorials(emulator: Emulator, ends: Ends) -> None:
    texts = {"startTime": str(int(time.time()) + 60), "frequency": "minute", "interval": "15", "backfill": "true"}
    flow_id = emulator.create(ends.body(scheduleParams=texts), "/flows")["id"]
    assert emulator.call("GET", f"/flows/{flow_id}").json()["items"][0]["scheduleParams"] == texts
