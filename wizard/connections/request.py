"""The body of POST /connections from what was typed, and the same request as a person may see it.

Values are keyed by the form's field names below `auth.params.`: `server` for a param, `connectionString.SERVER` for
a part of a connection string.
"""

import json
import re
import shlex
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from typing import Any

from wizard.catalog.datatypes import AuthParam, AuthSpec, ConnectionSpec

PARTS, WHOLE = "parts", "whole"
EMPTY = (None, "")


def fields(auth_spec: AuthSpec | None, mode: str) -> Iterator[tuple[str, AuthParam]]:
    """(field name, property) of everything that is asked for, in order."""
    for param in auth_spec.params if auth_spec else ():
        if param.pattern and mode == PARTS:
            yield from ((f"{param.name}.{part.name}", part) for part in param.parts)
        else:
            yield param.name, param


def auth_params(auth_spec: AuthSpec, mode: str, values: Mapping[str, Any]) -> dict[str, Any]:
    """auth.params as Adobe takes them: strings composed from their parts, empty ones left out.

    Raises PartError for a part that its connection string cannot carry.
    """
    params: dict[str, Any] = {}
    for param in auth_spec.params:
        if param.pattern and mode == PARTS:
            prefix = f"{param.name}."
            parts = {part.name: values.get(prefix + part.name) for part in param.parts}
            given = {name: str(value) for name, value in parts.items() if value not in EMPTY}
            params[param.name] = param.pattern.compose(given)
        elif values.get(param.name) not in EMPTY:
            params[param.name] = values[param.name]
    return params


def create_body(
    connection_spec: Mapping[str, str],
    auth_spec_name: str,
    params: Mapping[str, Any],
    *,
    name: str,
    description: str,
) -> dict[str, Any]:
    """The documented body, for a connectionSpec's id and version; without auth where no auth.specName is given.

    https://developer.adobe.com/experience-platform-apis/references/flow-service/
    """
    body: dict[str, Any] = {"name": name}
    if description:
        body["description"] = description
    if auth_spec_name:
        body["auth"] = {"specName": auth_spec_name, "params": dict(params)}
    body["connectionSpec"] = dict(connection_spec)
    return body


def placeholder(field_name: str) -> str:
    """`{PASSWORD}` for connectionString.PASSWORD, `{CLIENT_SECRET}` for clientSecret."""
    last = field_name.rpartition(".")[2]
    return "{" + re.sub(r"(?<=[a-z0-9])(?=[A-Z])", "_", last).upper() + "}"


def shown_values(auth_spec: AuthSpec | None, mode: str, values: Mapping[str, Any]) -> dict[str, Any]:
    """What may be shown: secrets, and whatever is required and still empty, are placeholders."""
    shown: dict[str, Any] = {}
    for field_name, param in fields(auth_spec, mode):
        value = values.get(field_name)
        if param.secret or (param.required and value in EMPTY):
            # An optional secret stands there too: whether it was given is nobody's business.
            value = placeholder(field_name)
        shown[field_name] = value
    return shown


@dataclass(frozen=True)
class Target:
    """Where a request goes, as its headers name it."""

    url: str
    ims_org_id: str = "{ORG_ID}"
    client_id: str = "{API_KEY}"
    sandbox_name: str = "{SANDBOX_NAME}"

    @property
    def headers(self) -> tuple[tuple[str, str], ...]:
        return (
            ("Authorization", "Bearer {ACCESS_TOKEN}"),
            ("x-api-key", self.client_id),
            ("x-gw-ims-org-id", self.ims_org_id),
            ("x-sandbox-name", self.sandbox_name),
            ("Content-Type", "application/json"),
        )


@dataclass(frozen=True)
class Preview:
    """The request as a person sees it: secrets and token are {PLACEHOLDERS}."""

    target: Target
    body: str
    connection_string: str
    method: str = "POST"
    path: str = "/connections"

    @property
    def headers(self) -> tuple[tuple[str, str], ...]:
        return self.target.headers

    def as_curl(self) -> str:
        """The request as a shell command."""
        lines = [f"curl -X {self.method} {shlex.quote(self.target.url + self.path)}"]
        lines += [f"  -H {shlex.quote(f'{name}: {value}')}" for name, value in self.headers]
        return " \\\n".join([*lines, f"  -d {shlex.quote(self.body)}"])


def preview(
    spec: ConnectionSpec,
    auth_spec: AuthSpec | None,
    mode: str,
    values: Mapping[str, Any],
    target: Target,
    *,
    name: str,
    description: str,
) -> Preview:
    """The request for these values. Raises PartError, as `auth_params` does."""
    params = auth_params(auth_spec, mode, shown_values(auth_spec, mode, values)) if auth_spec else {}
    connection_spec = {"id": spec.id, "version": spec.version}
    auth_spec_name = auth_spec.name if auth_spec else ""
    body = create_body(connection_spec, auth_spec_name, params, name=name or "{NAME}", description=description)
    patterned = [param.name for param in auth_spec.params if param.pattern] if auth_spec and mode == PARTS else []
    composed = "\n".join(params[name] for name in patterned)
    return Preview(target, json.dumps(body, indent=2, ensure_ascii=False), composed)
