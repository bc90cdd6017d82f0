"""The last requests that arrived, for tests to look at. A secret is noted as its digest, never as itself.

A test that knows the secret computes the same digest, and so can compare whole bodies, key for key.
"""

import hashlib
import json
from collections import deque
from typing import Any
from urllib.parse import parse_qsl

from wizard.emulator.ims import FORM
from wizard.emulator.messages import Request, parse_json
from wizard.emulator.specs import Specs, public_names, schemas

LENGTH = 1000
PLAIN_TEXTS = ("name", "description", "providerId")
PLAIN_FORM_FIELDS = ("grant_type", "client_id", "scope")
# What a REST API is asked with may hold a key.
SECRET_QUERY = ("sourceParams",)
PLAIN_PATCHES = ("/name", "/description")
# By the last step of a path: what its bodies hold that is harmless whatever it is. Params are not: a REST API's may
# carry a key.
PLAIN_FIELDS = {
    "sourceConnections": ("baseConnectionId", "data"),
    "targetConnections": ("data",),
    "flows": ("flowSpec", "sourceConnectionIds", "targetConnectionIds", "transformations", "scheduleParams", "options"),
    "mappingSets": ("version", "xdmSchema", "xdmVersion", "id", "mappings"),
}


def digest(value: object) -> str:
    """sha256: and the hexadecimal digest of a text's UTF-8 bytes, or of any other value's JSON with sorted keys."""
    text = value if isinstance(value, str) else json.dumps(value, sort_keys=True)
    return f"sha256:{hashlib.sha256(text.encode('utf-8', 'surrogatepass')).hexdigest()}"


class Journal:
    """Whatever is not known to be harmless counts as secret."""

    def __init__(self, specs: Specs) -> None:
        self._specs = specs
        self._entries: deque[dict[str, Any]] = deque(maxlen=LENGTH)

    def note(self, request: Request) -> None:
        is_ims = request.path.startswith("/ims/")
        entry: dict[str, Any] = {
            "method": request.method,
            "path": request.path,
            "query": [
                [name, digest(value) if is_ims or name in SECRET_QUERY else value] for name, value in request.query
            ],
            "headers": sorted(request.headers),
            "request_id": request.request_id,
        }
        if request.body:
            entry["body"] = self._body(request)
        self._entries.append(entry)

    def entries(self) -> list[dict[str, Any]]:
        """Oldest first."""
        return list(self._entries)

    def clear(self) -> None:
        self._entries.clear()

    def _body(self, request: Request) -> Any:
        if request.media_type == FORM:
            pairs = parse_qsl(request.body.decode("utf-8", "replace"), keep_blank_values=True)
            return {name: value if name in PLAIN_FORM_FIELDS else digest(value) for name, value in pairs}
        try:
            body = parse_json(request.body)
            if isinstance(body, dict):
                plain = PLAIN_FIELDS.get(request.path.rstrip("/").rpartition("/")[2], ())
                return {key: body[key] if key in plain else self._field(key, body[key], body) for key in body}
            if isinstance(body, list):
                return [_operation(entry) for entry in body]
        except (ValueError, RecursionError):
            pass
        return digest(request.body.decode("utf-8", "replace"))

    def _field(self, key: str, value: Any, body: dict[str, Any]) -> Any:
        if key in PLAIN_TEXTS and isinstance(value, str):
            return value
        if key == "connectionSpec" and isinstance(value, dict):
            return {name: value[name] if name in ("id", "version") else digest(value[name]) for name in value}
        if key == "auth" and isinstance(value, dict):
            return {name: self._auth_field(name, value, body) for name in value}
        return digest(value)

    def _auth_field(self, name: str, auth: dict[str, Any], body: dict[str, Any]) -> Any:
        value = auth[name]
        if name in ("specName", "type") and isinstance(value, str):
            return value
        if name != "params" or not isinstance(value, dict):
            return digest(value)
        public = self._public_names(auth, body)
        return {param: value[param] if param in public else digest(value[param]) for param in value}

    def _public_names(self, auth: dict[str, Any], body: dict[str, Any]) -> set[str]:
        connection_spec = body.get("connectionSpec")
        spec_id = connection_spec.get("id") if isinstance(connection_spec, dict) else None
        return public_names(schemas(self._specs.find(spec_id) or {}, auth.get("specName")))


def _operation(entry: object) -> Any:
    if not isinstance(entry, dict):
        return digest(entry)
    plain = ("op", "path", "value") if entry.get("path") in PLAIN_PATCHES else ("op", "path")
    return {key: entry[key] if key in plain else digest(entry[key]) for key in entry}
