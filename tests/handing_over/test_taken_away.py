"""What is handed over, run as it is against the local Flow Service, makes a dataflow: curl, Python and Postman."""

from dataclasses import replace

import pytest

from tests.emulator.service import postgres_body
from tests.handing_over.plans import COLUMNS, FTP, HOSTILE, SCHEMA, file_plan, table_plan, target_of, unknown_ids
from tests.handing_over.takers import at, run_curl, run_postman, run_python
from wizard.dataflows.schedules import Schedule
from wizard.handing_over import as_curl, as_postman, as_python
from wizard.handing_over.requests import handover

TAKERS = {
    "curl": lambda handed, folder, values: run_curl(as_curl.script(handed), folder, values),
    "python": lambda handed, folder, values: run_python(as_python.script(handed), folder, values),
    "postman": lambda handed, _folder, values: run_postman(as_postman.collection(handed, "Orders"), values),
}


def ftp_body():
    params = {"host": "files.example.com", "userName": "ann", "password": "canary-secret"}
    auth = {"specName": "Basic Authentication for FTP", "params": params}
    return {"name": "Files", "auth": auth, "connectionSpec": {"id": FTP, "version": "1.0"}}


@pytest.fixture(params=sorted(TAKERS))
def run(request, flow_service, tmp_path):
    def taken(plan, body, **values):
        plan = replace(plan, base_connection_id=flow_service.create(body)["id"])
        values = {"ACCESS_TOKEN": flow_service.token} | values
        return TAKERS[request.param](handover(target_of(flow_service), plan), tmp_path, values)

    return taken


def test_a_table_becomes_a_dataflow(run, flow_service):
    plan = table_plan()

    made = run(plan, postgres_body())

    flow = at(flow_service, "flows", made["FLOW_ID"])
    assert flow["name"] == "Orders"
    assert flow["scheduleParams"] == plan.schedule.params()
    assert flow["transformations"][0] == {"name": "Copy", "params": {"deltaColumn": {"name": "updated at"}}}
    assert flow["flowSpec"]["id"] == made["FLOW_SPEC_ID"]
    source = at(flow_service, "sourceConnections", flow["sourceConnectionIds"][0])
    assert source["params"] == {"tableName": "sample.orders", "columns": COLUMNS}


def test_a_file_becomes_a_dataflow(run, flow_service):
    made = run(file_plan(), ftp_body())

    flow = at(flow_service, "flows", made["FLOW_ID"])
    assert [entry["name"] for entry in flow["transformations"]] == ["Mapping"]
    source = at(flow_service, "sourceConnections", flow["sourceConnectionIds"][0])
    assert source["data"]["properties"] == {"columnDelimiter": ";", "compressionType": "gzip"}


def test_what_was_not_known_is_filled_in_where_it_is_taken(run, flow_service):
    plan = table_plan(**unknown_ids(), schedule=Schedule("once", table_plan().schedule.start_at), delta_column="")

    made = run(plan, postgres_body(), DATASET_ID="6019e0e7", SCHEMA_ID=SCHEMA)

    target = at(flow_service, "targetConnections", made["TARGET_CONNECTION_ID"])
    assert (target["params"]["dataSetId"], target["data"]["schema"]["id"]) == ("6019e0e7", SCHEMA)


def test_hostile_names_arrive_as_they_are_and_run_nothing(run, flow_service, tmp_path):
    columns = [{"name": name, "type": "string", "xdm": {"type": "string"}} for name in HOSTILE]
    path = "".join(HOSTILE)

    made = run(table_plan(path=path, columns=columns, delta_column=HOSTILE[0]), postgres_body())

    source = at(flow_service, "sourceConnections", made["SOURCE_CONNECTION_ID"])
    assert source["params"] == {"tableName": path, "columns": columns}
    flow = at(flow_service, "flows", made["FLOW_ID"])
    assert flow["transformations"][0]["params"]["deltaColumn"]["name"] == HOSTILE[0]
    assert not list(tmp_path.glob("pwned*"))


def test_a_dataset_leads_to_its_target_connection_alone(run, flow_service):
    body = {"name": "Lake", "connectionSpec": {"id": "c604ff05-7f1a-43c0-8e18-33bf874cb11c", "version": "1.0"}}

    made = run(table_plan(connection_spec=body["connectionSpec"]), body)

    assert at(flow_service, "targetConnections", made["TARGET_CONNECTION_ID"])["name"] == "Orders"
    assert not flow_service.call("GET", "/sourceConnections").json()["items"]
    assert "SOURCE_CONNECTION_ID" not in made
