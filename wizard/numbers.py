"""Numbers that come as texts: in a URL, in a form, as an argument of a command."""

from typing import Any


def whole_number(text: Any, digits: int = 18) -> int | None:
    """The number that these plain digits write; None for anything else, and for more digits than a column holds."""
    text = str(text)
    return int(text) if text.isascii() and text.isdigit() and len(text) <= digits else None
