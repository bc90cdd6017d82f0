"""Foreign JSON into values: a part that is nested too deeply, or a number without end, spoils no other part."""

import json
import re
from typing import Any

DEEPEST = 200
LONGEST_NUMBER = 400  # digits

_STEP = re.compile(r'"[^"\\]*+(?:\\.[^"\\]*+)*+"|[\[{\]}]', re.DOTALL)


def parsed(content: bytes) -> Any:
    """The JSON value, with null for what is nested too deeply to be read. Raises ValueError for what is no JSON."""
    try:
        return json.loads(content, parse_int=_whole)
    except RecursionError:
        text = content.decode(json.detect_encoding(content), "surrogatepass")
    try:
        return json.loads(_cut(text), parse_int=_whole)
    except RecursionError:
        raise ValueError("nested too deeply") from None


def _whole(digits: str) -> int | float:
    """Python refuses to read an integer of thousands of digits."""
    return int(digits) if len(digits) <= LONGEST_NUMBER else float(digits)


def _cut(text: str) -> str:
    kept, depth, start = [], 0, 0
    for step in _STEP.finditer(text):
        opens, closes = step[0] in ("[", "{"), step[0] in ("]", "}")
        if opens and depth == DEEPEST:
            kept.append(text[start : step.start()] + "null")
        depth += opens - closes
        if closes and depth == DEEPEST:
            start = step.end()
    return "".join([*kept, text[start:]]) if depth == 0 else ""
