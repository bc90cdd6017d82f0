"""Cells as a page shows them: short, in one line, and harmless, whatever came."""

import json
import re
from collections.abc import Iterator
from dataclasses import dataclass
from itertools import islice
from typing import Any

from django.template.defaultfilters import filesizeformat

from wizard.flow_service.errors import one_line

LONGEST = 200  # characters
LOOKED_AT = 2000  # characters of a text that are looked at: what follows is not shown anyway
# What a text has that stands for bytes; tab, line feed and carriage return are everybody's.
_BYTES = re.compile("[\x00-\x08\x0b\x0c\x0e-\x1f\x7f\ufffd\ud800-\udfff]")
_BINARY_TYPE = re.compile(r"(?i)binary|blob|bytea|^raw|^image$|bytes")


@dataclass(frozen=True)
class Cell:
    """`kind` is null, number, truth, binary, nested or text. `note` says what was left out."""

    kind: str
    text: str
    note: str = ""


def cell(value: Any, column_type: str = "") -> Cell:
    """`column_type` is the source's own word for the type of the column."""
    if value is None:
        return Cell("null", "null")
    if isinstance(value, bool):
        return Cell("truth", "true" if value else "false")
    if isinstance(value, int | float):
        return Cell("number", *_cut(str(value)))
    if isinstance(value, str):
        return _text(value, column_type)
    return _nested(value)


def _text(value: str, column_type: str) -> Cell:
    looked_at = value[:LOOKED_AT]
    if _BINARY_TYPE.search(column_type) or _BYTES.search(looked_at):
        size = filesizeformat(len(value.encode(errors="surrogatepass"))).replace("\xa0", " ")
        return Cell("binary", f"binary, {size}")
    return Cell("text", *_cut(one_line(looked_at[: 3 * LONGEST]), len(value)))


def _nested(value: Any) -> Cell:
    """As JSON, no more of it than is shown."""
    text = ""
    for part in _json(value):
        text += part[: LONGEST + 1]
        if len(text) > LONGEST:
            break
    short, note = _cut(one_line(text))
    return Cell("nested", short, "cut" if note else "")


def _json(value: Any) -> Iterator[str]:
    """Piece by piece: all of it may be large. By a stack of its own: it may be nested deeper than calls may be."""
    left: list[Iterator[tuple[bool, Any]]] = [iter([(False, value)])]
    while left:
        found = next(left[-1], None)
        if found is None:
            left.pop()
            continue
        is_written, part = found
        if is_written:
            yield part
        elif isinstance(part, dict | list):
            left.append(_pieces(part))
        else:
            yield json.dumps(part[:LOOKED_AT] if isinstance(part, str) else part, ensure_ascii=False)


def _pieces(value: dict[str, Any] | list[Any]) -> Iterator[tuple[bool, Any]]:
    """(True, a text that is written already) or (False, a value)."""
    is_object = isinstance(value, dict)
    yield True, "{" if is_object else "["
    parts = value.items() if isinstance(value, dict) else (("", part) for part in value)
    for number, (name, part) in enumerate(islice(parts, LONGEST)):
        label = f"{json.dumps(name[:LOOKED_AT], ensure_ascii=False)}: " if is_object else ""
        if number or label:
            yield True, f", {label}" if number else label
        yield False, part
    yield True, "}" if is_object else "]"


def _cut(text: str, length: int | None = None) -> tuple[str, str]:
    """At most LONGEST characters, and how many there are where that is more."""
    length = len(text) if length is None else length
    return (text, "") if length <= LONGEST else (text[:LONGEST], f"{length:,} characters")
