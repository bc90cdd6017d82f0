"""What of a connection goes into a dataflow: the columns that somebody has chosen, and what can be said without."""

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from django.core.exceptions import ValidationError

from wizard.catalog.categories import holds_files
from wizard.catalog.loader import load_catalog
from wizard.connections.models import BaseConnection
from wizard.dataflows.bodies import leads_to_target
from wizard.dataflows.models import Selection
from wizard.handing_over.placeholders import Placeholder
from wizard.names import refuse_unseen
from wizard.parsing import whole_number

# Of all sources that are read as a stream; nobody has documented their dataflows in one way.
STREAMING_PROVIDER = "521eee4d-8cbe-4906-bb48-fb6bd4450033"
TIMES = ("date-time", "date")
LONGEST_NAME, MOST_CHOICES = 255, 200
CHANGED = re.compile("updat|modif|chang", re.IGNORECASE)


@dataclass(frozen=True)
class Chosen:
    """`selection` is None where nothing was chosen yet: then the path is a placeholder, and there are no columns."""

    connection: BaseConnection
    selection: Selection | None

    @property
    def object_type(self) -> str:
        return self.selection.object_type if self.selection else usual_object_type(self.connection)

    @property
    def path(self) -> str:
        if self.selection:
            return self.selection.path
        names = {"table": Placeholder("TABLE_NAME"), "file": Placeholder("FILE_PATH")}
        return names.get(self.object_type, "")

    @property
    def columns(self) -> Sequence[Mapping[str, Any]]:
        return self.selection.columns if self.selection else ()

    @property
    def options(self) -> Mapping[str, Any]:
        return self.selection.options if self.selection else {}

    @property
    def choices(self) -> list[tuple[str, str]]:
        """Number and path of what is to choose from: the newest ones, and this one."""
        newest = self.connection.selections.values_list("pk", "path")[:MOST_CHOICES]
        own = [(self.selection.pk, self.selection.path)] if self.selection else []
        return [(str(number), path) for number, path in dict.fromkeys([*newest, *own])]

    @property
    def seen(self) -> str:
        """Changes with each choice: tells whether what a form asks for is what its page has shown."""
        return f"{self.selection.pk}-{self.selection.chosen_at.isoformat()}" if self.selection else ""

    @property
    def is_target(self) -> bool:
        """Whether the connection is an end of dataflows, with a target connection as its next step."""
        return leads_to_target(self.connection.connection_spec_id)

    @property
    def name(self) -> str:
        """What a dataflow of it can be called."""
        last = self.path.rstrip("/").rpartition("/")[2] if self.selection else ""
        words = f"{last} from {self.connection.name}" if last else self.connection.name
        try:
            refuse_unseen(words)
        except ValidationError:
            return self.connection.name
        return words[:LONGEST_NAME]

    @property
    def delta_columns(self) -> list[str]:
        """Names of the columns, those first that hold a time: only such a one tells what is new."""
        names, times = [str(column["name"]) for column in self.columns], self._times
        # A time of change tells more than any other time.
        return sorted(names, key=lambda name: (name not in times, name in times and not CHANGED.search(name)))

    @property
    def _times(self) -> set[str]:
        return {str(column["name"]) for column in self.columns if _is_time(column)}

    @property
    def has_time(self) -> bool:
        return bool(self._times)


def chosen(connection: BaseConnection, number: str) -> Chosen:
    """The choice with that number, else the newest one."""
    rows = connection.selections.all()
    return Chosen(connection, rows.filter(pk=whole_number(number) or 0).first() or rows.first())


def usual_object_type(connection: BaseConnection) -> str:
    """As what such a source is explored; "" for one that is read as a stream."""
    spec = load_catalog().get(connection.source)
    if spec is None:
        return "table"
    if spec.wire.get("providerId") == STREAMING_PROVIDER:
        return ""
    if spec.ui.get("explore") == "records":
        return "rest"
    return "file" if holds_files(spec.category) else "table"


def _is_time(column: Mapping[str, Any]) -> bool:
    xdm = column.get("xdm")
    return (isinstance(xdm, dict) and xdm.get("format") in TIMES) or column.get("meta:xdmType") in TIMES
