"""Bodies on the way to a dataflow that a Flow Service refuses.

Against a real one only with CONTRACT_MAY_WRITE=1: what it takes all the same is deleted.
"""

from typing import Any

import pytest

from tests.emulator.dataflow import NOTHING, Ends, source_body, target_body
from tests.emulator.service import DATASET, POSTGRES, Service, flow_code

NOWHERE = Ends(NOTHING, NOTHING, NOTHING, NOTHING)
SPEC = {"id": NOTHING, "version": "1.0"}


def refused(service: Service, kind: str, body: dict[str, Any]) -> str:
    response = service.call("POST", f"/{kind}", json=body)
    if response.status_code == 201:
        service.call("DELETE", f"/{kind}/{response.json()['id']}")
    assert response.status_code in (400, 404), response.text
    return flow_code(response)


@pytest.mark.parametrize(
    ("kind", "body", "code"),
    [
        ("sourceConnections", source_body(NOTHING, connectionSpec=SPEC), "1413-400"),
        ("targetConnections", target_body(connectionSpec={"id": POSTGRES, "version": "1.0"}), "1307-400"),
        ("targetConnections", target_body(params={}), "1325-400"),
        ("flows", NOWHERE.body(flowSpec=SPEC), "1413-400"),
        ("flows", NOWHERE.body(state="enabled"), "1410-400"),
        ("flows", NOWHERE.body(sourceConnectionIds=[]), "1320-400"),
    ],
)
def test_it_refuses_a_body_by_its_code(flow_service: Service, kind: str, body: dict[str, Any], code: str) -> None:
    assert refused(flow_service, kind, body) == code


@pytest.mark.parametrize(
    ("kind", "body"),
    [("sourceConnections", source_body(NOTHING)), ("flows", NOWHERE.body())],
)
def test_it_refuses_what_is_built_on_nothing(flow_service: Service, kind: str, body: dict[str, Any]) -> None:
    assert refused(flow_service, kind, body).startswith("1439-")


@pytest.mark.parametrize("kind", ["sourceConnections", "targetConnections", "flows"])
def test_it_refuses_an_empty_body(flow_service: Service, kind: str) -> None:
    response = flow_service.call("POST", f"/{kind}", headers={"Content-Type": "application/json"})
    assert (response.status_code, flow_code(response)) == (400, "1405-400")


def test_the_data_lake_takes_its_own_version(flow_service: Service) -> None:
    body = target_body(connectionSpec={"id": DATASET, "version": "99"})
    assert refused(flow_service, "targetConnections", body) == "1413-400"
