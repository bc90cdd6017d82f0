"""What went wrong, in words that may leave this process."""

import re
from collections.abc import Iterable

LONGEST = 1500
SHORT = 4
BLANKED = "•••"


class Unusable(Exception):
    """Params that lead to no database, or to one that may not be connected to; the message has no secret in it."""


def spoken(text: str, secrets: Iterable[str]) -> str:
    """The text in one line, bounded, without the secrets. What is as short as a word goes where it stands alone."""
    for secret in filter(None, secrets):
        pattern = re.escape(secret)
        text = re.sub(pattern if len(secret) >= SHORT else rf"(?<!\w){pattern}(?!\w)", BLANKED, text)
    return " ".join(text.split())[:LONGEST]
