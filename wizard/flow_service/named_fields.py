"""Which of a form's fields Adobe's words are about."""

import re
from collections.abc import Iterable


def named_field(message: str, names: Iterable[str]) -> str:
    """The longest of the wire `names` that stands in `message` as a whole word, quoted or not; "" if none does.

    Each part of `auth.params.password` is a word too. A name in the very same letters comes before any that
    differs in capitals. The time is linear in the message, whatever is in it.
    """
    longest_first = sorted(filter(None, names), key=len, reverse=True)
    for flags in (0, re.IGNORECASE):
        for name in longest_first:
            if re.search(_as_word(name), message, flags):
                return name
    return ""


def _as_word(name: str) -> str:
    """A pattern without repetition, so that nothing makes it go back. A dash joins words, as in `client-id`."""
    return rf"(?<!\w)(?<!\w-){re.escape(name)}(?!-?\w)"
