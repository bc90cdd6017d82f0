"""What a schema requires in some cases only, read from the wire: `sanitised` keeps less than what matters here.

https://json-schema.org/draft-07/json-schema-validation
"""

from collections.abc import Iterable, Iterator
from typing import Any


def conditional(schema: object) -> set[str]:
    """Places (`host`, `more.pin`) that some branch or dependency requires, and the schema as a whole does not.

    Takes any JSON value; what is malformed requires nothing.
    """
    found = set(_required(schema, always=True))
    return {place for place, _ in found} - {place for place, always in found if always}


def _required(schema: object, *, always: bool) -> Iterator[tuple[str, bool]]:
    """(place, whether it is required in all cases)."""
    if not isinstance(schema, dict):
        return
    yield from _names(schema.get("required"), always=always)
    for name, rules in _items(schema.get("properties")):
        yield from ((f"{name}.{place}", in_all) for place, in_all in _required(rules, always=always))
    for part in _list(schema.get("allOf")):
        yield from _required(part, always=always)
    for part in (*_list(schema.get("anyOf")), *_list(schema.get("oneOf")), schema.get("then"), schema.get("else")):
        yield from _required(part, always=False)
    for _, needed in _items(schema.get("dependencies")):
        yield from _names(needed, always=False)
        yield from _required(needed, always=False)


def _names(names: object, *, always: bool) -> Iterator[tuple[str, bool]]:
    return ((name, always) for name in _list(names) if isinstance(name, str))


def _list(value: object) -> list[Any]:
    return value if isinstance(value, list) else []


def _items(value: object) -> Iterable[tuple[str, Any]]:
    return value.items() if isinstance(value, dict) else ()
