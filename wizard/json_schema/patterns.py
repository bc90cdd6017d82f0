"""Patterns of foreign schemas, applied in linear time, whatever they are and whatever they are applied to."""

import re2

LONGEST_PATTERN = 1_000
_QUIET = re2.Options()
_QUIET.log_errors = False


def is_usable(pattern: object) -> bool:
    """Whether RE2 can apply it; another kind is for Adobe to check."""
    if not isinstance(pattern, str) or len(pattern) > LONGEST_PATTERN:
        return False
    try:
        re2.compile(pattern, _QUIET)
    except (re2.error, UnicodeEncodeError):
        return False
    return True


def matches(pattern: str, text: str) -> bool:
    """Whether a usable pattern occurs in a text."""
    return re2.search(pattern, text, _QUIET) is not None
