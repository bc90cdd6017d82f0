"""The columns of a table or file as a page shows them: names that can be read, colours by what they are in XDM."""

import hashlib
from collections import Counter
from collections.abc import Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass
from itertools import islice
from typing import Any

from wizard.exploring.listing import WITHOUT_LETTERS
from wizard.exploring.picturing import Bar, Part
from wizard.flow_service.errors import one_line
from wizard.flow_service.explored import MOST_COLUMNS, Column, Contents

LONGEST = 200  # characters of a name
# What a person thinks of as one, in the order of the picture; every other XDM type is nested or a text.
FAMILIES = {
    "text": "Text",
    "number": "Numbers",
    "date": "Dates and times",
    "truth": "True or false",
    "nested": "Nested",
    "unknown": "Not told",
}
_OF_TYPE = {
    **dict.fromkeys(("integer", "number", "int", "long", "short", "byte", "double", "float", "decimal"), "number"),
    **dict.fromkeys(("date", "date-time", "time"), "date"),
    **dict.fromkeys(("object", "array", "map"), "nested"),
    **{"boolean": "truth", "string": "text"},
}


@dataclass(frozen=True)
class ShownColumn:
    """`key` stands for the name in a form, where no character of it can come to harm. `why_not`: it cannot be kept."""

    key: str
    name: str
    label: str
    type: str
    xdm: str
    family: str
    kept: Mapping[str, Any]
    why_not: str = ""


def shown(contents: Contents) -> list[ShownColumn]:
    """In the source's order. Of several with one name the first can be kept."""
    seen: set[str] = set()
    found = []
    for column in contents.columns:
        why_not = "" if column.kept else "its name or type cannot be kept"
        if column.name in seen:
            why_not = "a column of this name stands above"
        seen.add(column.name)
        found.append(_shown(column, why_not))
    return found


def matching(columns: Sequence[ShownColumn], text: str) -> list[ShownColumn]:
    """Those whose name or types have all words of the text."""
    words = text.lower().split()
    return [column for column in columns if all(word in _searchable(column) for word in words)]


def chosen(columns: Iterable[ShownColumn], keys: Collection[str]) -> list[dict[str, Any]]:
    """What is kept of those that have these keys and can be kept."""
    return [dict(column.kept) for column in columns if column.key in keys and not column.why_not]


def keys_of(kept: Iterable[Mapping[str, Any]]) -> set[str]:
    """The keys of columns that were kept earlier."""
    return {key_of(str(column.get("name", ""))) for column in kept}


def key_of(name: str) -> str:
    return hashlib.sha256(name.encode(errors="surrogatepass")).hexdigest()[:20]


def picture(columns: Sequence[ShownColumn]) -> Bar:
    """How many there are of each family."""
    numbers = Counter(column.family for column in columns)
    return Bar.of([Part(family, label, numbers[family]) for family, label in FAMILIES.items() if numbers[family]])


def of_rows(contents: Contents, columns: Sequence[ShownColumn]) -> list[ShownColumn]:
    """The columns that the rows have: those of a nested answer are its topmost names, not endlessly many."""
    if contents.format != "hierarchical":
        return list(columns)
    known = {column.name: column for column in columns}
    names = dict.fromkeys(name for row in contents.rows or () for name in row)
    return [
        known.get(name) or _shown(Column(name, xdm_type=_kind_of(contents, name)), "")
        for name in islice(names, MOST_COLUMNS)
    ]


def _kind_of(contents: Contents, name: str) -> str:
    """What the first row that has something there says of a name that stands for more than one column."""
    found = next((row[name] for row in contents.rows or () if row.get(name) is not None), None)
    return "array" if isinstance(found, list) else "object" if isinstance(found, dict) else ""


def _shown(column: Column, why_not: str) -> ShownColumn:
    xdm = column.meta_xdm_type or column.xdm_format or column.xdm_type
    family = _OF_TYPE.get(xdm.lower()) or _OF_TYPE.get(column.xdm_type.lower()) or ("text" if xdm else "unknown")
    label = one_line(column.name[: 2 * LONGEST])[:LONGEST]
    return ShownColumn(
        key=key_of(column.name),
        name=column.name,
        label=label or WITHOUT_LETTERS,
        type=column.type,
        xdm=xdm,
        family=family,
        kept=column.kept,
        why_not=why_not,
    )


def _searchable(column: ShownColumn) -> str:
    return f"{column.label} {column.type} {column.xdm}".lower()
