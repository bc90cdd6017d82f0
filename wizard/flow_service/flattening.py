"""The leaves of a nested schema, as columns: `customer.id`, and `tags[]` for what stands in a list."""

from collections.abc import Iterator, Mapping
from typing import Any

DEEPEST = 20
LONGEST_PATH = 2000  # characters


def leaves(schema: Mapping[str, Any], most: int) -> Iterator[dict[str, Any]]:
    """At most `most` of them, in the schema's order, each as a column on the wire. Takes any JSON object.

    What is nested too deeply is a leaf itself.
    """
    left: list[tuple[str, Any, int]] = [("", schema, 0)]
    number = 0
    while left and number < most:
        path, part, depth = left.pop()
        inner = list(_inside(path, part, depth, most))
        if inner:
            left += reversed(inner)
        elif path:
            number += 1
            yield _leaf(path, part)


def _inside(path: str, part: Any, depth: int, most: int) -> Iterator[tuple[str, Any, int]]:
    if not isinstance(part, dict) or depth >= DEEPEST or len(path) > LONGEST_PATH:
        return
    properties, items = part.get("properties"), part.get("items")
    if isinstance(properties, dict):
        for name in list(properties)[:most]:
            yield f"{path}.{name}" if path else name, properties[name], depth + 1
    elif isinstance(items, dict):
        yield f"{path}[]", items, depth + 1


def _leaf(path: str, part: Any) -> dict[str, Any]:
    """A JSON schema's own type is that of XDM."""
    given = part if isinstance(part, dict) else {}
    kept = {name: given[name] for name in ("type", "meta:xdmType") if isinstance(given.get(name), str)}
    xdm = {name: given[name] for name in ("type", "format") if isinstance(given.get(name), str)}
    return {"name": path, **kept} | ({"xdm": xdm} if xdm else {})
