"""What the Flow Service, the sandbox list and IMS answer, as frozen dataclasses.

Each `from_wire` takes decoded JSON of unknown shape and raises Unreadable where the part that matters is not there.
"""

from abc import ABC, abstractmethod
from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any, Self

from wizard.flow_service.wire import (
    Unreadable,
    etag_of,
    id_of,
    is_header_value,
    json_object,
    line,
    moment,
    storable,
    text,
)

_WORD, _TITLE, _PERSON = 40, 256, 300  # characters


@dataclass(frozen=True)
class Created:
    """A connection that now exists. `etag` keeps its inner quotes; "" if the answer had none."""

    id: str
    etag: str

    @classmethod
    def from_wire(cls, body: Any) -> Self:
        item = json_object(body)
        return cls(id=id_of(item), etag=etag_of(item))


@dataclass(frozen=True, kw_only=True)
class RemoteResource(ABC):
    """What connections, source and target connections, and dataflows have in common. Times are aware, in UTC."""

    id: str
    name: str
    state: str
    etag: str
    created_at: datetime | None
    description: str
    created_by: str = ""

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
            **cls._own(item),
        )

    @classmethod
    @abstractmethod
    def _own(cls, item: dict[str, Any]) -> dict[str, Any]:
        """What one kind has beside that, by field."""


@dataclass(frozen=True, kw_only=True)
class RemoteConnection(RemoteResource):
    """A base connection as Adobe keeps it.

    Whether `auth_params` hold secrets when they are read, in clear or masked, is not documented: its repr shows none.
    """

    connection_spec_id: str
    updated_at: datetime | None = None
    updated_client: str = ""
    auth_params: Mapping[str, Any] = field(default_factory=dict, repr=False)

    @classmethod
    def _own(cls, item: dict[str, Any]) -> dict[str, Any]:
        return {
            "connection_spec_id": text(json_object(item.get("connectionSpec") or {}), "id"),
            "updated_at": moment(item.get("updatedAt")),
            "updated_client": line(item, "updatedClient", _PERSON),
            "auth_params": _params(item.get("auth")),
        }


def _params(auth: Any) -> Mapping[str, Any]:
    found = auth.get("params") if isinstance(auth, dict) else None
    return found if isinstance(found, dict) else {}


@dataclass(frozen=True)
class RemoteSandbox:
    """A sandbox that is open to the caller. `name` is what x-sandbox-name takes, `title` is for people."""

    name: str
    title: str
    type: str
    state: str
    region: str
    is_default: bool

    @classmethod
    def from_wire(cls, body: Any) -> Self:
        item = json_object(body)
        if not is_header_value(name := text(item, "name")):
            raise Unreadable("A sandbox has no usable name.")
        return cls(
            name=name,
            title=line(item, "title", _TITLE),
            type=line(item, "type", _WORD),
            state=line(item, "state", _WORD),
            region=line(item, "region", _WORD),
            is_default=item.get("isDefault") is True,
        )

    @classmethod
    def page_from_wire(cls, body: Any) -> list[Self]:
        found = json_object(body).get("sandboxes")
        if not isinstance(found, list):
            raise Unreadable("The answer holds no list of sandboxes.")
        return [cls.from_wire(item) for item in found]


@dataclass(frozen=True)
class Token:
    """An access token and the seconds that it lasts from now. Its repr hides the token."""

    access_token: str = field(repr=False)
    expires_in: int

    @classmethod
    def from_wire(cls, body: Any) -> Self:
        item = json_object(body)
        token, seconds = text(item, "access_token"), item.get("expires_in")
        if not is_header_value(token):
            raise Unreadable("The answer holds no usable access token.")
        if not isinstance(seconds, int) or isinstance(seconds, bool) or seconds <= 0:
            raise Unreadable("The answer does not say how long the token lasts.")
        return cls(access_token=token, expires_in=seconds)
