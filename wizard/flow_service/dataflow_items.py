"""What the Flow Service and Data Prep answer about what leads from a base connection to a dataflow.

Each `from_wire` takes decoded JSON of unknown shape and raises Unreadable where the part that matters is not there.
"""

from dataclasses import dataclass
from datetime import datetime
from typing import Any, Self

from wizard.flow_service.wire import Unreadable, etag_of, id_of, json_object, line, moment, storable, text

_WORD, _PERSON = 40, 300  # characters


@dataclass(frozen=True)
class RemoteResource:
    """What source connections, target connections and dataflows have in common. The time is aware, in UTC."""

    id: str
    name: str
    state: str
    etag: str
    created_at: datetime | None
    description: str
    created_by: str

    @classmethod
    def from_wire(cls, body: Any) -> Self:
        item = json_object(body)
        return cls(
            id=id_of(item),
            name=storable(item, "name"),
            state=line(item, "state", _WORD),
            etag=etag_of(item),
            created_at=moment(item.get("createdAt")),
            description=storable(item, "description"),
            created_by=line(item, "createdBy", _PERSON),
            **cls._references(item),
        )

    @classmethod
    def _references(cls, item: dict[str, Any]) -> dict[str, Any]:
        """The ids of others that it names, by field."""
        raise NotImplementedError


@dataclass(frozen=True)
class RemoteSourceConnection(RemoteResource):
    base_connection_id: str
    connection_spec_id: str
    # As they come: which data it reads.
    params: dict[str, Any]

    @classmethod
    def _references(cls, item: dict[str, Any]) -> dict[str, Any]:
        spec, params = json_object(item.get("connectionSpec") or {}), item.get("params")
        return {
            "base_connection_id": text(item, "baseConnectionId"),
            "connection_spec_id": text(spec, "id"),
            "params": params if isinstance(params, dict) else {},
        }


@dataclass(frozen=True)
class RemoteTargetConnection(RemoteResource):
    dataset_id: str

    @classmethod
    def _references(cls, item: dict[str, Any]) -> dict[str, Any]:
        return {"dataset_id": text(json_object(item.get("params") or {}), "dataSetId")}


@dataclass(frozen=True)
class RemoteFlow(RemoteResource):
    source_connection_ids: tuple[str, ...]
    target_connection_ids: tuple[str, ...]

    @classmethod
    def _references(cls, item: dict[str, Any]) -> dict[str, Any]:
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
