"""What stands in a text that anybody can send, in a URL, a form or an argument: a number, an id, or neither."""

from typing import Any
from uuid import UUID


def whole_number(text: Any, digits: int = 18) -> int | None:
    """The number that these plain digits write; None for anything else, and for more digits than a column holds."""
    text = str(text)
    return int(text) if text.isascii() and text.isdigit() and len(text) <= digits else None


def uuid_in(text: str) -> UUID | None:
    """The UUID that this is, however it is written; None for anything else."""
    try:
        return UUID(text)
    except ValueError:
        return None
