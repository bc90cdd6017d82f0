"""What a create body must hold, and what of it is kept: everything but the values of secrets.

https://developer.adobe.com/experience-platform-apis/references/flow-service/#operation/createConnection
"""

from collections.abc import Collection, Mapping
from typing import Any

from wizard.emulator import auth_params
from wizard.emulator.errors import flow, invalid, missing
from wizard.emulator.specs import Schema, Spec, Specs, public_names, schemas
from wizard.emulator.store import Item

FIELDS = ("name", "description", "auth", "connectionSpec", "providerId")
AUTH_FIELDS = ("specName", "type", "params")


def new_item(body: Mapping[str, Any], specs: Specs, *, is_draft: bool) -> Item:
    """The parts of a connection that its creator decides. Raises Refusal, naming the first field that is wrong."""
    spec = found_spec(body.get("connectionSpec"), specs)
    if is_draft:
        check_draft(spec)
    check_name(body.get("name"))
    check_texts(body)
    check_fields(body, FIELDS)
    item: Item = {key: body[key] for key in ("name", "description") if key in body}
    item["connectionSpec"] = {"id": spec["id"], "version": spec["version"]}
    if "auth" in body:
        item |= _auth(body["auth"], spec, is_draft=is_draft)
    elif spec.get("authSpec") and not is_draft:
        raise missing("auth")
    return item


def check_draft(spec: Spec) -> None:
    if not spec.get("attributes", {}).get("isDraftModeSupported"):
        raise flow("1368-400", f"The mode draft is not allowed for the spec {spec['id']}.")


def check_fields(body: Mapping[str, Any], known: Collection[str]) -> None:
    for field in body:
        if field not in known:
            raise invalid(field)


def check_name(name: object) -> None:
    if name is None:
        raise missing("name")
    if not isinstance(name, str) or not name.strip():
        raise invalid("name")


def check_texts(body: Mapping[str, Any]) -> None:
    for field in ("description", "providerId"):
        if field in body and not isinstance(body[field], str):
            raise invalid(field)


def split(params: Mapping[str, Any], entries: list[Schema]) -> tuple[dict[str, Any], list[str]]:
    """The params that are no secret, and the names of those that are."""
    public = public_names(entries)
    return {name: params[name] for name in params if name in public}, sorted(set(params) - public)


def found_spec(given: object, specs: Specs) -> Spec:
    """The connection spec of a body. Raises Refusal for one that is not there, or of another version."""
    if given is None:
        raise missing("connectionSpec")
    if not isinstance(given, dict):
        raise invalid("connectionSpec")
    for field in ("id", "version"):
        if given.get(field) is None:
            raise missing(f"connectionSpec.{field}")
    spec = specs.find(given["id"])
    if not spec or given["version"] != spec["version"]:
        raise flow("1413-400", "The connection spec, its id or its version, is not valid.")
    return spec


def _auth(auth: object, spec: Spec, *, is_draft: bool) -> Item:
    if not isinstance(auth, dict):
        raise invalid("auth")
    for field in ("specName", "params"):
        if auth.get(field) is None:
            raise missing(f"auth.{field}")
    for field in auth:
        if field not in AUTH_FIELDS:
            raise invalid(f"auth.{field}")
    entries = found_schemas(spec, auth["specName"])
    if not isinstance(auth["params"], dict):
        raise invalid("auth.params")
    auth_params.check(entries, auth["params"], complete=not is_draft)
    public, secret_names = split(auth["params"], entries)
    return {"auth": {"specName": auth["specName"], "params": public}, "secretParams": secret_names}


def found_schemas(spec: Spec, name: object) -> list[Schema]:
    """Those of that way to authenticate. Raises Refusal for a way that the spec does not have."""
    entries = schemas(spec, name)
    if not isinstance(name, str):
        raise invalid("auth.specName")
    if not entries:
        sentence = "The auth spec '{}' could not be found for the connection spec ID {}."
        raise flow("1415-400", sentence.format(name[:100], spec.get("id")))
    return entries
