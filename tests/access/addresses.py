"""Every address that the resolver knows."""

import re
from collections.abc import Iterator
from typing import Any

from django.urls import URLPattern, URLResolver, get_resolver


def addresses(patterns: Any = None, prefix: str = "/") -> Iterator[tuple[str, str]]:
    """(name, path) of each; a namespace stands before the name."""
    for pattern in get_resolver().url_patterns if patterns is None else patterns:
        path = prefix + str(pattern.pattern)
        if isinstance(pattern, URLResolver):
            yield from addresses(pattern.url_patterns, path)
        elif isinstance(pattern, URLPattern):
            yield str(pattern.name), path


MADE_UP = {
    "uuid": "00000000-0000-0000-0000-000000000000",
    "slug": "postgres",
    "str": "x",
    "int": "999999",
    "base36": "1",
}


def made_up() -> dict[str, str]:
    """The path of each name, about nothing that is there, but for a source."""
    return {name: re.sub(r"<(\w+):\w+>", lambda found: MADE_UP[found[1]], path) for name, path in addresses()}


def paths() -> dict[str, str]:
    """The path of each name."""
    return dict(addresses())
