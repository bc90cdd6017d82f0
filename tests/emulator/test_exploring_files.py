"""What GET /connections/{id}/explore shows of folders and files, and of REST APIs."""

import base64
from collections.abc import Iterator
from typing import Any
from urllib.parse import quote

import pytest
import requests

from tests.emulator.running import Emulator, running_emulator
from tests.emulator.service import POSTGRES, Service, flow_code

BLOB, MAILCHIMP = "4c10e202-c428-4796-9208-5f1f5732b1cf", "2e8580db-6489-4726-96de-e33f5f60295f"
LANDING_ZONE = "26f526f2-58f4-4712-961d-e41bf1ccc0e8"
CSV, JSON = quote("/sample orders.csv"), quote("/sample open orders.json")
TSV, ZIPPED = quote("/sample customers/customers.tsv"), quote("/sample customers/customers.csv.gz")
PARQUET = quote("/sample customers/archive/customers.parquet")
PARAMS = base64.b64encode(b'{"listId": "a?>~"}').decode()


@pytest.fixture(scope="module")
def storage(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Emulator]:
    with running_emulator(tmp_path_factory.mktemp("files")) as running:
        yield running


@pytest.fixture(scope="module")
def blob(storage: Emulator) -> str:
    """A path to explore."""
    storage.set_specs([{"id": BLOB, "version": "1.0", "attributes": {"category": "Cloud Storage"}}])
    body = {"name": "Files", "connectionSpec": {"id": BLOB, "version": "1.0"}}
    return f"/connections/{storage.create(body)['id']}/explore"


@pytest.fixture(scope="module")
def members(storage: Emulator) -> str:
    auth = {"specName": "oAuth2RefreshCode", "params": {"accessToken": "canary-secret"}}
    body = {"name": "Members", "auth": auth, "connectionSpec": {"id": MAILCHIMP, "version": "1.0"}}
    return f"/connections/{storage.create(body)['id']}/explore"


def file(service: Service, path: str, query: str) -> requests.Response:
    return service.call("GET", f"{path}?objectType=file&object={query}")


def found(service: Service, path: str, query: str) -> dict[str, Any]:
    response = file(service, path, query)
    assert response.status_code == 200, response.text
    return dict(response.json())


def names(answer: dict[str, Any]) -> list[str]:
    return [column["name"] for column in answer["schema"]["columns"]]


def walked(service: Service, path: str, query: str = "objectType=root") -> Iterator[dict[str, Any]]:
    for entry in service.call("GET", f"{path}?{query}").json():
        yield entry
        if entry["type"] == "folder":
            yield from walked(service, path, f"objectType=folder&object={quote(entry['path'])}")


def test_folders_lead_to_every_file_and_every_file_can_be_detected(storage: Emulator, blob: str) -> None:
    entries = list(walked(storage, blob))
    assert len({entry["path"] for entry in entries}) == len(entries)
    files = [entry for entry in entries if entry["type"] == "file"]
    assert len(files) == 6
    for entry in files:
        query = f"{quote(entry['path'])}&preview=true&determineProperties=true"
        answer = found(storage, blob, query)
        assert set(answer) == {"properties", "format", "schema", "data"}
        assert set(answer["properties"]) == {"fileType", "compressionType", "columnDelimiter"}
        assert answer["data"]


def test_a_folder_may_be_named_without_its_slash(storage: Emulator, blob: str) -> None:
    found = [
        storage.call("GET", f"{blob}?objectType=folder&object={quote(path)}").json()
        for path in ("/sample customers/", "/sample customers")
    ]
    assert found[0] == found[1] != []


def test_a_delimited_file_is_read_with_a_comma_unless_another_is_named(storage: Emulator, blob: str) -> None:
    answer = found(storage, blob, f"{CSV}&fileType=delimited&preview=true")
    assert answer["format"] == "flat"
    assert names(answer)[:2] == ["id", "customer_id"]
    assert all(column["xdm"] == {"type": "string"} for column in answer["schema"]["columns"])
    assert answer["data"][0]["id"] == "1001"
    assert set(found(storage, blob, f"{CSV}&fileType=delimited")) == {"format", "schema"}
    for delimiter in ("%09", "\\t"):
        assert names(found(storage, blob, f"{TSV}&fileType=delimited&columnDelimiter={delimiter}"))[0] == "id"


def test_with_a_wrong_delimiter_a_line_is_one_column(storage: Emulator, blob: str) -> None:
    assert len(names(found(storage, blob, f"{TSV}&fileType=delimited"))) == 1


def test_a_compressed_file_is_read_as_what_it_is(storage: Emulator, blob: str) -> None:
    how = "fileType=delimited&compressionType=gzip&columnDelimiter=%7C&preview=true&previewCount=1"
    answer = found(storage, blob, f"{ZIPPED}&{how}")
    assert answer["data"][0]["name"] == "Sample Person 1"
    detected = found(storage, blob, f"{ZIPPED}&determineProperties=true")["properties"]
    assert detected == {"fileType": "delimited", "compressionType": "gzip", "columnDelimiter": "|"}


def test_json_has_a_schema_of_its_own_and_parquet_is_flat(storage: Emulator, blob: str) -> None:
    answer = found(storage, blob, f"{JSON}&fileType=JSON&preview=true")
    assert answer["format"] == "hierarchical"
    assert answer["schema"]["properties"]["customer"] == {"type": "object", "properties": {"id": {"type": "integer"}}}
    assert found(storage, blob, f"{PARQUET}&fileType=parquet")["format"] == "flat"
    assert found(storage, blob, f"{JSON}&FileType=JSON&preview=false").keys() == {"format", "schema"}


@pytest.mark.parametrize(
    ("query", "code"),
    [
        ("objectType=table&object=sample.orders", "1358-400"),
        ("objectType=rest&object=json", "1358-400"),
        ("objectType=folder", "1359-400"),
        ("objectType=folder&object=", "1337-400"),
        ("objectType=folder&object=%2Fnothing", "1308-400"),
        ("objectType=file&fileType=delimited", "1359-400"),
        ("objectType=file&object=&fileType=delimited", "1337-400"),
        ("objectType=file&object=%2Fnothing.csv&fileType=delimited", "1308-400"),
        ("objectType=file&object=%2F&fileType=delimited", "1308-400"),
        (f"objectType=file&object={CSV}", "1359-400"),
        (f"objectType=file&object={CSV}&fileType=", "1337-400"),
        (f"objectType=file&object={CSV}&fileType=excel", "1399-400"),
        (f"objectType=file&object={CSV}&fileType=json", "1308-400"),
        (f"objectType=file&object={JSON}&fileType=delimited", "1308-400"),
        (f"objectType=file&object={CSV}&fileType=delimited&compressionType=gzip", "1308-400"),
        (f"objectType=file&object={CSV}&fileType=delimited&compressionType=rar", "1312-400"),
        (f"objectType=file&object={ZIPPED}&fileType=delimited", "1308-400"),
        (f"objectType=file&object={CSV}&fileType=delimited&columnDelimiter=%7C%7C", "1331-400"),
        (f"objectType=file&object={CSV}&fileType=delimited&columnDelimiter=", "1331-400"),
        (f"objectType=file&object={CSV}&fileType=delimited&columnDelimiter=%0A", "1312-400"),
        (f"objectType=file&object={CSV}&determineProperties=true&fileType=delimited", "1374-400"),
        (f"objectType=file&object={CSV}&determineProperties=true&columnDelimiter=,", "1374-400"),
        (f"objectType=file&object={CSV}&determineProperties=perhaps", "1312-400"),
    ],
)
def test_it_refuses_files_that_are_not_there_or_not_so(storage: Emulator, blob: str, query: str, code: str) -> None:
    response = storage.call("GET", f"{blob}?{query}")
    assert (response.status_code, flow_code(response)) == (400, code)


@pytest.mark.parametrize("params", [PARAMS, quote(PARAMS), "e30", PARAMS.rstrip("=")])
def test_a_rest_api_answers_nested_records(storage: Emulator, members: str, params: str) -> None:
    query = f"objectType=rest&object=json&fileType=json&preview=true&sourceParams={params}"
    answer = storage.call("GET", f"{members}?{query}").json()
    assert (answer["format"], answer["schema"]["type"]) == ("hierarchical", "object")
    assert answer["schema"]["properties"]["tags"] == {"type": "array", "items": {"type": "string"}}
    assert answer["data"][0]["customer"]["name"].startswith("Sample Person")


@pytest.mark.parametrize(
    ("query", "code"),
    [
        ("fileType=json&sourceParams=e30", "1359-400"),
        ("object=json&sourceParams=e30", "1359-400"),
        ("object=json&fileType=delimited&sourceParams=e30", "1399-400"),
        ("object=json&fileType=json", "1359-400"),
        ("object=json&fileType=json&sourceParams=", "1337-400"),
        ("object=json&fileType=json&sourceParams=%21%21", "1389-400"),
        ("object=json&fileType=json&sourceParams=bm8", "1389-400"),
        ("object=json&fileType=json&sourceParams=W10", "1389-400"),
        ("object=json&fileType=json&sourceParams=%C3%A9", "1389-400"),
    ],
)
def test_it_refuses_a_rest_call_that_is_none(storage: Emulator, members: str, query: str, code: str) -> None:
    assert flow_code(storage.call("GET", f"{members}?objectType=rest&{query}")) == code


def test_the_landing_zone_is_explored_without_a_connection_and_nothing_else_is(storage: Emulator) -> None:
    root = storage.call("GET", f"/connectionSpecs/{LANDING_ZONE}/explore?objectType=root")
    assert {entry["type"] for entry in root.json()} == {"file", "folder"}
    for spec_id, code in ((POSTGRES, "1372-400"), ("none", "1439-404")):
        assert flow_code(storage.call("GET", f"/connectionSpecs/{spec_id}/explore?objectType=root")) == code
