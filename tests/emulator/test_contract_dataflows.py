"""Calls about dataflows that change nothing. They also run against a real Flow Service: see conftest.py."""

import pytest

from tests.emulator.dataflow import FILES, NOTHING, TABLES
from tests.emulator.service import DATASET, POSTGRES, Service, flow_code

KINDS = ["sourceConnections", "targetConnections", "flows"]


@pytest.mark.parametrize("query", ['name=="CRMToAEP"', "name==%22CRMToAEP%22", "name==CRMToAEP", f'id=="{TABLES}"'])
def test_it_knows_the_flow_spec_of_tables_by_name_and_id(flow_service: Service, query: str) -> None:
    response = flow_service.call("GET", f"/flowSpecs?property={query}")
    assert response.status_code == 200
    (spec,) = response.json()["items"]
    assert (spec["id"], spec["name"], spec["version"]) == (TABLES, "CRMToAEP", "1.0")
    assert POSTGRES in spec["sourceConnectionSpecIds"]
    assert spec["targetConnectionSpecIds"] == [DATASET]


def test_it_reads_one_flow_spec_as_a_list_of_one(flow_service: Service) -> None:
    (spec,) = flow_service.call("GET", f"/flowSpecs/{FILES}").json()["items"]
    assert spec["name"] == "CloudStorageToAEP"


def test_a_schedule_is_a_start_and_a_frequency(flow_service: Service) -> None:
    (spec,) = flow_service.call("GET", f"/flowSpecs/{TABLES}").json()["items"]
    rules = spec["scheduleSpec"]["spec"]
    assert set(rules["required"]) == {"startTime", "frequency"}
    assert rules["properties"]["frequency"]["enum"] == ["once", "minute", "hour", "day", "week"]


@pytest.mark.parametrize("kind", KINDS)
@pytest.mark.parametrize("method", ["GET", "DELETE"])
def test_it_answers_404_for_what_is_not_there(flow_service: Service, kind: str, method: str) -> None:
    response = flow_service.call(method, f"/{kind}/{NOTHING}")
    assert response.status_code == 404
    assert flow_code(response).startswith("1439-")


@pytest.mark.parametrize("kind", KINDS)
def test_it_wants_if_match_on_a_patch(flow_service: Service, kind: str) -> None:
    operations = [{"op": "replace", "path": "/name", "value": "new"}]
    response = flow_service.call("PATCH", f"/{kind}/{NOTHING}", json=operations)
    assert (response.status_code, flow_code(response)) == (400, "1403-400")


@pytest.mark.parametrize("kind", KINDS)
@pytest.mark.parametrize(
    ("query", "code"),
    [
        ("limit=1&count=true", "1401-400"),
        ("property=name~shop", "1440-400"),
        ("property=createdAt>1,2", "1443-400"),
        ("nonsense=1", "1451-400"),
    ],
)
def test_it_refuses_a_list_that_it_cannot_make(flow_service: Service, kind: str, query: str, code: str) -> None:
    response = flow_service.call("GET", f"/{kind}?{query}")
    assert (response.status_code, flow_code(response)) == (400, code)


@pytest.mark.parametrize("kind", KINDS)
def test_a_count_comes_without_items(flow_service: Service, kind: str) -> None:
    body = flow_service.call("GET", f"/{kind}?count=true").json()
    assert set(body) == {"count"}
    assert body["count"] >= 0


@pytest.mark.parametrize(
    ("kind", "field"),
    [
        ("sourceConnections", "baseConnectionId"),
        ("flows", "flowSpec.id"),
        ("flows", "sourceConnectionIds[]"),
        ("flows", "targetConnectionIds[]"),
        ("runs", "flowId"),
    ],
)
def test_nothing_is_found_by_an_id_that_is_not_there(flow_service: Service, kind: str, field: str) -> None:
    response = flow_service.call("GET", f"/{kind}", params={"property": f"{field}=={NOTHING}"})
    assert response.status_code == 200
    assert response.json()["items"] == []


def test_it_refuses_to_explore_a_spec_that_needs_a_connection(flow_service: Service) -> None:
    response = flow_service.call("GET", f"/connectionSpecs/{POSTGRES}/explore?objectType=root")
    assert (response.status_code, flow_code(response)) == (400, "1372-400")
