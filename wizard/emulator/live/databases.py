"""Which sources a driver here can connect to, and how each kind of database is spoken to: databases.json, read."""

import json
from dataclasses import dataclass
from pathlib import Path
from typing import Any

_DATA: dict[str, Any] = json.loads(Path(__file__).with_name("databases.json").read_text("utf-8"))
# The one param of auth.params that holds a whole connection string.
CONNECTION_STRING: str = _DATA["connection_string"]


@dataclass(frozen=True)
class Family:
    """One kind of database. TLS modes are called as libpq calls them: disable, prefer, require, verify-ca, verify-full.

    `address` is the form of what stands as the host. `tls` has the keys that say something about encryption, and what
    each of their values means, without blanks, dashes and capitals; `tls_strict` those that want a valid certificate.
    `begin` is said first in every transaction, `begin_if_known` where the server knows it.
    """

    label: str
    driver: str
    port: int
    address: str
    required: list[str]
    tls: dict[str, dict[str, str]]
    tls_strict: dict[str, list[str]]
    tls_default: str
    tls_offered: list[str]
    all_schemas: bool
    hidden_schemas: list[str]
    begin: list[str]
    begin_if_known: list[str]
    streams: bool


FAMILIES = {name: Family(**entry) for name, entry in _DATA["families"].items()}


def family_of(spec_id: object) -> Family | None:
    """None for a source that no driver here can connect to."""
    return FAMILIES.get(_DATA["sources"].get(spec_id)) if isinstance(spec_id, str) else None


def labels() -> str:
    """What can be connected to, as a person reads it."""
    return ", ".join(family.label for family in FAMILIES.values())
