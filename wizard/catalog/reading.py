"""Makes ConnectionSpecs of the Flow Service's own JSON and our `ui` beside it, whoever wrote the JSON.

`ui` is well-formed: it comes from a file that the loader has checked, or from live.py. The rest may be foreign.
"""

import json
import re
from collections.abc import Iterator, Mapping
from typing import Any

from wizard.catalog.datatypes import AuthParam, AuthSpec, ConnectionSpec
from wizard.catalog.destinations import marks
from wizard.connection_strings.pattern import Pattern
from wizard.json_schema.keywords import MOST_CHOICES
from wizard.json_schema.sanitising import Schema, branches, is_marked, sanitised, titled_values
from wizard.secret_names import looks_secret

# What has lines, so that a field of one line would spoil it.
MANY_LINES = re.compile(r"(?i)private_?key$|pem$|certificate$|key_?(file|content)|service_?account")
OF_A_PART = ("common", "destination", "identity")
Labels = Mapping[str, Mapping[str, Any]]


def connection_spec(slug: str, wire: Mapping[str, Any], ui: Mapping[str, Any]) -> ConnectionSpec:
    """One source. `ui.authSpec` has one entry for each of `wire.authSpec`."""
    pairs = zip(wire.get("authSpec") or (), ui.get("authSpec", ()), strict=True)
    return ConnectionSpec(
        slug=slug,
        wire=wire,
        label=ui["label"],
        category=ui["category"],
        monogram=ui["monogram"],
        hue=ui["hue"],
        summary=ui["summary"],
        documentation=ui.get("documentation", ""),
        status=ui.get("status", ""),
        doubt=ui.get("doubt", ""),
        instead=ui.get("instead", ""),
        licence=ui.get("licence", ""),
        variant=ui.get("variant", ""),
        is_popular=ui.get("popular", False),
        keywords=tuple(ui.get("keywords", ())),
        needs=tuple(ui.get("needs", ())),
        notes=tuple(ui.get("notes", ())),
        look_up_first=ui.get("lookUpFirst", False),
        body=ui.get("body", {}),
        ui=ui,
        auth_specs=tuple(_auth_spec(auth, label) for auth, label in pairs),
    )


def _auth_spec(auth: Mapping[str, Any], label: Mapping[str, Any]) -> AuthSpec:
    schema = sanitised(auth.get("spec"))
    return AuthSpec(
        key=label["key"],
        name=auth["name"],
        label=label["label"],
        schema=schema,
        params=tuple(params(schema, label["params"], secret=is_marked(schema))),
        note=label.get("note", ""),
        type=label.get("type", ""),
    )


def params(schema: Schema, labels: Labels, *, secret: bool = False) -> Iterator[AuthParam]:
    """The properties of a sanitised schema, those with a label first and in the labels' order."""
    properties = _all_properties(schema)
    required, needed = _all_required(schema), _needed_somewhere(schema)
    for name in sorted(properties, key=lambda name: _place(name, labels)):
        is_required, is_needed = name in required, name in needed
        yield _param(name, properties[name], labels.get(name), is_required, is_needed, secret)


def _place(name: str, labels: Labels) -> int:
    return list(labels).index(name) if name in labels else len(labels)


def _param(
    name: str, rules: Schema, given: Mapping[str, Any] | None, required: bool, is_needed: bool, secret: bool
) -> AuthParam:
    label = given or {}
    hides = secret or _hides(name, rules, label)
    nested = tuple(params(rules, label.get("params", {}), secret=hides))
    is_secret = hides and not has_choices(rules)
    is_leaf = not is_secret and not nested
    destination, identity = marks(name, given, is_choice=has_choices(rules)) if is_leaf else (False, False)
    return AuthParam(
        name=name,
        schema={**rules, **{key: label[key] for key in ("title", "description", "examples") if key in label}},
        required=required,
        secret=is_secret,
        common=label.get("common", False) or is_needed,
        destination=destination,
        identity=identity,
        upload=label.get("upload", "") or ("text" if is_secret and MANY_LINES.search(name) else ""),
        pattern=Pattern(label["pattern"], label.get("dialect", "ado.net")) if "pattern" in label else None,
        parts=tuple(_parts(label["parts"])) if "pattern" in label else (),
        params=nested,
    )


def _parts(schema: Schema) -> Iterator[AuthParam]:
    """A part's label stands in its schema; the schema's own `pattern` is not that of a connection string."""
    properties = schema["properties"].items()
    return params(schema, {name: {key: rules[key] for key in OF_A_PART if key in rules} for name, rules in properties})


def _hides(name: str, rules: Schema, label: Mapping[str, Any]) -> bool:
    """Whether the value, or something inside it, is a secret."""
    named_so = looks_secret(name) and "public" not in label
    return "upload" in label or named_so or is_marked(rules) or any(map(is_marked, branches(rules)))


def has_choices(rules: Mapping[str, Any]) -> bool:
    """Everybody knows what can be chosen, so that it is no secret, whatever its name."""
    return rules.get("type") == "boolean" or bool(rules.keys() & {"enum", "const"}) or bool(titled_values(rules))


def _all_properties(schema: Schema) -> dict[str, Schema]:
    """Also those that only some branch of the schema names: which of them are needed, validation says."""
    found: dict[str, Schema] = dict(schema.get("properties", {}))
    for branch in branches(schema):
        for name, rules in _all_properties(branch).items():
            found[name] = _joined(found[name], rules) if name in found else rules
    return found


def _all_required(schema: Schema) -> set[str]:
    """What is required whatever else is given."""
    return {*schema.get("required", ()), *(name for part in schema.get("allOf", ()) for name in _all_required(part))}


def _needed_somewhere(schema: Schema) -> set[str]:
    """What some branch requires."""
    found = ({*branch.get("required", ()), *_needed_somewhere(branch)} for branch in branches(schema))
    return set().union(*found)


def _joined(first: Schema, other: Schema) -> Schema:
    """One property of two branches: a value that tells the branches apart may be the one's or the other's."""
    joined = {**other, **first}
    if "type" in first and "type" in other and first["type"] != other["type"]:
        del joined["type"]
    choices = [schema.get("enum", [schema["const"]] if "const" in schema else []) for schema in (first, other)]
    if not all(choices):
        return joined
    kept = {name: value for name, value in joined.items() if name not in ("const", "enum")}
    each_once = {json.dumps(value): value for value in (*choices[0], *choices[1])}
    return {**kept, "enum": list(each_once.values())[:MOST_CHOICES]}
