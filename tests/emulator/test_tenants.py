"""Several organizations at one local Flow Service: each has its client, and none sees what another has."""

import json
import sqlite3
from collections.abc import Iterator
from pathlib import Path

import pytest

from tests.emulator.running import OTHER_TENANT, Emulator, as_other, running_process
from tests.emulator.service import flow_code, gateway_code, postgres_body


@pytest.fixture
def other(emulator: Emulator) -> Iterator[Emulator]:
    found = as_other(emulator)
    yield found
    found.close()


def test_connections_of_one_organization_are_invisible_to_another(emulator: Emulator, other: Emulator) -> None:
    made = emulator.create(postgres_body("Shop"))
    assert other.call("GET", "/connections").json()["items"] == []
    path = f"/connections/{made['id']}"
    refused = [
        other.call("GET", path),
        other.call("GET", f"{path}/test"),
        other.call("DELETE", path),
        other.call("PATCH", path, json=[], headers={"If-Match": made["etag"]}),
        other.call("POST", f"{path}/action", params={"op": "disable"}),
    ]
    assert [answer.status_code for answer in refused] == [404] * 5
    assert emulator.call("GET", path).json()["items"][0]["state"] == "enabled"


def test_a_connection_says_whose_it_is(emulator: Emulator, other: Emulator) -> None:
    found = [
        service.call("GET", f"/connections/{service.create(postgres_body('Shop'))['id']}").json()["items"][0]
        for service in (emulator, other)
    ]
    assert [item["imsOrgId"] for item in found] == [emulator.org, other.org]
    assert [item["createdClient"] for item in found] == [emulator.client_id, other.client_id]
    assert found[0]["sandboxId"] != found[1]["sandboxId"]


def test_a_client_gets_into_no_organization_but_its_own(emulator: Emulator, other: Emulator) -> None:
    foreign = other.call("GET", "/connections", headers={"x-gw-ims-org-id": emulator.org})
    assert (foreign.status_code, flow_code(foreign)) == (401, "2000-401")
    borrowed = other.call("GET", "/connections", headers={"x-api-key": emulator.client_id})
    assert (borrowed.status_code, gateway_code(borrowed)) == (403, "403003")
    for headers in ({"x-gw-ims-org-id": emulator.org}, {"x-api-key": emulator.client_id}):
        assert other.call("GET", f"{other.sandbox_management_url}/", headers=headers).status_code in (401, 403)


def test_the_secret_of_one_client_is_wrong_for_another(emulator: Emulator, other: Emulator) -> None:
    answer = emulator.ask_token(client_secret=other.client_secret)
    assert (answer.status_code, answer.json()["error"]) == (401, "invalid_client")


@pytest.fixture
def file(tmp_path: Path) -> Path:
    path = tmp_path / "organizations.json"
    path.write_text(json.dumps([vars(OTHER_TENANT)]))
    return path


def test_further_organizations_come_from_a_file(tmp_path: Path, file: Path) -> None:
    with running_process(tmp_path, "--organizations", str(file)) as (emulator, _):
        other = as_other(emulator)
        assert other.call("GET", "/connections").status_code == 200
        assert emulator.call("GET", "/connections").status_code == 200
        other.close()


def test_a_file_that_cannot_be_read_is_told_without_its_words(tmp_path: Path, file: Path) -> None:
    file.write_text(file.read_text()[:-1])
    with (
        pytest.raises(AssertionError, match="did not start"),
        running_process(tmp_path, "--organizations", str(file)) as _,
    ):
        pass


def test_tokens_of_before_there_were_several_clients_are_forgotten(tmp_path: Path) -> None:
    with sqlite3.connect(tmp_path / "flow_service.sqlite3") as database:
        database.execute("CREATE TABLE token (digest TEXT PRIMARY KEY, expires_at REAL NOT NULL)")
    with running_process(tmp_path) as (emulator, _):
        assert emulator.call("GET", "/connections").status_code == 200
