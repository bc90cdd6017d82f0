"""Reads specs/*.json into ConnectionSpecs, and refuses a file that is not exactly as file.schema.json says."""

import json
import re
from collections.abc import Iterator, Mapping
from functools import cache
from pathlib import Path
from typing import Any

from jsonschema import Draft7Validator

from wizard.catalog.connection_string import ConnectionStringError, Pattern
from wizard.catalog.datatypes import AuthParam, AuthSpec, Catalog, ConnectionSpec

HERE = Path(__file__).parent
SECRET_LOOKING = re.compile(
    r"(?i)passw|pwd|passphrase|secret|token|credential|connection_?string|private_?key|access_?key|account_?key|api_?key|sas"
)
# A place or a name, whatever it is a place or a name of: accessTokenUrl, accessKeyId.
NO_SECRET = re.compile(r"(?i)(url|uri|id|name|type|path)$")


class CatalogError(Exception):
    """A catalog file that cannot be used; one line for each thing that is wrong."""


@cache
def load_catalog() -> Catalog:
    """Every source of specs/. Raises CatalogError if one of the files is wrong."""
    return load_directory(HERE / "specs")


def load_directory(directory: Path) -> Catalog:
    """The catalog of one directory, its sources by label. Raises CatalogError naming file and place of each fault."""
    documents = {path.stem: _read(path) for path in sorted(directory.glob("*.json"))}
    faults = [f"{slug}.json: {fault}" for slug, document in documents.items() for fault in find_faults(document)]
    by_id: dict[str, str] = {}
    for slug, document in documents.items():
        other = by_id.setdefault(str(document.get("id")), slug)
        if other != slug:
            faults.append(f"{slug}.json: has the id of {other}.json")
    if faults:
        raise CatalogError("\n".join(faults))
    specs = [_connection_spec(slug, document) for slug, document in documents.items()]
    return Catalog(tuple(sorted(specs, key=lambda spec: spec.label.lower())))


def _read(path: Path) -> dict[str, Any]:
    try:
        document = json.loads(path.read_text(encoding="utf-8"))
    except ValueError as error:
        raise CatalogError(f"{path.name}: {error}") from None
    if not isinstance(document, dict):
        raise CatalogError(f"{path.name}: must be one JSON object")
    return document


def find_faults(document: Mapping[str, Any]) -> list[str]:
    """What is wrong with a catalog document; nothing for a good one."""
    errors = [f"{error.json_path}: {error.message}" for error in _file_validator().iter_errors(document)]
    if errors:
        return errors
    labels = document["ui"]["authSpec"]
    if len(labels) != len(document.get("authSpec", ())):
        return ["ui.authSpec: must have one entry for each entry of authSpec"]
    keys = [label["key"] for label in labels]
    faults = [f"ui.authSpec: the key {key} stands there twice" for key in set(keys) if keys.count(key) > 1]
    for auth, label in zip(document.get("authSpec", ()), labels, strict=True):
        faults += _auth_faults(auth, label)
    return faults


@cache
def _file_validator() -> Draft7Validator:
    return Draft7Validator(json.loads((HERE / "file.schema.json").read_text(encoding="utf-8")))


def _auth_faults(auth: Mapping[str, Any], label: Mapping[str, Any]) -> Iterator[str]:
    where = f"authSpec {label['key']}"
    properties = auth["spec"]["properties"]
    yield from _property_faults(where, auth["spec"])
    for name in set(properties) ^ set(label["params"]):
        yield f"{where}: {name} must stand both in authSpec and in ui.authSpec"
    for name, extra in label["params"].items():
        if "pattern" in extra:
            yield from _property_faults(f"{where}: {name}", extra["parts"])
            yield from _pattern_faults(f"{where}: {name}", extra)


def _property_faults(where: str, schema: Mapping[str, Any]) -> Iterator[str]:
    for name, rules in schema["properties"].items():
        if SECRET_LOOKING.search(name) and not NO_SECRET.search(name) and rules.get("format") != "password":
            yield f"{where}: {name} looks like a secret and lacks format: password"
    for name in set(schema["required"]) - set(schema["properties"]):
        yield f"{where}: {name} is required but is no property"


def _pattern_faults(where: str, extra: Mapping[str, Any]) -> Iterator[str]:
    try:
        placeholders = Pattern(extra["pattern"]).placeholders
    except ConnectionStringError as error:
        yield f"{where}: {error}"
        return
    for name in set(placeholders) ^ set(extra["parts"]["properties"]):
        yield f"{where}: {name} must stand both in the pattern and in its parts"
    if len(set(placeholders)) < len(placeholders):
        yield f"{where}: a placeholder stands in the pattern twice"


def _connection_spec(slug: str, document: Mapping[str, Any]) -> ConnectionSpec:
    ui = document["ui"]
    pairs = zip(document.get("authSpec", ()), ui["authSpec"], strict=True)
    return ConnectionSpec(
        slug=slug,
        wire={key: value for key, value in document.items() if key != "ui"},
        label=ui["label"],
        category=ui["category"],
        monogram=ui["monogram"],
        hue=ui["hue"],
        summary=ui["summary"],
        documentation=ui["documentation"],
        needs=tuple(ui["needs"]),
        notes=tuple(ui["notes"]),
        look_up_first=ui.get("lookUpFirst", False),
        auth_specs=tuple(_auth_spec(auth, label) for auth, label in pairs),
    )


def _auth_spec(auth: Mapping[str, Any], label: Mapping[str, Any]) -> AuthSpec:
    params = tuple(_param(param, label["params"][param.name]) for param in _params(auth["spec"]))
    return AuthSpec(label["key"], auth["name"], label["label"], auth["spec"], params)


def _params(schema: Mapping[str, Any]) -> Iterator[AuthParam]:
    for name, rules in schema["properties"].items():
        yield AuthParam(name, rules, name in schema["required"])


def _param(param: AuthParam, extra: Mapping[str, Any]) -> AuthParam:
    """The authSpec's property with our label, help and, for a connection string, its parts."""
    labels = {key: value for key, value in extra.items() if key not in ("pattern", "parts")}
    pattern = Pattern(extra["pattern"]) if "pattern" in extra else None
    parts = tuple(_params(extra["parts"])) if "parts" in extra else ()
    return AuthParam(param.name, {**param.schema, **labels}, param.required, pattern, parts)
