"""The explore calls: what goes over the wire, and what is made of answers, however odd and however large."""

import base64
import json
from collections.abc import Callable
from typing import Any
from urllib.parse import parse_qsl, urlsplit

import pytest
import responses

from wizard.flow_service import FlowService, NoAnswer
from wizard.flow_service.explored import MOST_COLUMNS, MOST_ROWS, Column, Contents, RemoteObject

BASE = "https://platform.adobe.io/data/foundation/flowservice"
ID = "1a444165-3439-4c6a-9d6b-1c2a5b3e0001"
URL = f"{BASE}/connections/{ID}/explore"
COLUMNS = [
    {"name": "id", "type": "integer", "meta:xdmType": "int", "xdm": {"type": "integer"}},
    {"name": "at", "type": "timestamp", "meta:xdmType": "date-time", "xdm": {"type": "string", "format": "date-time"}},
]
TABLE = {"format": "flat", "schema": {"columns": COLUMNS}}
NESTED = {
    "type": "object",
    "properties": {
        "id": {"type": "string"},
        "customer": {
            "type": "object",
            "properties": {"id": {"type": "integer"}, "at": {"type": "string", "format": "date"}},
        },
        "tags": {"type": "array", "items": {"type": "string"}},
        "lines": {"type": "array", "items": {"type": "object", "properties": {"sku": {"type": "string"}}}},
    },
}


def root(service: FlowService) -> list[RemoteObject]:
    return service.explore_root(ID)


CALLS: list[tuple[Callable[[FlowService], Any], Any, dict[str, str]]] = [
    (root, [], {"objectType": "root"}),
    (lambda service: service.explore_folder(ID, "/a b/ü&c"), [], {"objectType": "folder", "object": "/a b/ü&c"}),
    (lambda service: service.explore_table(ID, "we;ird"), TABLE, {"objectType": "table", "object": "we;ird"}),
    (
        lambda service: service.explore_table(ID, "a", rows=20),
        TABLE,
        {"objectType": "table", "object": "a", "preview": "true", "previewCount": "20"},
    ),
    (
        lambda service: service.explore_file(ID, "/a.csv", {"fileType": "delimited", "columnDelimiter": "\t", "x": ""}),
        TABLE,
        {"objectType": "file", "object": "/a.csv", "fileType": "delimited", "columnDelimiter": "\t"},
    ),
    (
        lambda service: service.explore_file(ID, "/a.csv", {"fileType": ""}, rows=5),
        TABLE,
        {
            **{"objectType": "file", "object": "/a.csv", "determineProperties": "true"},
            **{"preview": "true", "previewCount": "5"},
        },
    ),
]


@pytest.mark.parametrize(("ask", "answer", "query"), CALLS)
def test_each_call_asks_in_the_words_of_the_tutorials(
    adobe: responses.RequestsMock,
    flow_service: FlowService,
    ask: Callable[[FlowService], Any],
    answer: Any,
    query: dict[str, str],
) -> None:
    adobe.get(URL, json=answer)
    ask(flow_service)
    raw = urlsplit(str(adobe.calls[0].request.url)).query
    assert dict(parse_qsl(raw)) == query
    # As %20, and a slash as %2F: nothing of a name can end the parameter.
    assert "+" not in raw
    assert "/" not in raw


def test_what_a_rest_source_asks_for_goes_along_in_base64(
    adobe: responses.RequestsMock, flow_service: FlowService
) -> None:
    adobe.get(URL, json={"format": "hierarchical", "schema": NESTED, "data": [{"id": "x"}]})
    found = flow_service.explore_records(ID, {"listId": "ÿ~~>?"}, rows=3)
    query = dict(parse_qsl(urlsplit(str(adobe.calls[0].request.url)).query))
    assert json.loads(base64.b64decode(query.pop("sourceParams"))) == {"listId": "ÿ~~>?"}
    fixed = {"objectType": "rest", "object": "json", "fileType": "json", "preview": "true", "previewCount": "3"}
    assert query == fixed
    assert [column.name for column in found.columns] == ["id", "customer.id", "customer.at", "tags[]", "lines[].sku"]
    assert found.rows == ({"id": "x"},)


@pytest.mark.parametrize("wrap", [lambda found: found, lambda found: {"items": found}])
def test_a_listing_may_be_an_array_or_items(
    adobe: responses.RequestsMock, flow_service: FlowService, wrap: Callable[[Any], Any]
) -> None:
    objects = [
        {"type": "TABLE", "name": "Process Dependency", "path": "workflowdependency", "canPreview": False},
        {"type": "table", "name": "ACME"},
    ]
    adobe.get(URL, json=wrap(objects))
    assert root(flow_service) == [
        RemoteObject("table", "Process Dependency", "workflowdependency", can_preview=False),
        RemoteObject("table", "ACME", "ACME"),
    ]


def test_what_makes_no_sense_in_a_listing_spoils_nothing_else(
    adobe: responses.RequestsMock, flow_service: FlowService
) -> None:
    odd = [None, 7, "x", [], {}, {"name": 5, "path": "a"}, {"type": {}, "path": "a"}, {"path": ["a"]}]
    adobe.get(URL, json=[*odd, {"name": "fine", "path": "fine"}])
    assert [found.path for found in root(flow_service)] == ["fine"]


@pytest.mark.parametrize("answer", [None, 7, "x", {}, {"items": 7}])
def test_a_listing_that_is_none_is_no_answer(
    adobe: responses.RequestsMock, flow_service: FlowService, answer: Any
) -> None:
    adobe.get(URL, json=answer)
    with pytest.raises(NoAnswer):
        root(flow_service)


@pytest.mark.parametrize("wrap", [lambda found: found, lambda found: [found], lambda found: {"items": [found]}])
def test_a_table_says_of_each_column_what_it_is_there_and_in_xdm(wrap: Callable[[Any], Any]) -> None:
    found = Contents.from_wire(wrap(TABLE))
    assert found.format == "flat"
    assert found.rows is None
    at = found.columns[1]
    assert (at.name, at.type, at.xdm_type, at.xdm_format, at.meta_xdm_type) == (
        *("at", "timestamp", "string", "date-time", "date-time"),
    )
    assert [column.kept for column in found.columns] == COLUMNS


@pytest.mark.parametrize("answer", [None, [], {}, {"schema": None}, {"schema": []}, [TABLE, TABLE], {"items": []}])
def test_a_table_without_a_schema_is_unreadable(adobe: Any, flow_service: FlowService, answer: Any) -> None:
    adobe.get(URL, json=answer)
    with pytest.raises(NoAnswer):
        flow_service.explore_table(ID, "a")


def test_odd_columns_and_rows_are_left_out() -> None:
    odd = [None, 7, {}, {"name": ""}, {"name": 7}, {"name": "x", "type": 7, "xdm": "no", "meta:xdmType": []}]
    found = Contents.from_wire({"schema": {"columns": odd}, "data": [None, 7, [], {"x": 1}], "properties": []})
    assert [(column.name, column.type, column.xdm_type) for column in found.columns] == [("x", "", "")]
    assert found.rows == ({"x": 1},)
    assert found.properties == {}


def test_there_is_an_end_to_columns_and_rows() -> None:
    columns = [{"name": f"c{number}"} for number in range(MOST_COLUMNS + 500)]
    found = Contents.from_wire({"schema": {"columns": columns}, "data": [{}] * 500})
    assert len(found.columns) == MOST_COLUMNS
    assert found.has_more_columns
    assert len(found.rows or ()) == MOST_ROWS


def test_there_is_an_end_to_a_nested_schema_too() -> None:
    deep: dict[str, Any] = {"type": "string"}
    for _ in range(5000):
        deep = {"type": "object", "properties": {"a": deep}}
    wide = {f"c{number}": {"type": "object", "properties": {"x": {}, "y": {}}} for number in range(MOST_COLUMNS)}
    found = Contents.from_wire({"schema": {"properties": {"deep": deep, **wide}}})
    assert found.columns[0].name == "deep" + ".a" * 19
    assert len(found.columns) == MOST_COLUMNS
    assert found.has_more_columns


@pytest.mark.parametrize("name", ["a\x00b", "a\ud800", "x" * 1001])
def test_a_column_that_no_database_takes_is_shown_and_not_kept(name: str) -> None:
    found = Column.from_wire({"name": name, "type": "text"})
    assert found.name == name
    assert found.kept == {}


def test_of_a_column_only_what_a_source_connection_takes_is_kept() -> None:
    column = {"name": "a", "type": "t", "xdm": {"type": "object", "x": [1]}, "meta:xdmType": "object", "more": "x" * 9}
    assert Column.from_wire(column).kept == {name: column[name] for name in ("name", "type", "meta:xdmType", "xdm")}
    assert Column.from_wire({**column, "xdm": {"x": "y" * 5000}}).kept == {}
    assert Column.from_wire({**column, "xdm": {"x": float("nan")}}).kept == {}


def test_cells_are_in_no_repr() -> None:
    assert "canary" not in repr(Contents.from_wire({**TABLE, "data": [{"id": "canary"}]}))


def test_how_a_file_is_read_comes_with_it() -> None:
    found = {"fileType": "delimited", "compressionType": None, "columnDelimiter": "\t", "other": "x"}
    assert Contents.from_wire({**TABLE, "properties": found}).properties == {
        "fileType": "delimited",
        "columnDelimiter": "\t",
    }
