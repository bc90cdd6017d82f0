"""The body of POST /connections from what was typed, and the same request as a person may see it."""

import json
import shlex
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from wizard.catalog.datatypes import AuthSpec, ConnectionSpec


def create_body(
    connection_spec: Mapping[str, str],
    auth_spec_name: str,
    params: Mapping[str, Any],
    *,
    name: str,
    description: str,
    extras: Mapping[str, Any],
) -> dict[str, Any]:
    """The documented body, for a connectionSpec's id and version; without auth where no auth.specName is given.

    `extras` are what `body_extras` found. https://developer.adobe.com/experience-platform-apis/references/flow-service/
    """
    body: dict[str, Any] = {"name": name}
    if description:
        body["description"] = description
    if auth_spec_name:
        body["auth"] = {"specName": auth_spec_name, **extras.get("auth", {}), "params": dict(params)}
    body["connectionSpec"] = dict(connection_spec)
    return body | {key: value for key, value in extras.items() if key != "auth"}


def body_extras(spec: ConnectionSpec, auth_spec: AuthSpec | None) -> dict[str, Any]:
    """What Adobe documents for this source alone: a providerId, or a type beside the specName."""
    auth = {"auth": {"type": auth_spec.type}} if auth_spec and auth_spec.type else {}
    return {**spec.body, **auth}


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
    """The request as a person sees it: secrets and token are {PLACEHOLDERS}. `body` is empty where it has none."""

    target: Target
    body: str
    connection_string: str
    method: str = "POST"
    path: str = "/connections"

    @property
    def headers(self) -> tuple[tuple[str, str], ...]:
        headers = self.target.headers
        return headers if self.body else tuple(header for header in headers if header[0] != "Content-Type")

    def as_curl(self) -> str:
        """The request as a shell command."""
        lines = [f"curl -X {self.method} {shlex.quote(self.target.url + self.path)}"]
        lines += [f"  -H {shlex.quote(f'{name}: {value}')}" for name, value in self.headers]
        lines += [f"  -d {shlex.quote(self.body)}"] if self.body else []
        return " \\\n".join(lines)


def preview(
    target: Target,
    connection_spec: Mapping[str, str],
    auth_spec_name: str,
    params: Mapping[str, Any],
    *,
    name: str,
    description: str,
    extras: Mapping[str, Any],
    pasted_param: str = "",
) -> Preview:
    """The request with these params, which may be shown; `pasted_param` is the one that is a connection string."""
    named = {"name": name or "{NAME}", "description": description, "extras": extras}
    body = create_body(connection_spec, auth_spec_name, params, **named)  # type: ignore[arg-type]
    return Preview(target, json.dumps(body, indent=2, ensure_ascii=False), str(params.get(pasted_param, "")))
