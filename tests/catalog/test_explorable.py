"""How one looks into a source: what its live spec says, and what our files say where it is silent."""

from typing import Any

import pytest

from wizard.catalog.explorable import LISTING, RECORDS, way_of
from wizard.catalog.loader import load_catalog


def spec(rules: Any) -> dict[str, Any]:
    return {"exploreSpec": {"name": "x", "requestSpec": rules}}


@pytest.mark.parametrize(
    ("rules", "way"),
    [
        ({"type": "object", "properties": {"objectType": {"enum": ["root", "table"]}}}, LISTING),
        ({"type": "object", "properties": {"objectType": {"enum": ["REST"]}}}, RECORDS),
        ({"allOf": [{"properties": {"objectType": {"const": "rest"}}}]}, RECORDS),
        ({"properties": {"objectType": {"enum": ["rest", "folder"]}}}, LISTING),
    ],
)
def test_a_live_spec_decides(rules: Any, way: str) -> None:
    assert way_of(spec(rules), [{"explore": LISTING if way == RECORDS else RECORDS}]) == way


@pytest.mark.parametrize("item", [None, {}, {"exploreSpec": 7}, *map(spec, (None, 7, [], {"objectType": 7}))])
def test_where_it_says_nothing_our_files_do(item: Any) -> None:
    assert way_of(item, [{}, {"explore": "records"}]) == RECORDS
    assert way_of(item, [{}]) == LISTING
    assert way_of(item, []) == LISTING


def test_a_spec_that_is_nested_without_end_says_nothing() -> None:
    deep: Any = {"objectType": {"enum": ["rest"]}}
    for _ in range(5000):
        deep = {"x": deep}
    assert way_of(spec(deep), []) == LISTING


def test_the_sources_that_are_documented_so_have_records() -> None:
    found = {file.slug for file in load_catalog().specs if file.ui.get("explore") == "records"}
    assert {"mailchimp-members", "stripe", "zendesk", "sap-commerce", "onetrust"} <= found
    assert "postgres" not in found
