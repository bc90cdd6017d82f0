"""Every address that the resolver knows, with something plausible in each of its places."""

import re
from collections.abc import Iterator
from typing import Any

from django.urls import URLResolver, get_resolver

NO_UUID = "00000000-0000-0000-0000-000000000000"
SAMPLES = {"uuid": NO_UUID, "slug": "postgres", "str": "x", "int": "1", "path": "x"}
PLACE = re.compile(r"<(?:(\w+):)?\w+>")
# Django's admin names its apps in a pattern of its own.
ALTERNATIVES = re.compile(r"\(\?P<\w+>(\w+)[^)]*\)")


def addresses(patterns: Any = None, prefix: str = "/") -> Iterator[str]:
    for pattern in get_resolver().url_patterns if patterns is None else patterns:
        path = prefix + _filled(str(pattern.pattern))
        if isinstance(pattern, URLResolver):
            yield from addresses(pattern.url_patterns, path)
        else:
            yield path


def _filled(route: str) -> str:
    route = PLACE.sub(lambda place: SAMPLES[place[1] or "str"], route)
    return ALTERNATIVES.sub(r"\1", route).removeprefix("^").removesuffix("$")
