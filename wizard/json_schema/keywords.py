"""The keywords of a JSON Schema that we know: each reader gives its value if that is well-formed, else None.

https://json-schema.org/draft-07/json-schema-validation
"""

import json
import unicodedata
from collections.abc import Callable
from typing import Any

from wizard.json_schema.patterns import is_usable

TYPES = ("string", "integer", "number", "boolean", "object", "array")
LONGEST_TEXT, LARGEST_NUMBER = 2_000, 1e300
MOST_CHOICES = 500


def clean_text(text: object, limit: int = LONGEST_TEXT) -> str:
    """A foreign text on one line, without control, format and surrogate characters; "" for what is no text."""
    if not isinstance(text, str):
        return ""
    words = " ".join(text[: 2 * limit].split())
    return "".join(char for char in words if unicodedata.category(char)[0] != "C")[:limit]


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
    return value if isinstance(value, str) and is_usable(value) else None


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
    return list(dict.fromkeys(name for name in value if is_name(name))) or None


def is_name(value: object) -> bool:
    return isinstance(value, str) and bool(value) and clean_text(value, 200) == value


def _ui_attributes(value: object) -> dict[str, Any] | None:
    return {"hidden": True} if isinstance(value, dict) and value.get("hidden") is True else None


def _true(value: object) -> bool | None:
    return True if value is True else None


READERS: dict[str, Callable[[object], Any]] = {
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
