"""What stands at a source's root or in a folder: sorted, grouped by schema, searched."""

from collections import Counter
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any, NamedTuple, Self

from django.utils import timezone

from wizard.flow_service.errors import one_line
from wizard.flow_service.explored import MOST_OBJECTS, RemoteObject

PER_PAGE = 100
LONGEST_PATH = 1000  # characters; what is longer is listed, and leads nowhere
LONGEST_NAME = 300  # characters of a name that are shown
WITHOUT_LETTERS = "(a name without letters)"
# In the order in which a person looks for them.
TYPES = {"folder": "Folders", "file": "Files", "table": "Tables", "view": "Views"}


class Entry(NamedTuple):
    """One of them; `schema` is what stands before its name in the path of a table or view, "" if nothing does."""

    schema: str
    name: str
    path: str
    type: str
    is_open: bool

    @property
    def look(self) -> str:
        """The `type` that leads to it; "" where Adobe says that it cannot be opened."""
        if len(self.path) > LONGEST_PATH or self.type not in TYPES or not self.is_open:
            return ""
        return "table" if self.type == "view" else self.type


@dataclass(frozen=True)
class Listing:
    """All that stands there. `is_cut`: there may be more than can be shown."""

    entries: Sequence[Entry]
    read_at: datetime
    is_cut: bool = False

    @classmethod
    def of(cls, objects: Sequence[RemoteObject]) -> Self:
        """By schema and name; folders come first."""
        found = sorted(map(_entry, objects), key=_place)
        return cls(found, timezone.now(), len(objects) >= MOST_OBJECTS)

    def as_json(self) -> Any:
        return [self.read_at.isoformat(), self.is_cut, self.entries]

    @classmethod
    def from_json(cls, value: Any) -> Self:
        read_at, is_cut, entries = value
        return cls([Entry._make(entry) for entry in entries], datetime.fromisoformat(read_at), is_cut)

    def matching(self, text: str, kind: str) -> list[Entry]:
        """Those with the text in schema and name, of that type; all of them where both are empty."""
        words = text.lower().split()
        found: Iterable[Entry] = self.entries
        if kind:
            found = (entry for entry in found if entry.type == kind)
        if words:
            found = (entry for entry in found if _has(entry, words))
        return list(found)

    def types(self) -> list[tuple[str, str, int]]:
        """(type, label, number) of what is there."""
        numbers = Counter(entry.type for entry in self.entries)
        return [(kind, label, numbers[kind]) for kind, label in TYPES.items() if numbers[kind]]


class Group(NamedTuple):
    """What one page shows of a schema, and how much of it was found in all."""

    schema: str
    entries: list[Entry]
    number: int


def grouped(page: Sequence[Entry], found: Sequence[Entry]) -> list[Group]:
    """`page` is a part of `found`."""
    numbers = Counter(entry.schema for entry in found)
    schemas = dict.fromkeys(entry.schema for entry in page)
    return [Group(schema, [entry for entry in page if entry.schema == schema], numbers[schema]) for schema in schemas]


def crumbs(path: str, *, is_file: bool = False) -> list[tuple[str, str]]:
    """(name, path) of the folders above, and of the thing itself; folders end as the path of a folder does."""
    names = path.strip("/").split("/") if path.strip("/") else []
    start, end = "/" if path.startswith("/") else "", "/" if is_file or path.endswith("/") else ""
    return [(one_line(name), f"{start}{'/'.join(names[: number + 1])}{end}") for number, name in enumerate(names)]


def _entry(found: RemoteObject) -> Entry:
    schema = "" if found.type in ("folder", "file") else one_line(_schema(found))[:LONGEST_NAME]
    # A folder is opened whatever Adobe says of a preview of it.
    is_open = found.type == "folder" or found.can_fetch_schema or found.can_preview
    name = (found.name or one_line(found.path))[:LONGEST_NAME] or WITHOUT_LETTERS
    return Entry(schema, name, found.path, found.type, is_open)


def _schema(found: RemoteObject) -> str:
    """A name may have a dot itself."""
    name = f".{found.name}"
    return found.path.removesuffix(name) if found.path.endswith(name) else found.path.rpartition(".")[0]


def _place(entry: Entry) -> tuple[bool, str, str]:
    return entry.type != "folder", entry.schema.lower(), entry.name.lower()


def _has(entry: Entry, words: list[str]) -> bool:
    text = f"{entry.schema}.{entry.name}".lower()
    return all(word in text for word in words)
