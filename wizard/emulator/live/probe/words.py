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
    return " ".join(_lines_once(text))[:LONGEST]


def _lines_once(text: str) -> list[str]:
    """PostgreSQL's driver says for each of its tries what went wrong, which is mostly the same."""
    found: list[str] = []
    for line in (" ".join(part.split()) for part in text.splitlines()):
        if line and not any(line in earlier for earlier in found):
            found.append(line)
    return found
