"""The keyed hashes of the record: of an event, of a link between two, of the head. None is made without our keys."""

import json
from datetime import UTC, datetime
from typing import Any, Protocol
from uuid import UUID

from wizard.vault.macs import mac

# All that an event says. What comes later is its place in the chain, which the link is about.
COLUMNS = (
    *("uuid", "kind", "at", "connection_id", "actor_id", "actor_name", "organization_id", "sandbox_name"),
    *("message", "outcome", "details", "address", "request_id", "duration_ms"),
)


class HasMac(Protocol):
    pk: int
    mac: str


def event_mac(event: Any) -> str:
    """Of all columns of an event, as a database gives them back. Raises CannotOpen."""
    return _mac("record event", [_plain(getattr(event, name)) for name in COLUMNS])


def link_after(previous: str, position: int, event: HasMac) -> str:
    """Ties an event to its key, to its position, and to all that were before it. Raises CannotOpen."""
    return _mac("record link", [previous, position, event.pk, event.mac])


def head_mac(*values: Any) -> str:
    """Of the values of the head. Raises CannotOpen."""
    return _mac("record head", list(values))


def _mac(purpose: str, content: list[Any]) -> str:
    return mac(purpose, json.dumps(content, sort_keys=True, separators=(",", ":")).encode()).hex()


def _plain(value: Any) -> Any:
    """As JSON, and the same whichever database it has been in: PostgreSQL knows of no difference between 1.0 and 1."""
    if isinstance(value, datetime):
        return value.astimezone(UTC).isoformat(timespec="microseconds")
    if isinstance(value, UUID):
        return str(value)
    if isinstance(value, float) and value.is_integer():
        return int(value)
    if isinstance(value, dict):
        return {str(key): _plain(item) for key, item in value.items()}
    return [_plain(item) for item in value] if isinstance(value, list | tuple) else value
