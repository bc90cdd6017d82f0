"""Live specs for tests, as the Flow Service lists them."""

from typing import Any

ID = "11111111-2222-4333-8444-555555555555"
TEXT = {"type": "string"}
SECRET = {"type": "string", "format": "password"}


def way(name: str = "Key", *, required: tuple[str, ...] = (), **properties: Any) -> dict[str, Any]:
    """One entry of an authSpec."""
    return {
        "name": name,
        "type": "KeyBased",
        "spec": {"type": "object", "properties": properties, "required": [*required]},
    }


def live_spec(*ways: Any, spec_id: str = ID, **changes: Any) -> dict[str, Any]:
    """A live spec with those ways to authenticate; one with a host and a key unless some are given."""
    attributes = {"category": "Databases", "connectorName": "Acme Warehouse", "isSource": True}
    ways = ways or (way(host=TEXT, key=SECRET, required=("host", "key")),)
    return {"id": spec_id, "name": "acme", "version": "1.0", "attributes": attributes, "authSpec": [*ways], **changes}
