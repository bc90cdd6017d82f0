"""A live spec, as an organization's own GET /connectionSpecs has it: foreign input that our files may explain.

https://developer.adobe.com/experience-platform-apis/references/flow-service/#operation/getConnectionSpecs
"""

import hashlib
import json
import re
import zlib
from collections import Counter
from collections.abc import Iterator, Mapping, Sized
from typing import Any

from wizard.catalog.categories import OTHER, category_of
from wizard.catalog.datatypes import ConnectionSpec, Source
from wizard.catalog.merging import merged_ui, merged_ways, plain_ui
from wizard.catalog.reading import connection_spec as read
from wizard.json_schema.keywords import clean_text

ID = re.compile(r"[0-9A-Za-z_-]{1,100}")
UUID = re.compile(r"[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}")
LARGEST = 256 * 1024  # bytes, as JSON
DEEPEST = 30
MOST_WAYS = 30
# What one authentication type may hold of what a form costs time for.
MOST = {"properties": 300, "required names": 300, "allowed values": 5000, "alternatives": 200}
LONGEST_NAME, LONGEST_LABEL, LONGEST_VERSION = 200, 100, 20
HUES = 12
NO_NAME = "Unnamed source"


def document(item: object) -> str:
    """The item as JSON in ASCII; "" for one that is too large or nested too deeply to be kept."""
    text = "" if _is_deep(item) else json.dumps(item)
    return text if len(text) <= LARGEST else ""


def fault_of(item: object) -> str:
    """Why a live spec cannot be used, in one sentence; "" for one that can. Takes any JSON value and never raises."""
    if not isinstance(item, dict):
        return "It is not a JSON object."
    if not document(item):
        return f"It is larger than {LARGEST // 1024} KiB, or nested deeper than {DEEPEST} levels."
    if not _is_unicode(item):
        return "It holds text that is not valid Unicode."
    if not isinstance(item.get("id"), str) or not UUID.fullmatch(item["id"]):
        return "Its id is not a UUID."
    if not _is_name(item.get("version"), LONGEST_VERSION):
        return "It has no usable version."
    return _fault_of_ways(item.get("authSpec"))


def _fault_of_ways(ways: object) -> str:
    if ways is None:
        return ""
    if not isinstance(ways, list) or not all(isinstance(way, dict) for way in ways):
        return "Its authSpec is not a list of objects."
    if len(ways) > MOST_WAYS:
        return f"It has more than {MOST_WAYS} authentication types."
    for way in ways:
        if not _is_name(way.get("name"), LONGEST_NAME) or not isinstance(way.get("spec"), dict):
            return "One of its authentication types has no usable name, or no schema."
        numbers = _numbers(way["spec"])
        for what, limit in MOST.items():
            if numbers[what] > limit:
                return f"One of its authentication types has more than {limit} {what}."
    return ""


def _is_name(value: object, limit: int) -> bool:
    return isinstance(value, str) and bool(value) and clean_text(value, limit) == value


def _is_unicode(item: object) -> bool:
    try:
        json.dumps(item, ensure_ascii=False).encode()
    except UnicodeEncodeError:
        return False
    return True


def _is_deep(item: object) -> bool:
    """Level by level: recursion is what too deep a value would break."""
    level = [item]
    for _ in range(DEEPEST):
        level = [child for value in level for child in _children(value)]
    return bool(level)


def _children(value: object) -> Iterator[object]:
    if isinstance(value, dict):
        yield from value.values()
    elif isinstance(value, list):
        yield from value


def _numbers(schema: object) -> Counter[str]:
    """How many of each a schema has, at any depth."""
    found = Counter[str]()
    for part in _objects(schema):
        found["properties"] += _length(part.get("properties"), dict)
        found["required names"] += _length(part.get("required"), list)
        found["allowed values"] += _length(part.get("enum"), list)
        found["alternatives"] += sum(_length(part.get(name), list) for name in ("oneOf", "anyOf", "allOf"))
        found["alternatives"] += len(part.keys() & {"then", "else"})
    return found


def _objects(value: object) -> Iterator[dict[str, Any]]:
    if isinstance(value, dict):
        yield value
    for child in _children(value):
        yield from _objects(child)


def _length(value: object, kind: type[Sized]) -> int:
    return len(value) if isinstance(value, kind) else 0


# --- What it says of itself ---


def is_source(item: object) -> bool:
    """Whether one brings data in with it: the same list holds the destinations."""
    flags = (_at(item, "attributes", "isSource"), _ui_attribute(item, "isSource"))
    return any(flag is True for flag in flags)


def id_of(item: object) -> str:
    """The id, if it is fit for an address; else a name that stays the same as long as the item does."""
    found = _at(item, "id")
    if isinstance(found, str) and ID.fullmatch(found):
        return found
    return f"broken-{hashlib.sha256(document(item).encode()).hexdigest()[:32]}"


def label_of(item: object) -> str:
    """The name for people: from the connector's name, a label that is no translation key, the name, or the id."""
    label = _ui_attribute(item, "label")
    is_words = isinstance(label, str) and (" " in label.strip() or label[:1].isupper())
    candidates = (_at(item, "attributes", "connectorName"), label if is_words else "", _at(item, "name"))
    texts = (clean_text(text, LONGEST_LABEL).strip() for text in (*candidates, _at(item, "id")))
    return next(filter(None, texts), NO_NAME)


def category_of_item(item: object) -> str:
    """One of our categories."""
    theirs = _ui_attribute(item, "category")
    candidates = (_at(item, "attributes", "category"), _at(theirs, "key"), theirs)
    return next((category_of(text) for text in candidates if isinstance(text, str) and text), OTHER)


def _ui_attribute(item: object, name: str) -> object:
    return _at(item, "sourceSpec", "attributes", "uiAttributes", name)


def _at(value: object, *steps: str) -> object:
    for step in steps:
        value = value.get(step) if isinstance(value, dict) else None
    return value


# --- What the chooser and the form show ---


def unlisted(spec_id: str, label: str, category: str, fault: str = "") -> Source:
    """A source that none of our files describes."""
    return Source(
        slug=spec_id,
        label=label,
        category=category,
        monogram="".join(char for char in label if char.isalnum())[:2] or "?",
        hue=zlib.crc32(spec_id.encode()) % HUES,
        summary="From your organization’s catalog.",
        fault=fault,
    )


def unlisted_item(item: object) -> Source:
    """A live spec, fine or broken, as a source that none of our files describes."""
    return unlisted(id_of(item), label_of(item), category_of_item(item), fault_of(item))


def connection_spec(
    item: Mapping[str, Any], files: tuple[ConnectionSpec, ...] | None, slug: str | None = None
) -> ConnectionSpec:
    """The source of a live spec without a fault, with the labels of our files that have its id.

    The live spec decides which ways there are and what each takes; of several files the one with that slug comes first.
    """
    source = unlisted(item["id"], label_of(item), category_of_item(item))
    bare = read(slug or item["id"], item, plain_ui(source, item.get("authSpec") or ()))
    if not files:
        return bare
    own = next((file for file in files if file.slug == slug), files[0])
    ways = merged_ways(bare, (own, *(file for file in files if file is not own)))
    wire = {**item, "authSpec": [way.wire for way in ways]}
    return read(slug or own.slug, wire, merged_ui(own, ways))
