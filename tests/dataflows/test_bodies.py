"""The bodies from a base connection to a dataflow, and the local Flow Service, which takes them."""

import time
from datetime import UTC, datetime

import pytest

from tests.emulator.service import postgres_body
from wizard.dataflows.bodies import (
    FLOW_SPECS,
    flow_body,
    lake_spec,
    leads_to_target,
    mapping_set_body,
    source_connection_body,
    target_connection_body,
)
from wizard.dataflows.schedules import Schedule

SPEC = {"id": "74a1c565-4e59-48d7-9d67-7c03b8a13137", "version": "1.0"}
FTP = "fb2e94c9-c031-467d-8103-6bd6e0a432f2"
SCHEMA = "https://ns.adobe.com/shop/schemas/52b59140"
COLUMNS = [
    {"name": "id", "type": "integer", "meta:xdmType": "int", "xdm": {"type": "integer"}},
    {"name": "updated at", "type": "string", "xdm": {"type": "string", "format": "date-time"}},
]


def source(object_type="table", path="sample.orders", columns=COLUMNS, **options):
    return source_connection_body(
        name="Orders",
        description="",
        base_connection_id="{BASE_CONNECTION_ID}",
        connection_spec=SPEC,
        object_type=object_type,
        path=path,
        columns=columns,
        options=options,
    )


def flow(schedule, delta_column=""):
    return flow_body(
        name="Orders",
        description="Every hour",
        flow_spec={"id": "{FLOW_SPEC_ID}", "version": "1.0"},
        source_connection_id="{SOURCE_CONNECTION_ID}",
        target_connection_id="{TARGET_CONNECTION_ID}",
        mapping_id="{MAPPING_ID}",
        mapping_version="{MAPPING_VERSION}",
        schedule=schedule,
        delta_column=delta_column,
    )


def test_a_table_is_named_with_its_columns_as_explore_gave_them():
    assert source() == {
        "name": "Orders",
        "baseConnectionId": "{BASE_CONNECTION_ID}",
        "data": {"format": "tabular"},
        "params": {"tableName": "sample.orders", "columns": COLUMNS},
        "connectionSpec": SPEC,
    }


def test_without_a_choice_of_columns_none_are_said():
    assert source(columns=[])["params"] == {"tableName": "sample.orders"}


def test_a_file_is_named_with_how_it_is_read():
    body = source("file", "/in/a.csv", fileType="delimited", columnDelimiter=";", compressionType="gzip")
    assert body["data"] == {
        "format": "delimited",
        "properties": {"columnDelimiter": ";", "compressionType": "gzip"},
    }
    assert body["params"] == {"path": "/in/a.csv", "type": "file"}


def test_a_tab_is_sent_as_one_and_only_delimited_files_have_a_delimiter():
    assert source("file", fileType="delimited", columnDelimiter="\\t")["data"]["properties"] == {
        "columnDelimiter": "\t"
    }
    assert source("file", fileType="json", columnDelimiter=",")["data"] == {"format": "json"}
    assert source("file")["data"] == {"format": "delimited"}


def test_records_are_asked_for_with_their_own_params():
    body = source("rest", "json", sourceParams={"listId": "7"})
    assert (body["data"], body["params"]) == ({"format": "json"}, {"listId": "7"})


def test_the_target_connection_leads_into_the_lake_and_names_no_base_connection():
    body = target_connection_body(name="Lake", description="For orders", dataset_id="6019e0e7", schema_id=SCHEMA)
    assert body == {
        "name": "Lake",
        "description": "For orders",
        "data": {"schema": {"id": SCHEMA, "version": "application/vnd.adobe.xed-full+json;version=1"}},
        "params": {"dataSetId": "6019e0e7"},
        "connectionSpec": {"id": "c604ff05-7f1a-43c0-8e18-33bf874cb11c", "version": "1.0"},
    }


def test_the_catalog_says_which_spec_is_an_end_of_dataflows():
    assert leads_to_target(lake_spec().id)
    assert not leads_to_target(SPEC["id"])


def test_a_mapping_set_has_each_column_at_the_field_of_its_name():
    body = mapping_set_body(schema_id=SCHEMA, columns=["id", "updated at"], prefix="_shop")
    fixed = {"identity": False, "identityGroup": None, "namespaceCode": None, "version": 0}
    assert body == {
        "version": 0,
        "xdmSchema": SCHEMA,
        "xdmVersion": "1.0",
        "id": None,
        "mappings": [
            {"destinationXdmPath": "_shop.id", "sourceAttribute": "id", **fixed},
            {"destinationXdmPath": "_shop.updated_at", "sourceAttribute": "${updated at}", **fixed},
        ],
    }


def test_a_dataflow_names_its_two_ends_its_mapping_and_its_delta_column():
    start = datetime(2027, 1, 4, 6, 30, tzinfo=UTC)
    assert flow(Schedule("hour", start, 1, backfill=True), "updated at") == {
        "name": "Orders",
        "description": "Every hour",
        "flowSpec": {"id": "{FLOW_SPEC_ID}", "version": "1.0"},
        "sourceConnectionIds": ["{SOURCE_CONNECTION_ID}"],
        "targetConnectionIds": ["{TARGET_CONNECTION_ID}"],
        "transformations": [
            {"name": "Copy", "params": {"deltaColumn": {"name": "updated at"}}},
            {"name": "Mapping", "params": {"mappingId": "{MAPPING_ID}", "mappingVersion": "{MAPPING_VERSION}"}},
        ],
        "scheduleParams": {"startTime": 1799044200, "frequency": "hour", "interval": 1, "backfill": True},
    }


def test_what_has_no_delta_column_copies_nothing():
    entries = flow(Schedule("once", datetime(2027, 1, 4, tzinfo=UTC)))["transformations"]
    assert [entry["name"] for entry in entries] == ["Mapping"]


def ftp_body():
    params = {"host": "files.example.com", "userName": "ann", "password": "canary-secret"}
    auth = {"specName": "Basic Authentication for FTP", "params": params}
    return {"name": "Files", "auth": auth, "connectionSpec": {"id": FTP, "version": "1.0"}}


def soon(frequency, *rest):
    return Schedule(frequency, datetime.fromtimestamp(time.time() + 3600, UTC), *rest)


@pytest.mark.parametrize(
    ("object_type", "path", "base", "schedule", "delta_column"),
    [
        ("table", "sample.orders", postgres_body(), soon("minute", 15, True), "updated at"),
        ("table", "sample.orders", postgres_body(), soon("once"), ""),
        ("file", "/sample events/events.json", ftp_body(), soon("day", 1, False), ""),
    ],
)
def test_the_local_flow_service_takes_them(flow_service, object_type, path, base, schedule, delta_column):
    names = {"name": "Orders", "description": "Orders of the shop"}
    source_body = source_connection_body(
        **names,
        base_connection_id=flow_service.create(base)["id"],
        connection_spec=base["connectionSpec"],
        object_type=object_type,
        path=path,
        columns=COLUMNS,
        options={},
    )
    target_body = target_connection_body(**names, dataset_id="6019e0e7", schema_id=SCHEMA)
    mapping_body = mapping_set_body(schema_id=SCHEMA, columns=["id", "updated at"], prefix="_shop")
    mapping = flow_service.call("POST", f"{flow_service.conversion_url}/mappingSets", json=mapping_body).json()
    query = f'/flowSpecs?property=name=="{FLOW_SPECS[object_type]}"'
    (flow_spec,) = flow_service.call("GET", query).json()["items"]
    body = flow_body(
        **names,
        flow_spec={"id": flow_spec["id"], "version": flow_spec["version"]},
        source_connection_id=flow_service.create(source_body, "/sourceConnections")["id"],
        target_connection_id=flow_service.create(target_body, "/targetConnections")["id"],
        mapping_id=mapping["id"],
        mapping_version=mapping["version"],
        schedule=schedule,
        delta_column=delta_column,
    )
    assert flow_service.create(body, "/flows")["id"]
