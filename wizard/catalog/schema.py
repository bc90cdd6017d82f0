"""JSON Schema (draft-07) as we take it from anybody: only the keywords that we know, each well-formed.

What is left of a foreign schema is always a valid one, refers to nothing else, and costs linear time to apply.
https://json-schema.org/draft-07/json-schema-validation
"""

import json
import unicodedata
from collections.abc import Callable, Iterator, Mapping
from decimal import Decimal, DecimalException
from typing import Any, NamedTuple

import re2
from jsonschema import Draft7Validator, ValidationError
from jsonschema.validators import extend

Schema = dict[str, Any]

TYPES = ("string", "integer", "number", "boolean", "object", "array")
LONGEST_TEXT, LONGEST_PATTERN, LARGEST_NUMBER = 2_000, 1_000, 1e300
MOST_CHOICES, MOST_BRANCHES, DEEPEST = 500, 50, 12
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


class Fault(NamedTuple):
    """A value that does not fit: `path` leads to it, by wire names; `rule` is the keyword, `bound` its value."""

    path: tuple[str, ...]
    rule: str
    bound: Any


def sanitised(raw: object, depth: int = 0) -> Schema:
    """A JSON Schema from any JSON value: keywords that we do not know, or that are malformed, are left out."""
    if not isinstance(raw, dict) or depth > DEEPEST:
        return {}
    kept = {name: read(raw[name]) for name, read in _READERS.items() if name in raw}
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
    if "properties" not in found and _marks_secret(raw):
        # Asked for as a whole, it is as secret as the most secret thing inside.
        found["writeOnly"] = True
    if "default" in found and not _fits(found["default"], found):
        del found["default"]
    return found


def _marks_secret(raw: Any) -> bool:
    if isinstance(raw, list):
        return any(map(_marks_secret, raw))
    if not isinstance(raw, dict):
        return False
    return raw.get("format") == "password" or raw.get("writeOnly") is True or any(map(_marks_secret, raw.values()))


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
    return _Validator(rules).is_valid(value)


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


def faults(schema: Mapping[str, Any], value: Any) -> Iterator[Fault]:
    """Where a JSON value does not fit a sanitised schema; the innermost place of each fault."""
    for error in _Validator(schema).iter_errors(value):
        innermost = _innermost(error)
        path = tuple(str(step) for step in innermost.absolute_path)
        yield Fault((*path, *_missing(innermost)), str(innermost.validator), innermost.validator_value)


def _innermost(error: ValidationError) -> ValidationError:
    """Of an error in several branches, that of the branch which was meant: one whose fixed values fit."""
    while error.context:
        unfit = {found.schema_path[0] for found in error.context if found.validator in ("const", "enum")}
        error = next((found for found in error.context if found.schema_path[0] not in unfit), error.context[0])
    return error


def clean_text(text: object, limit: int = LONGEST_TEXT) -> str:
    """A foreign text on one line, without control, format and surrogate characters; "" for what is no text."""
    if not isinstance(text, str):
        return ""
    words = " ".join(text[: 2 * limit].split())
    return "".join(char for char in words if unicodedata.category(char)[0] != "C")[:limit]


def _missing(error: ValidationError) -> tuple[str, ...]:
    """jsonschema reports each missing name by itself, and names it in its message alone."""
    if error.validator != "required":
        return ()
    names: Any = error.validator_value
    return tuple(name for name in names if error.message.startswith(repr(name)))[:1]


# --- The keywords ---


def _text(value: object) -> str | None:
    return clean_text(value) or None


def _type(value: object) -> str | None:
    """The one type, null aside; a choice of types is no help to a form."""
    names = [name for name in (value if isinstance(value, list) else [value]) if name != "null"]
    return names[0] if len(names) == 1 and names[0] in TYPES else None


def _number(value: object) -> int | float | None:
    is_number = isinstance(value, int | float) and not isinstance(value, bool)
    return value if is_number and abs(value) <= LARGEST_NUMBER else None  # type: ignore[arg-type, return-value]


def _positive(value: object) -> int | float | None:
    found = _number(value)
    return found if found is not None and found > 0 else None


def _count(value: object) -> int | None:
    found = _number(value)
    return int(found) if found is not None and found >= 0 and found == int(found) else None


def _pattern(value: object) -> str | None:
    """One that is applied in linear time, whatever it is applied to; another kind is for Adobe to check."""
    if not isinstance(value, str) or len(value) > LONGEST_PATTERN:
        return None
    try:
        re2.compile(value, _QUIET)
    except (re2.error, UnicodeEncodeError):
        return None
    return value


def _is_scalar(value: object) -> bool:
    if isinstance(value, str):
        return len(value) <= LONGEST_TEXT and all(unicodedata.category(char)[0] != "C" for char in value)
    return isinstance(value, bool) or _number(value) is not None


def _scalar(value: object) -> Any:
    return value if _is_scalar(value) else None


def _default(value: object) -> Any:
    texts = isinstance(value, list) and all(isinstance(item, str) and _is_scalar(item) for item in value)
    return value if texts or _is_scalar(value) else None


def _choices(value: object) -> list[Any] | None:
    """Choices that one can choose: null, objects and lists aside, each once."""
    if not isinstance(value, list):
        return None
    unique = {json.dumps(item): item for item in value[:MOST_CHOICES] if _is_scalar(item)}
    return list(unique.values()) or None


def _names(value: object) -> list[str] | None:
    if not isinstance(value, list):
        return None
    return list(dict.fromkeys(name for name in value if _is_name(name))) or None


def _is_name(value: object) -> bool:
    return isinstance(value, str) and bool(value) and clean_text(value, 200) == value


def _ui_attributes(value: object) -> Schema | None:
    return {"hidden": True} if isinstance(value, dict) and value.get("hidden") is True else None


def _true(value: object) -> bool | None:
    return True if value is True else None


def _branches(value: object, depth: int) -> list[Schema] | None:
    if not isinstance(value, list):
        return None
    return [sanitised(item, depth + 1) for item in value[:MOST_BRANCHES] if isinstance(item, dict)] or None


def _properties(value: object, depth: int) -> dict[str, Schema] | None:
    if not isinstance(value, dict):
        return None
    return {name: sanitised(rules, depth + 1) for name, rules in value.items() if _is_name(name)}


_READERS: dict[str, Callable[[object], Any]] = {
    "type": _type,
    "format": _text,
    "title": _text,
    "description": _text,
    "pattern": _pattern,
    "examples": _choices,
    "enum": _choices,
    "const": _scalar,
    "default": _default,
    "minimum": _number,
    "maximum": _number,
    "exclusiveMinimum": _number,
    "exclusiveMaximum": _number,
    "multipleOf": _positive,
    "minLength": _count,
    "maxLength": _count,
    "minItems": _count,
    "maxItems": _count,
    "required": _names,
    "uiAttributes": _ui_attributes,
    "writeOnly": _true,
}


# --- Applying a pattern ---

_QUIET = re2.Options()
_QUIET.log_errors = False


def matches(pattern: str, text: str) -> bool:
    """Whether a sanitised schema's pattern occurs in a text; in linear time."""
    return re2.search(pattern, text, _QUIET) is not None


def _apply_pattern(_validator: object, pattern: str, value: object, _schema: object) -> Iterator[ValidationError]:
    if isinstance(value, str) and not matches(pattern, value):
        yield ValidationError("The pattern does not match.")


def _apply_multiple_of(_validator: object, step: float, value: object, _schema: object) -> Iterator[ValidationError]:
    """In decimals, as people mean it: 0.3 is a multiple of 0.1."""
    is_number = isinstance(value, int | float) and not isinstance(value, bool)
    try:
        if is_number and Decimal(str(value)) % Decimal(str(step)):
            yield ValidationError("Not a multiple.")
    except DecimalException:
        # Too far apart to tell: that is for Adobe to check.
        return


_Validator = extend(Draft7Validator, {"pattern": _apply_pattern, "multipleOf": _apply_multiple_of})
