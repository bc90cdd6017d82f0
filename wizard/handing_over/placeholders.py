"""What is not known yet in a request, and how a request's body is written with it, as JSON and as Python."""

import json
from collections.abc import Callable
from typing import Any

INDENT = "  "


class Placeholder(str):
    """Drawn as {NAME}. Its type tells it from a text of somebody else's that merely looks like one."""

    __slots__ = ()

    def __new__(cls, name: str) -> "Placeholder":
        return super().__new__(cls, f"{{{name}}}")

    @property
    def name(self) -> str:
        return self[1:-1]


def as_json(value: Any, show: Callable[[Placeholder], str] = str) -> str:
    """Indented JSON, `show` saying how a placeholder stands in its text.

    No other text has a brace of its own in it, so that neither a person nor Postman takes a part of it for a
    placeholder; and what cannot be seen is written by its number.
    """

    def leaf(found: Any) -> str:
        if isinstance(found, Placeholder):
            return json.dumps(show(found))
        if not isinstance(found, str):
            return json.dumps(found, allow_nan=False)
        return "".join(map(_seen, json.dumps(found, ensure_ascii=False)))

    return _written(value, leaf)


def as_python(value: Any, show: Callable[[Placeholder], str]) -> str:
    """An indented literal, `show` saying which expression a placeholder is."""

    def leaf(found: Any) -> str:
        # What cannot be seen is written by its number there, too.
        return show(found) if isinstance(found, Placeholder) else repr(found)

    return _written(value, leaf)


def _seen(character: str) -> str:
    if character == "{" or not character.isprintable():
        return "".join(f"\\u{int.from_bytes(pair, 'big'):04x}" for pair in _pairs(character))
    return character


def _pairs(character: str) -> list[bytes]:
    raw = character.encode("utf-16-be", "surrogatepass")
    return [raw[start : start + 2] for start in range(0, len(raw), 2)]


def _written(value: Any, leaf: Callable[[Any], str], depth: int = 1) -> str:
    """Objects and lists look the same in both languages."""
    if isinstance(value, dict):
        brackets = "{}"
        parts = [f"{leaf(str(key))}: {_written(part, leaf, depth + 1)}" for key, part in value.items()]
    elif isinstance(value, list):
        brackets, parts = "[]", [_written(part, leaf, depth + 1) for part in value]
    else:
        return leaf(value)
    if not parts:
        return brackets
    between = f",\n{INDENT * depth}"
    return f"{brackets[0]}\n{INDENT * depth}{between.join(parts)}\n{INDENT * (depth - 1)}{brackets[1]}"
