"""What the Flow Service and Data Prep answer about what leads from a base connection to a dataflow.

Each `from_wire` takes decoded JSON of unknown shape and raises Unreadable where the part that matters is not there.
"""

from dataclasses import dataclass
from typing import Any, Self

from wizard.flow_service.datatypes import RemoteResource
from wizard.flow_service.wire import Unreadable, id_of, json_object, line, storable, text

_WORD = 40  # characters


@dataclass(frozen=True, kw_only=True)
class RemoteSourceConnection(RemoteResource):
    base_connection_id: str
    connection_spec_id: str
    # As they come: which data it reads.
    params: dict[str, Any]

    @classmethod
    def _own(cls, item: dict[str, Any]) -> dict[str, Any]:
        spec, params = json_object(item.get("connectionSpec") or {}), item.get("params")
        return {
            "base_connection_id": text(item, "baseConnectionId"),
            "connection_spec_id": text(spec, "id"),
            "params": params if isinstance(params, dict) else {},
        }


@dataclass(frozen=True, kw_only=True)
class RemoteTargetConnection(RemoteResource):
    dataset_id: str

    @classmethod
    def _own(cls, item: dict[str, Any]) -> dict[str, Any]:
        return {"dataset_id": text(json_object(item.get("params") or {}), "dataSetId")}


@dataclass(frozen=True, kw_only=True)
class RemoteFlow(RemoteResource):
    source_connection_ids: tuple[str, ...]
    target_connection_ids: tuple[str, ...]

    @classmethod
    def _own(cls, item: dict[str, Any]) -> dict[str, Any]:
        return {
            "source_connection_ids": _texts(item.get("sourceConnectionIds")),
            "target_connection_ids": _texts(item.get("targetConnectionIds")),
        }


def _texts(found: Any) -> tuple[str, ...]:
    return tuple(entry for entry in found if isinstance(entry, str)) if isinstance(found, list) else ()


@dataclass(frozen=True)
class MappingSet:
    """A mapping set that now exists at Data Prep; a dataflow names both."""

    id: str
    version: int

    @classmethod
    def from_wire(cls, body: Any) -> Self:
        item = json_object(body)
        version = item.get("version")
        if isinstance(version, bool) or not isinstance(version, int) or not 0 <= version < 2**31:
            raise Unreadable("The answer holds no version of the mapping set.")
        return cls(id=id_of(item), version=version)


@dataclass(frozen=True)
class FlowSpec:
    """What a dataflow of one kind consists of."""

    id: str
    version: str
    name: str

    @classmethod
    def from_wire(cls, body: Any) -> Self:
        item = json_object(body)
        return cls(id=id_of(item), version=line(item, "version", _WORD), name=storable(item, "name"))
