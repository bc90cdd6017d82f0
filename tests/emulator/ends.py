"""Source connections and target connections, as their tests make, change and read them."""

from typing import Any

import requests

from tests.emulator.dataflow import source_body, target_body
from tests.emulator.running import Emulator
from tests.emulator.service import flow_code

KINDS = ["sourceConnections", "targetConnections"]


def of_spec(spec_id: str) -> dict[str, Any]:
    return {"connectionSpec": {"id": spec_id, "version": "1.0"}}


def refused(emulator: Emulator, kind: str, body: object, query: str = "") -> tuple[str, str]:
    """Code and message, after nothing was made."""
    response = emulator.call("POST", f"/{kind}{query}", json=body)
    assert response.status_code == 400, response.text
    assert emulator.call("GET", f"/{kind}").json() == {"items": []}
    return flow_code(response), response.json()["errorMessage"]


def made(emulator: Emulator, kind: str, base: str) -> dict[str, Any]:
    body = source_body(base) if kind == "sourceConnections" else target_body()
    return emulator.create(body, f"/{kind}")


def patched(emulator: Emulator, kind: str, item: dict[str, Any], *operations: dict[str, Any]) -> requests.Response:
    path, headers = f"/{kind}/{item['id']}", {"If-Match": item["etag"]}
    return emulator.call("PATCH", path, json=list(operations), headers=headers)


def read(emulator: Emulator, kind: str, resource_id: str) -> dict[str, Any]:
    (item,) = emulator.call("GET", f"/{kind}/{resource_id}").json()["items"]
    return dict(item)
