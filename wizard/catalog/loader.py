"""Reads specs/*.json into ConnectionSpecs, and refuses a file that is not exactly as file.schema.json says."""

import json
from collections.abc import Iterator, Mapping
from functools import cache
from pathlib import Path
from typing import Any

from jsonschema import Draft7Validator

from wizard.catalog.categories import is_category
from wizard.catalog.datatypes import Catalog
from wizard.catalog.destinations import mark_fault
from wizard.catalog.reading import connection_spec, has_choices
from wizard.connection_strings.pattern import ConnectionStringError, Pattern
from wizard.json_schema.patterns import is_usable
from wizard.secret_names import looks_secret

HERE = Path(__file__).parent
NO_OBJECT: Mapping[str, Any] = {"properties": {}, "required": []}


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
    faults += _shared_ids(documents)
    if faults:
        raise CatalogError("\n".join(faults))
    specs = [
        connection_spec(slug, {key: value for key, value in document.items() if key != "ui"}, document["ui"])
        for slug, document in documents.items()
    ]
    return Catalog(tuple(sorted(specs, key=lambda spec: spec.label.lower())))


def _read(path: Path) -> dict[str, Any]:
    try:
        document = json.loads(path.read_text(encoding="utf-8"))
    except ValueError as error:
        raise CatalogError(f"{path.name}: {error}") from None
    if not isinstance(document, dict):
        raise CatalogError(f"{path.name}: must be one JSON object")
    return document


def _shared_ids(documents: Mapping[str, Mapping[str, Any]]) -> Iterator[str]:
    seen: dict[tuple[str, str], str] = {}
    for slug, document in documents.items():
        ui = document.get("ui")
        if "id" not in document or not isinstance(ui, dict):
            continue
        variant = ui.get("variant", "")
        other = seen.setdefault((str(document["id"]), str(variant)), slug)
        if other != slug:
            yield f"{slug}.json: has the id of {other}.json, and no variant of its own"


def find_faults(document: Mapping[str, Any]) -> list[str]:
    """What is wrong with a catalog document; nothing for a good one."""
    errors = [f"{error.json_path}: {error.message}" for error in _file_validator().iter_errors(document)]
    if errors:
        return errors
    if not is_category(document["ui"]["category"]):
        return [f"ui.category: {document['ui']['category']} does not stand in categories.json"]
    ways, labels = document.get("authSpec", []), document["ui"].get("authSpec", [])
    if len(labels) != len(ways):
        return ["ui.authSpec: must have one entry for each entry of authSpec"]
    keys = [label["key"] for label in labels]
    faults = [f"ui.authSpec: the key {key} stands there twice" for key in set(keys) if keys.count(key) > 1]
    for auth, label in zip(ways, labels, strict=True):
        faults += _object_faults(f"authSpec {label['key']}", auth["spec"], label["params"])
    return faults


@cache
def _file_validator() -> Draft7Validator:
    schema = json.loads((HERE / "file.schema.json").read_text(encoding="utf-8"))
    return Draft7Validator(schema, format_checker=Draft7Validator.FORMAT_CHECKER)


def _object_faults(where: str, schema: Mapping[str, Any], labels: Mapping[str, Any]) -> Iterator[str]:
    yield from _property_faults(where, schema, labels)
    for name in set(schema["properties"]) ^ set(labels):
        yield f"{where}: {name} must stand both in authSpec and in ui.authSpec"
    for name, label in labels.items():
        rules = schema["properties"].get(name, {})
        if rules.get("type") == "object" or "params" in label:
            nested = rules if rules.get("type") == "object" else NO_OBJECT
            yield from _object_faults(f"{where}: {name}", nested, label.get("params", {}))
        if "pattern" in label:
            yield from _property_faults(f"{where}: {name}", label["parts"], label["parts"]["properties"])
            yield from _pattern_faults(f"{where}: {name}", label)


def _property_faults(where: str, schema: Mapping[str, Any], labels: Mapping[str, Any]) -> Iterator[str]:
    for name, rules in schema["properties"].items():
        yield from (f"{where}: {name} {fault}" for fault in _faults_of_one(name, rules, labels.get(name, {})))
    for name in set(schema["required"]) - set(schema["properties"]):
        yield f"{where}: {name} is required but is no property"


def _faults_of_one(name: str, rules: Mapping[str, Any], label: Mapping[str, Any]) -> Iterator[str]:
    is_choice, is_group = has_choices(rules), rules["type"] == "object"
    is_secret = rules.get("format") == "password"
    if looks_secret(name) and not (is_secret or "public" in label or is_choice or is_group):
        yield "looks like a secret and lacks format: password"
    if "pattern" in rules and not is_usable(rules["pattern"]):
        yield "has a pattern that RE2 cannot apply"
    is_hidden = is_secret or "upload" in label
    if fault := mark_fault(name, label, is_choice=is_choice, is_secret=is_hidden, is_group=is_group):
        yield fault


def _pattern_faults(where: str, label: Mapping[str, Any]) -> Iterator[str]:
    try:
        placeholders = Pattern(label["pattern"], label.get("dialect", "ado.net")).placeholders
    except ConnectionStringError as error:
        yield f"{where}: {error}"
        return
    for name in set(placeholders) ^ set(label["parts"]["properties"]):
        yield f"{where}: {name} must stand both in the pattern and in its parts"
