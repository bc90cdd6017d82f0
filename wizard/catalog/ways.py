"""Which way to authenticate of a live spec is which of ours: by name, then by how alike their params are."""

import json
import re
from collections.abc import Hashable, Sequence

from wizard.catalog.datatypes import AuthParam, AuthSpec


def matched(theirs: Sequence[AuthSpec], ours: Sequence[AuthSpec]) -> dict[int, int]:
    """Index of theirs -> index of ours, one to one, the most alike ones first. Only what has the same name matches."""
    candidates = [
        (likeness(their, our), -here, -there)
        for here, their in enumerate(theirs)
        for there, our in enumerate(ours)
        if _plain(their.name) == _plain(our.name)
    ]
    found: dict[int, int] = {}
    for _, here, there in sorted(candidates, reverse=True):
        if -here not in found and -there not in found.values():
            found[-here] = -there
    return found


def likeness(first: AuthSpec, other: AuthSpec) -> tuple[bool, int, int]:
    """More is more alike: the name to the letter, then the params' names, then what the params take."""
    shapes = [{param.name.lower(): shape(param) for param in auth.params} for auth in (first, other)]
    common = shapes[0].keys() & shapes[1].keys()
    differing = len(shapes[0].keys() ^ shapes[1].keys())
    return first.name == other.name, len(common) - differing, sum(shapes[0][name] == shapes[1][name] for name in common)


def shape(param: AuthParam) -> Hashable:
    """What the Flow Service takes for a param; labels and other words for people aside."""
    nested = frozenset((inner.name, shape(inner)) for inner in param.params)
    return param.required, param.schema.get("type"), param.schema.get("format"), values(param), nested


def values(param: AuthParam) -> tuple[str, ...]:
    """The values of an enumeration as JSON, in a settled order; none for any other param."""
    return tuple(sorted(json.dumps(value, ensure_ascii=False) for _, value, _ in param.choices))


def _plain(name: str) -> str:
    """`OAuth2 Refresh Code` and `oAuth2RefreshCode` are one way to the documentation."""
    return re.sub(r"[\W_]", "", name).lower() or name
