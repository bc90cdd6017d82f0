"""Flow specs: listed, found by name and id, read."""

import pytest
from jsonschema import Draft7Validator

from tests.emulator.dataflow import FILES, NOTHING, TABLES, schedule
from tests.emulator.running import Emulator
from tests.emulator.service import DATASET, POSTGRES, flow_code


@pytest.mark.parametrize(
    ("query", "ids"),
    [
        ("", [TABLES, FILES]),
        ('?property=name=="CRMToAEP"', [TABLES]),
        ("?property=name==%22CloudStorageToAEP%22", [FILES]),
        (f"?property=id=={TABLES},{FILES}", [TABLES, FILES]),
        ("?property=attributes.isSourceFlow==true&property=name==CRMToAEP", [TABLES]),
        (f"?property=sourceConnectionSpecIds[]=={POSTGRES}", [TABLES]),
        ("?property=name==Nothing", []),
    ],
)
def test_they_are_found_by_name_and_id(emulator: Emulator, query: str, ids: list[str]) -> None:
    response = emulator.call("GET", f"/flowSpecs{query}")
    assert response.status_code == 200
    assert [spec["id"] for spec in response.json()["items"]] == ids


@pytest.mark.parametrize("query", ["limit=1", "orderby=name", "count=true"])
def test_the_list_takes_filters_and_nothing_else(emulator: Emulator, query: str) -> None:
    assert flow_code(emulator.call("GET", f"/flowSpecs?{query}")) == "1451-400"


def test_one_is_read_as_a_list_of_one(emulator: Emulator) -> None:
    (spec,) = emulator.call("GET", f"/flowSpecs/{TABLES}").json()["items"]
    assert (spec["name"], spec["version"], spec["targetConnectionSpecIds"]) == ("CRMToAEP", "1.0", [DATASET])
    assert [entry["name"] for entry in spec["transformationSpec"]] == ["Copy", "Mapping"]
    assert flow_code(emulator.call("GET", f"/flowSpecs/{NOTHING}")) == "1439-404"


@pytest.mark.parametrize("method", ["POST", "PUT", "PATCH", "DELETE"])
def test_nobody_writes_them(emulator: Emulator, method: str) -> None:
    assert emulator.call(method, "/flowSpecs", json={}).status_code == 405


def test_their_schedule_says_what_the_service_asks_for(emulator: Emulator) -> None:
    (spec,) = emulator.call("GET", f"/flowSpecs/{TABLES}").json()["items"]
    validator = Draft7Validator(spec["scheduleSpec"]["spec"])
    assert validator.is_valid(schedule())
    assert not validator.is_valid(schedule(interval=14))
    assert not validator.is_valid(schedule(frequency="once"))
