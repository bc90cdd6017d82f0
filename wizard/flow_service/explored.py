"""What explore calls answer: the things that stand in a source, and the columns and rows of one of them.

All of it is foreign, and may be large: what makes no sense is left out, and the rest is bounded.
https://experienceleague.adobe.com/en/docs/experience-platform/sources/api-tutorials/explore/tabular
"""

import json
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from typing import Any, Self

from wizard.flow_service.flattening import leaves
from wizard.flow_service.wire import UNSTORABLE, Unreadable, items_of, json_object, line, single, storable

MOST_OBJECTS = 50_000
MOST_COLUMNS = 2500
MOST_ROWS = 100
LONGEST_NAME = 1000  # characters of a column's name that can be kept
_WORD, _NAME, _KEPT = 40, 1000, 4000  # characters
PROPERTIES = ("fileType", "compressionType", "columnDelimiter", "encoding")


@dataclass(frozen=True)
class RemoteObject:
    """What explore lists: a table, view, folder or file. `path` is what names it in further calls."""

    type: str
    name: str
    path: str
    can_preview: bool = True
    can_fetch_schema: bool = True

    @classmethod
    def from_wire(cls, body: Any) -> Self:
        item = json_object(body)
        path = storable(item, "path") or storable(item, "name")
        return cls(
            type=line(item, "type", _WORD).lower(),
            name=line(item, "name", _NAME),
            path=path,
            can_preview=item.get("canPreview") is not False,
            can_fetch_schema=item.get("canFetchSchema") is not False,
        )

    @classmethod
    def list_from_wire(cls, body: Any) -> list[Self]:
        """Those that can be read, at most MOST_OBJECTS; an array, or one in `items`."""
        found: list[Self] = []
        for item in items_of(body)[:MOST_OBJECTS]:
            try:
                one = cls.from_wire(item)
            except Unreadable:
                continue
            if one.path:
                found.append(one)
        return found


@dataclass(frozen=True)
class Column:
    """`name` is as it came, to find its cells by, and not for a page. `type` is the source's own word.

    `xdm_type` and `xdm_format` say what becomes of it in XDM, `meta_xdm_type` the same in one word; "" where nothing
    says so. `kept` is what a source connection takes: name, type, xdm and, where there was one, meta:xdmType; empty
    for a column that cannot be kept.
    """

    name: str
    type: str = ""
    xdm_type: str = ""
    xdm_format: str = ""
    meta_xdm_type: str = ""
    kept: Mapping[str, Any] = field(default_factory=dict, repr=False)

    @classmethod
    def from_wire(cls, body: Any) -> Self:
        item = json_object(body)
        name, xdm = item.get("name"), item.get("xdm")
        if not isinstance(name, str) or not name:
            raise Unreadable("A column has no name.")
        xdm = xdm if isinstance(xdm, dict) else {}
        return cls(
            name=name,
            type=_word(item, "type"),
            xdm_type=_word(xdm, "type"),
            xdm_format=_word(xdm, "format"),
            meta_xdm_type=_word(item, "meta:xdmType"),
            kept=_kept(item, name),
        )


@dataclass(frozen=True)
class Contents:
    """The columns of a table or file, and its rows where they were asked for: never logged, never kept.

    `format` is flat or hierarchical; the columns of the latter are the paths of its leaves. `properties` say how a
    file is read, where Adobe found that out. `has_more_columns`: beyond MOST_COLUMNS.
    """

    format: str
    columns: tuple[Column, ...]
    rows: tuple[Mapping[str, Any], ...] | None = field(default=None, repr=False)
    properties: Mapping[str, str] = field(default_factory=dict)
    has_more_columns: bool = False

    @classmethod
    def from_wire(cls, body: Any) -> Self:
        """The answer may be the object itself, or a list of it. Raises Unreadable where neither tells columns."""
        item = body if isinstance(body, dict) and "schema" in body else single(json_object)(body)
        schema = json_object(item.get("schema"))
        columns = list(_columns(schema))
        rows = item.get("data")
        return cls(
            format=_word(item, "format").lower(),
            columns=tuple(columns[:MOST_COLUMNS]),
            rows=tuple(_rows(rows)) if isinstance(rows, list) else None,
            properties=_properties(item.get("properties")),
            has_more_columns=len(columns) > MOST_COLUMNS,
        )


def _columns(schema: Mapping[str, Any]) -> Iterator[Column]:
    """One more than can be shown, so that one knows."""
    listed = schema.get("columns")
    entries = listed if isinstance(listed, list) else leaves(schema, MOST_COLUMNS + 1)
    number = 0
    for entry in entries:
        try:
            yield Column.from_wire(entry)
        except Unreadable:
            continue
        number += 1
        if number > MOST_COLUMNS:
            return


def _rows(data: list[Any]) -> Iterator[Mapping[str, Any]]:
    yield from (row for row in data[:MOST_ROWS] if isinstance(row, dict))


def _properties(found: Any) -> dict[str, str]:
    """A delimiter may be a blank: kept as it is."""
    given = found if isinstance(found, dict) else {}
    texts = {name: given.get(name) for name in PROPERTIES}
    return {name: UNSTORABLE.sub("", text)[:_WORD] for name, text in texts.items() if isinstance(text, str)}


def _kept(item: Mapping[str, Any], name: str) -> dict[str, Any]:
    """Empty for what no database takes, or what is too long to be a name."""
    found = {key: item[key] for key in ("name", "type", "meta:xdmType", "xdm") if item.get(key) is not None}
    try:
        text = json.dumps(found, allow_nan=False, ensure_ascii=False)
    except (ValueError, RecursionError):
        return {}
    is_fit = len(name) <= LONGEST_NAME and len(text) <= _KEPT
    return found if is_fit and not UNSTORABLE.search(text) and "\\u0000" not in text else {}


def _word(item: Mapping[str, Any], key: str) -> str:
    try:
        return line(dict(item), key, _WORD)
    except Unreadable:
        return ""
