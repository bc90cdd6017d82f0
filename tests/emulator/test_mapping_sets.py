"""Mapping sets, at Data Prep's path."""

import re
import time
from typing import Any

import pytest

from tests.emulator.dataflow import Ends, create_ends, create_mapping, mapping_body
from tests.emulator.running import Emulator, as_other
from tests.emulator.service import flow_code, gateway_code


def path(emulator: Emulator) -> str:
    return f"{emulator.conversion_url}/mappingSets"


def test_a_mapping_set_gets_an_id_and_a_version(emulator: Emulator) -> None:
    response = emulator.call("POST", path(emulator), json=mapping_body())
    assert response.status_code == 200
    made = response.json()
    assert set(made) == {"id", "version", "createdDate", "modifiedDate", "createdBy", "modifiedBy"}
    assert re.fullmatch(r"[0-9a-f]{32}", made["id"])
    assert made["version"] == 0
    assert abs(made["createdDate"] / 1000 - time.time()) < 60


@pytest.mark.parametrize(
    "changes",
    [
        {"xdmSchema": None},
        {"xdmSchema": ""},
        {"xdmVersion": 1},
        {"id": "mine"},
        {"mappings": None},
        {"mappings": []},
        {"mappings": {}},
        {"mappings": [7]},
        {"mappings": [{"sourceAttribute": "id"}]},
        {"mappings": [{"destinationXdmPath": "_id"}]},
        {"mappings": [{"destinationXdmPath": "_id", "sourceAttribute": ""}]},
    ],
)
def test_it_refuses_a_mapping_set_that_is_none(emulator: Emulator, changes: dict[str, Any]) -> None:
    response = emulator.call("POST", path(emulator), json=mapping_body(**changes))
    assert (response.status_code, response.json()["title"]) == (400, "BadRequestError")


def test_the_same_headers_are_wanted_as_elsewhere(emulator: Emulator) -> None:
    url = path(emulator)
    assert gateway_code(emulator.call("POST", url, json={}, headers={"Authorization": None})) == "403010"
    assert gateway_code(emulator.call("POST", url, json={}, headers={"x-api-key": None})) == "403000"
    assert flow_code(emulator.call("POST", url, json={}, headers={"x-sandbox-name": None})) == "2105-400"
    assert emulator.call("POST", url, data="{}", headers={"Content-Type": "text/plain"}).status_code == 400


def test_a_mapping_set_is_its_sandboxes_alone(emulator: Emulator) -> None:
    other = as_other(emulator)
    ends = create_ends(other)
    foreign = Ends(ends.base, ends.source, ends.target, create_mapping(emulator))
    assert flow_code(other.call("POST", "/flows", json=foreign.body())) == "1419-400"
    assert other.create(ends.body(), "/flows")
    other.close()


def test_nothing_else_is_at_its_path(emulator: Emulator) -> None:
    assert emulator.call("GET", path(emulator)).status_code == 405
    assert emulator.call("GET", f"{path(emulator)}/{create_mapping(emulator)}").status_code == 404
    assert emulator.call("POST", "/mappingSets", json=mapping_body()).status_code == 404
