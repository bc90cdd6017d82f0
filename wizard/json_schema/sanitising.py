"""JSON Schema (draft-07) as we take it from anybody: only the keywords that we know, each well-formed.

What is left of a foreign schema is always a valid one, refers to nothing else, and costs linear time to apply.
https://json-schema.org/draft-07/json-schema-validation
"""

from collections.abc import Iterator, Mapping
from typing import Any

from wizard.json_schema.keywords import READERS, is_name
from wizard.json_schema.validation import Validator

Schema = dict[str, Any]

MOST_BRANCHES, DEEPEST = 50, 12
# Whatever else stands in a schema restricts nothing.
RULES = frozenset(
    (
        *("$ref", "type", "enum", "const", "multipleOf", "maximum", "exclusiveMaximum", "minimum", "exclusiveMinimum"),
        *("maxLength", "minLength", "pattern", "items", "additionalItems", "maxItems", "minItems", "uniqueItems"),
        *("contains", "maxProperties", "minProperties", "required", "properties", "patternProperties"),
        *("additionalProperties", "dependencies", "propertyNames", "if", "then", "else", "allOf", "anyOf", "oneOf"),
        "not",
    )
)


def sanitised(raw: object, depth: int = 0) -> Schema:
    """A JSON Schema from any JSON value: keywords that we do not know, or that are malformed, are left out."""
    if not isinstance(raw, dict) or depth > DEEPEST:
        return {}
    kept = {name: read(raw[name]) for name, read in READERS.items() if name in raw}
    for name in ("oneOf", "anyOf", "allOf"):
        kept[name] = _branches(raw.get(name), depth)
    for name in ("if", "then", "else", "items"):
        kept[name] = sanitised(raw.get(name), depth + 1) or None
    kept["properties"] = _properties(raw.get("properties"), depth)
    if kept["oneOf"] and not _says_all_of(kept["oneOf"], raw["oneOf"]):
        # Of branches that lost a rule more than one may match.
        kept["allOf"] = [*(kept["allOf"] or ()), {"anyOf": kept.pop("oneOf")}]
    if not _says_all_of(kept["if"], raw.get("if")):
        kept["if"] = None
    found = {name: value for name, value in kept.items() if value is not None}
    if (not found.get("properties") and _marks_secret([raw, found])) or _refers(raw, depth):
        # Asked for as a whole, it is as secret as the most secret thing inside; and nobody knows what it refers to.
        found["writeOnly"] = True
    if "default" in found and not _fits(found["default"], found):
        del found["default"]
    return found


def _marks_secret(raw: Any) -> bool:
    if isinstance(raw, list):
        return any(map(_marks_secret, raw))
    if not isinstance(raw, dict):
        return False
    return is_marked(raw) or any(map(_marks_secret, raw.values()))


def is_marked(schema: Mapping[str, Any]) -> bool:
    """Whether a schema says of its value that it is a secret."""
    return str(schema.get("format")).lower() == "password" or schema.get("writeOnly") is True


def _refers(raw: Mapping[str, Any], depth: int) -> bool:
    return depth > 0 and "$ref" in raw


def _says_all_of(kept: Any, raw: Any) -> bool:
    """Whether no rule was lost; other keywords, of whatever name, only say something about the value."""
    if isinstance(raw, list):
        return isinstance(kept, list) and len(kept) == len(raw) and all(map(_says_all_of, kept, raw))
    if not isinstance(raw, dict):
        return kept == raw
    if not isinstance(kept, dict):
        return not raw.keys() & RULES
    return all(_keeps_rule(name, kept.get(name), raw[name]) for name in raw.keys() & RULES)


def _keeps_rule(name: str, kept: Any, raw: Any) -> bool:
    if name == "properties" and isinstance(raw, dict) and isinstance(kept, dict):
        return kept.keys() == raw.keys() and all(_says_all_of(kept[key], raw[key]) for key in raw)
    return _says_all_of(kept, raw)


def _fits(value: Any, schema: Schema) -> bool:
    rules = {name: rule for name, rule in schema.items() if name in ("type", "enum", "const", "items")}
    return Validator(rules).is_valid(value)


def branches(schema: Mapping[str, Any]) -> Iterator[Schema]:
    """The schemas that speak about the same value, on some condition or other."""
    yield from (schema[name] for name in ("then", "else") if name in schema)
    for name in ("allOf", "anyOf", "oneOf"):
        yield from schema.get(name, ())


def titled_values(schema: Mapping[str, Any]) -> list[tuple[Any, str]]:
    """(value, title) where each branch of a choice is one value."""
    for options in (schema.get("oneOf"), schema.get("anyOf"), *(part.get("anyOf") for part in schema.get("allOf", ()))):
        if options and all("const" in option for option in options):
            return [(option["const"], option.get("title", str(option["const"]))) for option in options]
    return []


def _branches(value: object, depth: int) -> list[Schema] | None:
    if not isinstance(value, list):
        return None
    return [sanitised(item, depth + 1) for item in value[:MOST_BRANCHES] if isinstance(item, dict)] or None


def _properties(value: object, depth: int) -> dict[str, Schema] | None:
    if not isinstance(value, dict):
        return None
    return {name: sanitised(rules, depth + 1) for name, rules in value.items() if is_name(name)}
