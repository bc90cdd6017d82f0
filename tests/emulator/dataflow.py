"""Bodies of what leads from a base connection to a dataflow, and the making of them at a Flow Service."""

import time
from dataclasses import dataclass
from typing import Any

from tests.emulator.service import DATASET, POSTGRES, Service, postgres_body

TABLES, FILES = "14518937-270c-4525-bdec-c2ba7cce3860", "9753525b-82c7-4dce-8a9b-5ccfce2b9876"
SCHEMA = "https://ns.adobe.com/shop/schemas/52b59140414aa6a370ef5e21155fd7a686744b8739ecc168"
VERSION = "application/vnd.adobe.xed-full+json;version=1"
NOTHING = "00000000-0000-0000-0000-000000000000"
COPY = {"name": "Copy", "params": {"deltaColumn": {"name": "updated_at"}}}


def _body(body: dict[str, Any], changes: dict[str, Any]) -> dict[str, Any]:
    return {name: value for name, value in (body | changes).items() if value is not None}


def source_body(base_id: str | None, **changes: Any) -> dict[str, Any]:
    """Of a table; a change to None leaves the field out."""
    columns = [{"name": "id", "type": "integer", "xdm": {"type": "integer"}}]
    body = {
        "name": "Orders",
        "baseConnectionId": base_id,
        "data": {"format": "tabular"},
        "params": {"tableName": "shop.orders", "columns": columns},
        "connectionSpec": {"id": POSTGRES, "version": "1.0"},
    }
    return _body(body, changes)


def target_body(**changes: Any) -> dict[str, Any]:
    body = {
        "name": "Orders in the lake",
        "data": {"schema": {"id": SCHEMA, "version": VERSION}},
        "params": {"dataSetId": "6019e0e7c5dcf718db5ebc71"},
        "connectionSpec": {"id": DATASET, "version": "1.0"},
    }
    return _body(body, changes)


def mapping_body(**changes: Any) -> dict[str, Any]:
    mapping = {"destinationXdmPath": "_id", "sourceAttribute": "id", "identity": False, "version": 0}
    body = {"version": 0, "xdmSchema": SCHEMA, "xdmVersion": "1.0", "id": None, "mappings": [mapping]}
    return body | changes


def schedule(**changes: Any) -> dict[str, Any]:
    """Every fifteen minutes, from an hour ahead."""
    body = {"startTime": int(time.time()) + 3600, "frequency": "minute", "interval": 15, "backfill": True}
    return _body(body, changes)


def create_mapping(service: Service, **changes: Any) -> str:
    response = service.call("POST", f"{service.conversion_url}/mappingSets", json=mapping_body(**changes))
    assert response.status_code == 200, response.text
    return str(response.json()["id"])


@dataclass
class Ends:
    """What a dataflow is made of, ready at a service."""

    base: str
    source: str
    target: str
    mapping: str

    def body(self, **changes: Any) -> dict[str, Any]:
        """Of a dataflow between them."""
        body = {
            "name": "Orders every quarter of an hour",
            "flowSpec": {"id": TABLES, "version": "1.0"},
            "sourceConnectionIds": [self.source],
            "targetConnectionIds": [self.target],
            "transformations": [COPY, self.mapped()],
            "scheduleParams": schedule(),
        }
        return _body(body, changes)

    def mapped(self, **changes: Any) -> dict[str, Any]:
        return {"name": "Mapping", "params": _body({"mappingId": self.mapping, "mappingVersion": 0}, changes)}


def create_ends(service: Service) -> Ends:
    base = service.create(postgres_body())["id"]
    source = service.create(source_body(base), "/sourceConnections")["id"]
    target = service.create(target_body(), "/targetConnections")["id"]
    return Ends(base, source, target, create_mapping(service))
