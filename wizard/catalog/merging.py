"""Lays our files over a live spec: it decides what is asked for; they add labels, help, order, patterns and secrets."""

import re
from collections.abc import Iterable, Mapping, Sequence
from typing import Any, NamedTuple

from wizard.catalog.datatypes import AuthParam, AuthSpec, ConnectionSpec, Source
from wizard.catalog.ways import matched
from wizard.json_schema.sanitising import Schema

Label = Mapping[str, Any]
# What only a text can have.
OF_A_TEXT = ("pattern", "dialect", "parts", "upload")


class Way(NamedTuple):
    """One entry of a merged authSpec, and of the ui beside it."""

    wire: Mapping[str, Any]
    ui: Label


def plain_ui(source: Source, ways: Iterable[Mapping[str, Any]]) -> dict[str, Any]:
    """The ui of a source that none of our files describes."""
    texts = {name: getattr(source, name) for name in ("label", "category", "monogram", "hue", "summary")}
    taken: set[str] = set()
    return {**texts, "authSpec": [{**_plain_label(way["name"], taken), "params": {}} for way in ways]}


def merged_ui(file: ConnectionSpec, ways: Iterable[Way]) -> dict[str, Any]:
    return {**file.ui, "authSpec": [way.ui for way in ways]}


def merged_ways(live: ConnectionSpec, files: Sequence[ConnectionSpec]) -> list[Way]:
    """The live ways: those of the first file in its order, then those of the others, then what no file has."""
    known = [
        (auth, label if file is files[0] else {**label, "label": f"{label['label']}, as documented for {file.label}"})
        for file in files
        for auth, label in zip(file.auth_specs, file.ui.get("authSpec", ()), strict=True)
    ]
    matches = matched(live.auth_specs, [auth for auth, _ in known])
    order = sorted(range(len(live.auth_specs)), key=lambda index: (matches.get(index, len(known)), index))
    taken: set[str] = set()
    found = []
    for index in order:
        wire, their = live.wire["authSpec"][index], live.auth_specs[index]
        if index in matches:
            found.append(_matched_way(wire, their, *known[matches[index]], taken))
        else:
            # Nobody knows which of ours it was: what any of them keeps secret stays secret.
            spec = _with_secrets(their.schema, [param for auth, _ in known for param in auth.params if param.secret])
            found.append(Way({**wire, "spec": spec}, {**_plain_label(their.name, taken), "params": {}}))
    return found


def _matched_way(wire: Mapping[str, Any], live: AuthSpec, ours: AuthSpec, label: Label, taken: set[str]) -> Way:
    spec = _with_secrets(live.schema, ours.params)
    ui = {**label, "key": _unique(label["key"], taken), "params": _fitting(label["params"], live.params)}
    return Way({**wire, "spec": spec}, ui)


def _plain_label(name: str, taken: set[str]) -> dict[str, str]:
    key = re.sub(r"[^a-z0-9]+", "-", name.lower()).strip("-")[:100] or "way"
    return {"key": _unique(key, taken), "label": name}


def _unique(key: str, taken: set[str]) -> str:
    found, number = key, 1
    while found in taken:
        number += 1
        found = f"{key}-{number}"
    taken.add(found)
    return found


def _fitting(labels: Mapping[str, Label], params: Sequence[AuthParam]) -> dict[str, Label]:
    """Our labels under the live names, in our order; a name that differs in case alone is the same one."""
    exact = {param.name: param for param in params}
    other = {name.lower(): param for name, param in exact.items() if name not in labels}
    found: dict[str, Label] = {}
    for name, label in labels.items():
        param = exact.get(name) or other.get(name.lower())
        if param and param.name not in found:
            found[param.name] = _fitting_label(label, param)
    return found


def _fitting_label(label: Label, param: AuthParam) -> dict[str, Any]:
    dropped = () if param.schema.get("type") == "string" else OF_A_TEXT
    kept = {name: value for name, value in label.items() if name not in dropped}
    if label.get("params") and not param.params:
        # Our marks stand on the fields of a group, and here it is one field.
        kept["destination"] = True
    return {**kept, "params": _fitting(label.get("params", {}), param.params)}


def _with_secrets(schema: Mapping[str, Any], params: Iterable[AuthParam]) -> Schema:
    """The schema, with `format: password` wherever one of our params of that name is a secret."""
    known = {param.name.lower(): param for param in params}
    found = dict(schema)
    if "properties" in schema:
        found["properties"] = {
            name: _sealed(rules, known.get(name.lower())) for name, rules in schema["properties"].items()
        }
    for name in ("then", "else"):
        if name in schema:
            found[name] = _with_secrets(schema[name], known.values())
    for name in ("allOf", "anyOf", "oneOf"):
        if name in schema:
            found[name] = [_with_secrets(branch, known.values()) for branch in schema[name]]
    return found


def _sealed(rules: Mapping[str, Any], param: AuthParam | None) -> Mapping[str, Any]:
    if param is None:
        return rules
    return {**rules, "format": "password"} if param.secret else _with_secrets(rules, param.params)
