"""Every documented way to authenticate: what is typed, and what has to be sent. Not made from the catalog's files."""

import json
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any


@dataclass(frozen=True)
class DocumentedWay:
    """One way of one source.

    `fields` maps names below `auth.params.` to what is typed there; `required` are those that may not stay empty;
    `params` is `auth.params` as sent. `case` tells apart ways that share one entry of the catalog.
    """

    source: str
    key: str
    connection_spec_id: str
    spec_name: str
    fields: Mapping[str, str]
    required: tuple[str, ...]
    params: Mapping[str, Any]
    secrets: tuple[str, ...]
    case: str = ""
    auth_type: str = ""
    provider_id: str = ""

    @property
    def id(self) -> str:
        """Such as `mysql/basic-aws`; with the case, where there is one."""
        return "/".join(filter(None, (self.source, self.key, self.case)))


def _way(entry: Mapping[str, Any]) -> DocumentedWay:
    return DocumentedWay(
        source=entry["source"],
        key=entry["key"],
        connection_spec_id=entry["connectionSpecId"],
        spec_name=entry["specName"],
        fields=entry["fields"],
        required=tuple(entry["required"]),
        params=entry["params"],
        secrets=tuple(entry["secrets"]),
        case=entry.get("case", ""),
        auth_type=entry.get("authType", ""),
        provider_id=entry.get("providerId", ""),
    )


_ENTRIES = json.loads((Path(__file__).parent / "documented_ways.json").read_text(encoding="utf-8"))

# Every source with a base connection: slug -> its id; the dataset asks for no credentials, so it has no way.
SOURCES: dict[str, str] = {entry["source"]: entry["connectionSpecId"] for entry in _ENTRIES}
WAYS: tuple[DocumentedWay, ...] = tuple(_way(entry) for entry in _ENTRIES if "key" in entry)
