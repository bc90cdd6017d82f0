"""What one sees when one looks into a connection."""

from typing import Any
from urllib.parse import quote

import pytest
import requests

from tests.emulator.running import Emulator
from tests.emulator.service import dataset_body, flow_code, postgres_body

ID = "8d1f1a43-0000-4000-8000-000000000005"
STREAMING = "521eee4d-8cbe-4906-bb48-fb6bd4450033"
FIELDS = {"type", "name", "path", "canPreview", "canFetchSchema"}


def explored(emulator: Emulator, connection_id: str, query: str = "objectType=root") -> requests.Response:
    return emulator.call("GET", f"/connections/{connection_id}/explore?{query}")


def of_category(emulator: Emulator, category: object, **changes: Any) -> str:
    """The id of a connection to a source of that category."""
    emulator.set_specs([{"id": ID, "version": "1.0", "attributes": {"category": category}, **changes}])
    return str(emulator.create({"name": "W", "connectionSpec": {"id": ID, "version": "1.0"}})["id"])


@pytest.mark.parametrize(
    "category",
    [
        *("Databases", "database", "CRM", "Customer Success", "customerSuccess", "eCommerce"),
        *("Marketing Automation", "Payments", "Advertising"),
    ],
)
def test_a_tabular_source_has_tables_and_a_view(emulator: Emulator, category: str) -> None:
    response = explored(emulator, of_category(emulator, category))
    assert response.status_code == 200
    assert all(set(entry) == FIELDS for entry in response.json())
    assert {entry["type"] for entry in response.json()} == {"table", "view"}
    assert {"customers", "orders", "events"} <= {entry["name"] for entry in response.json()}
    assert any(entry["name"] != entry["path"] for entry in response.json())


@pytest.mark.parametrize("category", ["Cloud Storage", "cloudStorage"])
def test_a_cloud_storage_has_folders_and_files(emulator: Emulator, category: str) -> None:
    entries = explored(emulator, of_category(emulator, category)).json()
    assert all(set(entry) == FIELDS for entry in entries)
    assert {(entry["type"], entry["canPreview"], entry["canFetchSchema"]) for entry in entries} == {
        ("folder", False, False),
        ("file", True, True),
    }


@pytest.mark.parametrize("category", ["Protocols", "Streaming", "Platform", "Loyalty", "", None, 7, {"key": "crm"}])
def test_other_sources_cannot_be_explored(emulator: Emulator, category: object) -> None:
    response = explored(emulator, of_category(emulator, category))
    assert (response.status_code, flow_code(response)) == (400, "1336-400")
    assert ID in response.json()["errorMessage"]


@pytest.mark.parametrize("category", ["Cloud Storage", "eCommerce", "Marketing Automation"])
def test_streaming_sources_cannot_be_explored_whatever_their_category(emulator: Emulator, category: str) -> None:
    assert flow_code(explored(emulator, of_category(emulator, category, providerId=STREAMING))) == "1336-400"


def test_a_streaming_database_answers_in_an_envelope_and_without_paths(emulator: Emulator) -> None:
    body = explored(emulator, of_category(emulator, "Databases", providerId=STREAMING)).json()
    assert set(body) == {"items"}
    assert all(set(entry) == {"type", "name"} for entry in body["items"])


def test_a_dataset_cannot_be_explored(emulator: Emulator) -> None:
    assert flow_code(explored(emulator, emulator.create(dataset_body())["id"])) == "1336-400"


def test_a_source_whose_spec_is_gone_cannot_be_explored(emulator: Emulator) -> None:
    connection_id = of_category(emulator, "Databases")
    emulator.reset_specs()
    assert flow_code(explored(emulator, connection_id)) == "1336-400"


@pytest.mark.parametrize(
    ("query", "code"),
    [
        ("", "1359-400"),
        ("objectType=", "1359-400"),
        ("objecttype=root", "1451-400"),
        ("objectType=schema", "1358-400"),
        ("objectType=root&limit=1", "1451-400"),
        ("objectType=folder&object=%2Forders", "1358-400"),
        ("objectType=FILE&object=%2Forders.csv&FileType=JSON&CompressionType=gzip", "1358-400"),
        ("objectType=rest&object=json&fileType=json&sourceParams=e30", "1358-400"),
        ("objectType=table", "1359-400"),
        ("objectType=table&object=", "1337-400"),
        ("objectType=table&object=orders", "1330-400"),
        ("objectType=table&object=sample.nothing", "1330-400"),
        ("objectType=table&object=sample.orders&preview=perhaps", "1312-400"),
        ("objectType=table&object=sample.orders&preview=true&previewCount=0", "1394-400"),
        ("objectType=table&object=sample.orders&preview=true&previewCount=-1", "1394-400"),
        ("objectType=table&object=sample.orders&preview=true&previewCount=few", "1312-400"),
    ],
)
def test_it_refuses_what_it_cannot_explore(emulator: Emulator, query: str, code: str) -> None:
    response = explored(emulator, emulator.create(postgres_body())["id"], query)
    assert (response.status_code, flow_code(response)) == (400, code)


@pytest.mark.parametrize("kind", ["table", "folder", "file", "rest"])
def test_where_nothing_can_be_explored_nothing_deeper_can(emulator: Emulator, kind: str) -> None:
    query = f"objectType={kind}&object=sample.orders"
    assert flow_code(explored(emulator, emulator.create(dataset_body())["id"], query)) == "1336-400"
    assert flow_code(explored(emulator, of_category(emulator, "Databases", providerId=STREAMING), query)) == "1336-400"


def test_every_table_of_the_root_has_columns_and_rows(emulator: Emulator) -> None:
    connection_id = emulator.create(postgres_body())["id"]
    for entry in explored(emulator, connection_id).json():
        query = f"objectType=table&object={quote(entry['path'])}"
        plain = explored(emulator, connection_id, query).json()
        assert (set(plain), plain["format"]) == ({"format", "schema"}, "flat")
        names = [column["name"] for column in plain["schema"]["columns"]]
        preview = explored(emulator, connection_id, f"{query}&preview=true").json()
        assert preview["schema"] == plain["schema"]
        assert preview["data"]
        assert all(list(row) == names for row in preview["data"])


def test_a_column_says_its_type_and_its_type_in_xdm(emulator: Emulator) -> None:
    connection_id = emulator.create(postgres_body())["id"]
    table = explored(emulator, connection_id, "objectType=TABLE&object=sample.orders").json()
    columns = {column["name"]: column for column in table["schema"]["columns"]}
    assert columns["status"] == {"name": "status", "type": "string", "xdm": {"type": "string"}}
    moment = {"type": "string", "format": "date-time"}
    assert columns["updated_at"] == {
        "name": "updated_at",
        "type": "string",
        "meta:xdmType": "date-time",
        "xdm": moment,
    }


def test_so_many_rows_come_as_are_wanted_and_always_the_same(emulator: Emulator) -> None:
    connection_id = emulator.create(postgres_body())["id"]
    query = "objectType=table&object=sample.customers&preview=true&previewCount=3"
    rows = explored(emulator, connection_id, query).json()["data"]
    assert [row["id"] for row in rows] == [1, 2, 3]
    assert explored(emulator, emulator.create(postgres_body())["id"], query).json()["data"] == rows


def test_the_sample_says_that_it_is_one(emulator: Emulator) -> None:
    connection_id = emulator.create(postgres_body())["id"]
    assert all(entry["path"].startswith("sample.") for entry in explored(emulator, connection_id).json())
    query = "objectType=table&object=sample.customers&preview=true"
    rows = explored(emulator, connection_id, query).json()["data"]
    assert all(row["name"].startswith("Sample Person") and row["email"].endswith("@example.com") for row in rows)
    files = explored(emulator, of_category(emulator, "Cloud Storage")).json()
    assert all(entry["name"].startswith("sample ") for entry in files)


@pytest.mark.parametrize("query", ["objectType=ROOT", "objectType=Root", "objectType=root&object="])
def test_it_takes_the_capitals_of_the_openapi_file_too(emulator: Emulator, query: str) -> None:
    connection_id = emulator.create(postgres_body())["id"]
    assert explored(emulator, connection_id, query).json() == explored(emulator, connection_id).json()


def test_a_connection_that_is_not_there_cannot_be_explored(emulator: Emulator) -> None:
    assert flow_code(explored(emulator, "none")) == "1439-404"


def test_a_connection_can_be_explored_in_every_state(emulator: Emulator) -> None:
    connection_id = emulator.create(postgres_body())["id"]
    emulator.act(connection_id, "disable")
    assert explored(emulator, connection_id).status_code == 200
    emulator.set_faults([{"kind": "initializing", "seconds": 600}])
    assert explored(emulator, emulator.create(postgres_body())["id"]).status_code == 200
