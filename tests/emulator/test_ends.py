"""What source connections and target connections must say to be made, and how they read back."""

from typing import Any

import pytest

from tests.emulator.dataflow import NOTHING, SCHEMA, VERSION, source_body, target_body
from tests.emulator.ends import KINDS, of_spec, patched, read, refused
from tests.emulator.running import Emulator
from tests.emulator.service import DATASET, POSTGRES, flow_code, postgres_body

BLOB, LANDING_ZONE, WEBHOOK = (
    "4c10e202-c428-4796-9208-5f1f5732b1cf",
    "26f526f2-58f4-4712-961d-e41bf1ccc0e8",
    "96479064-7b8a-4d69-b9ed-21c5683837ea",
)
MAILCHIMP = "2e8580db-6489-4726-96de-e33f5f60295f"
ID = "8d1f1a43-0000-4000-8000-000000000007"
DRAFTABLE = {"id": ID, "version": "1.0", "attributes": {"isDraftModeSupported": True, "category": "Databases"}}
SIGNED = {"id", "createdAt", "updatedAt", "createdBy", "updatedBy", "createdClient", "updatedClient"}
SIGNED |= {"sandboxId", "sandboxName", "imsOrgId", "state", "version", "etag"}


@pytest.fixture
def base(emulator: Emulator) -> str:
    return str(emulator.create(postgres_body())["id"])


def test_a_source_connection_reads_back_as_it_was_made(emulator: Emulator, base: str) -> None:
    body = source_body(base, description="All of them")
    response = emulator.call("POST", "/sourceConnections", json=body)
    assert (response.status_code, set(response.json())) == (201, {"id", "etag"})
    assert response.headers["Location"].endswith(f"/sourceConnections/{response.json()['id']}")
    item = read(emulator, "sourceConnections", response.json()["id"])
    assert {name: item[name] for name in body} == body
    assert set(item) == SIGNED | set(body) | {"inheritedAttributes"}
    assert item["inheritedAttributes"] == {"baseConnection": {"id": base, **of_spec(POSTGRES)}}
    assert (item["state"], item["etag"]) == ("enabled", response.json()["etag"])


def test_a_target_connection_reads_back_as_it_was_made(emulator: Emulator) -> None:
    body = target_body()
    item = read(emulator, "targetConnections", emulator.create(body, "/targetConnections")["id"])
    assert {name: item[name] for name in body} == body
    assert set(item) == SIGNED | set(body)


def test_a_target_connection_needs_no_name(emulator: Emulator) -> None:
    assert emulator.create(target_body(name=None), "/targetConnections")["id"]


@pytest.mark.parametrize(
    ("changes", "code", "word"),
    [
        ({"name": None}, "1304-400", "name"),
        ({"name": " "}, "1312-400", "name"),
        ({"description": 7}, "1312-400", "description"),
        ({"connectionSpec": None}, "1304-400", "connectionSpec"),
        ({"connectionSpec": {"id": POSTGRES}}, "1304-400", "version"),
        (of_spec(NOTHING), "1413-400", "spec"),
        ({"baseConnectionId": None}, "1304-400", "baseConnectionId"),
        ({"baseConnectionId": 7}, "1312-400", "baseConnectionId"),
        ({"baseConnectionId": NOTHING}, "1439-400", NOTHING),
        ({"data": None}, "1304-400", "data"),
        ({"data": []}, "1312-400", "data"),
        ({"data": {}}, "1323-400", "format"),
        ({"data": {"format": 7}}, "1312-400", "data.format"),
        ({"data": {"format": "delimited"}}, "1327-400", "tabular"),
        ({"data": {"format": "excel"}}, "1327-400", "excel"),
        ({"data": {"format": "tabular", "columnDelimiter": "||"}}, "1331-400", "Delimiter"),
        ({"data": {"format": "tabular", "properties": {"columnDelimiter": "||"}}}, "1331-400", "Delimiter"),
        ({"data": {"format": "tabular", "properties": 7}}, "1312-400", "data.properties"),
        ({"params": None}, "1323-400", "tableName"),
        ({"params": []}, "1312-400", "params"),
        ({"params": {"tableName": ""}}, "1323-400", "tableName"),
        ({"params": {"tableName": 7}}, "1312-400", "params.tableName"),
        ({"params": {"tableName": "t", "columns": {}}}, "1312-400", "params.columns"),
        ({"params": {"tableName": "t", "columns": [{"type": "string"}]}}, "1312-400", "params.columns[0]"),
        ({"state": "enabled"}, "1312-400", "state"),
        ({"id": NOTHING}, "1312-400", "id"),
    ],
)
def test_it_refuses_a_source_connection_that_is_none(
    emulator: Emulator, base: str, changes: dict[str, Any], code: str, word: str
) -> None:
    found = refused(emulator, "sourceConnections", source_body(base, **changes))
    assert found[0] == code
    assert word in found[1]


@pytest.mark.parametrize(
    ("changes", "code"),
    [
        (of_spec(POSTGRES), "1307-400"),
        ({"connectionSpec": None}, "1304-400"),
        ({"connectionSpec": {"version": "1.0"}}, "1304-400"),
        ({"connectionSpec": {"id": DATASET, "version": "9"}}, "1413-400"),
        ({"data": None}, "1304-400"),
        ({"data": {"schema": 7}}, "1312-400"),
        ({"data": {"schema": {"id": SCHEMA}}}, "1304-400"),
        ({"data": {"schema": {"id": SCHEMA, "version": "1.0"}}}, "1312-400"),
        ({"data": {"schema": {"id": "", "version": VERSION}}}, "1312-400"),
        ({"params": None}, "1325-400"),
        ({"params": {"dataSetId": ""}}, "1325-400"),
        ({"params": {"dataSetId": 7}}, "1312-400"),
        ({"name": ""}, "1312-400"),
        ({"baseConnectionId": NOTHING}, "1312-400"),
    ],
)
def test_it_refuses_a_target_connection_that_is_none(emulator: Emulator, changes: dict[str, Any], code: str) -> None:
    assert refused(emulator, "targetConnections", target_body(**changes))[0] == code


@pytest.mark.parametrize("kind", KINDS)
def test_it_refuses_what_is_no_object_and_what_it_does_not_know(emulator: Emulator, kind: str) -> None:
    assert emulator.call("POST", f"/{kind}", json=[]).status_code == 400
    assert flow_code(emulator.call("POST", f"/{kind}?draft=1", json={})) == "1451-400"
    assert flow_code(emulator.call("POST", f"/{kind}?mode=other", json={})) == "1368-400"
    json_type: dict[str, str | None] = {"Content-Type": "application/json"}
    assert flow_code(emulator.call("POST", f"/{kind}", headers=json_type)) == "1405-400"


@pytest.mark.parametrize("version", [VERSION, f"{VERSION}.0"])
def test_the_schema_comes_in_its_latest_minor_version(emulator: Emulator, version: str) -> None:
    data = {"schema": {"id": SCHEMA, "version": version}}
    assert emulator.create(target_body(data=data), "/targetConnections")


@pytest.mark.parametrize("file_format", ["delimited", "json", "parquet"])
def test_a_file_source_says_its_format_and_path(emulator: Emulator, file_format: str) -> None:
    emulator.set_specs([{"id": BLOB, "version": "1.0", "attributes": {"category": "Cloud Storage"}}])
    base = emulator.create({"name": "Blob", **of_spec(BLOB)})["id"]
    body = source_body(base, data={"format": file_format}, params={"path": "/orders.csv"}, **of_spec(BLOB))
    assert emulator.call("POST", "/sourceConnections", json=body | {"params": {}}).status_code == 400
    assert emulator.call("POST", "/sourceConnections", json=body | {"data": {"format": "tabular"}}).status_code == 400
    assert emulator.create(body, "/sourceConnections")["id"]


def test_the_landing_zone_takes_no_base_connection(emulator: Emulator, base: str) -> None:
    body = source_body(None, data={"format": "json"}, params={"path": "zone/a.json"}, **of_spec(LANDING_ZONE))
    assert refused(emulator, "sourceConnections", body | {"baseConnectionId": base})[0] == "1332-400"
    assert "inheritedAttributes" not in read(
        emulator, "sourceConnections", emulator.create(body, "/sourceConnections")["id"]
    )


def test_a_webhook_source_needs_no_base_connection(emulator: Emulator) -> None:
    body = source_body(None, data={"format": "json"}, params=None, **of_spec(WEBHOOK))
    assert emulator.create(body, "/sourceConnections")["id"]


def test_a_rest_source_says_json(emulator: Emulator) -> None:
    auth = {"specName": "oAuth2RefreshCode", "params": {"accessToken": "canary-secret"}}
    base = emulator.create({"name": "Members", "auth": auth, **of_spec(MAILCHIMP)})["id"]
    body = source_body(base, data={"format": "json"}, params={"listId": "x"}, **of_spec(MAILCHIMP))
    assert emulator.create(body, "/sourceConnections")["id"]


def test_a_draft_may_lack_its_params_until_it_is_published(emulator: Emulator) -> None:
    emulator.set_specs([DRAFTABLE])
    base = emulator.create({"name": "W", **of_spec(ID)}, params={"mode": "draft"})["id"]
    body = source_body(base, data={}, params=None, **of_spec(ID))
    draft = emulator.create(body, "/sourceConnections", params={"mode": "draft"})
    path = f"/sourceConnections/{draft['id']}"
    assert read(emulator, "sourceConnections", draft["id"])["state"] == "draft"
    assert flow_code(emulator.call("POST", f"{path}/action?op=publish")) == "1409-400"
    emulator.act(base, "publish")
    assert flow_code(emulator.call("POST", f"{path}/action?op=publish")) == "1323-400"
    data = {"op": "replace", "path": "/data", "value": {"format": "tabular"}}
    params = {"op": "add", "path": "/params", "value": {"tableName": "shop.orders"}}
    assert patched(emulator, "sourceConnections", draft, data, params).status_code == 200
    assert emulator.call("POST", f"{path}/action?op=PUBLISH").status_code == 200
    assert read(emulator, "sourceConnections", draft["id"])["state"] == "enabled"
    assert flow_code(emulator.call("POST", f"{path}/action?op=publish")) == "1409-400"


def test_nothing_is_made_on_a_draft_but_a_draft(emulator: Emulator) -> None:
    emulator.set_specs([DRAFTABLE])
    base = emulator.create({"name": "W", **of_spec(ID)}, params={"mode": "draft"})["id"]
    assert refused(emulator, "sourceConnections", source_body(base, **of_spec(ID)))[0] == "1409-400"


def test_it_refuses_a_draft_of_a_spec_that_has_none(emulator: Emulator, base: str) -> None:
    assert refused(emulator, "sourceConnections", source_body(base), "?mode=draft")[0] == "1368-400"
    assert refused(emulator, "targetConnections", target_body(), "?mode=draft")[0] == "1368-400"
