"""One request and one response, as the API sees them: no sockets here."""

import json
import math
import re
import uuid
from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any
from urllib.parse import unquote, unquote_plus

REQUEST_ID = re.compile(r"[\w-]{1,64}", re.ASCII)


@dataclass(frozen=True)
class Request:
    """`path` is still percent-encoded, `query` is decoded, and the names in `headers` are lower case."""

    method: str
    path: str
    query: tuple[tuple[str, str], ...] = ()
    headers: Mapping[str, str] = field(default_factory=dict)
    body: bytes = b""
    request_id: str = field(default_factory=lambda: str(uuid.uuid4()))

    @classmethod
    def read(cls, method: str, target: str, headers: Mapping[str, str], body: bytes) -> "Request":
        """Makes a request from what stands on the wire; never raises. A well-formed x-request-id is kept."""
        path, _, query = target.partition("#")[0].partition("?")
        lowered = {name.lower(): value.strip() for name, value in headers.items()}
        given = lowered.get("x-request-id", "")
        request_id = given if REQUEST_ID.fullmatch(given) else str(uuid.uuid4())
        return cls(method, path, _pairs(query), lowered, body, request_id)

    @property
    def media_type(self) -> str:
        return self.header("content-type").partition(";")[0].strip().lower()

    def header(self, name: str) -> str:
        return self.headers.get(name, "")

    def values(self, name: str) -> list[str]:
        return [value for key, value in self.query if key == name]

    def value(self, name: str) -> str | None:
        """The last value of that query parameter, None without one."""
        values = self.values(name)
        return values[-1] if values else None

    def below(self, prefix: str) -> tuple[str, ...] | None:
        """The decoded steps of the path below the prefix; None for a path elsewhere. One final slash is ignored."""
        if self.path != prefix and not self.path.startswith(f"{prefix}/"):
            return None
        rest = self.path[len(prefix) + 1 :].removesuffix("/")
        return tuple(unquote(step) for step in rest.split("/")) if rest else ()


@dataclass(frozen=True)
class Response:
    """`body` is a JSON value, or None for an empty body; bytes are sent as they are."""

    status: int
    body: Any = None
    headers: Mapping[str, str] = field(default_factory=dict)

    def content(self) -> bytes:
        if self.body is None:
            return b""
        return self.body if isinstance(self.body, bytes) else json.dumps(self.body).encode()


def parse_json(body: bytes) -> Any:
    """The JSON value. Raises ValueError for anything that is not strict JSON, however it is broken."""
    try:
        return json.loads(body, parse_constant=_no_constant, parse_float=_finite)
    except RecursionError:
        raise ValueError("nested too deeply") from None


def _no_constant(name: str) -> None:
    raise ValueError(f"{name} is not JSON")


def _finite(text: str) -> float:
    value = float(text)
    if math.isinf(value):
        raise ValueError("a number is too large to be written as JSON again")
    return value


def _pairs(query: str) -> tuple[tuple[str, str], ...]:
    parts = (part.partition("=") for part in query.split("&") if part)
    return tuple((unquote_plus(name), unquote_plus(value)) for name, _, value in parts)
