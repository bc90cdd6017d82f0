"""What somebody wants to see of a source, as an address or a form says it."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any

from django.http import Http404, QueryDict

from wizard.exploring.forms import FileForm, RecordsForm
from wizard.exploring.listing import LONGEST_PATH, WITHOUT_LETTERS
from wizard.flow_service.errors import one_line
from wizard.flow_service.wire import UNSTORABLE
from wizard.parsing import whole_number

ROWS = (5, 20, 50, 100)
FIRST_ROWS = 20
RECORDS = "json"  # what names the records of a REST source
NAMED = ("folder", "table", "file")


@dataclass(frozen=True)
class Wanted:
    """`type` and `path` as an explore call has them, how a file is read, how many rows.

    `source_params` are those of a REST source: never kept, not even in a repr.
    """

    type: str
    path: str = ""
    options: Mapping[str, str] = field(default_factory=dict)
    source_params: Mapping[str, Any] = field(default_factory=dict, repr=False)
    rows: int = 0

    @property
    def is_listing(self) -> bool:
        return self.type in ("root", "folder")


@dataclass(frozen=True)
class Asked:
    """A look, and the form that it comes from, if any. `wanted` is None as long as that form is not complete."""

    type: str
    path: str
    wanted: Wanted | None
    form: FileForm | RecordsForm | None = None

    @property
    def label(self) -> str:
        """The path as a page shows it."""
        return one_line(self.path) or WITHOUT_LETTERS

    @property
    def is_wrong(self) -> bool:
        return self.form is not None and self.form.is_bound and not self.form.is_valid()


def asked(given: QueryDict, default: str) -> Asked:
    """`default` is the type of a look that names none. Raises Http404 for what leads nowhere."""
    kind, path = given.get("type") or default, given.get("object", "")
    if kind == "rest":
        return _asked_for_records(given)
    if kind == "root":
        return Asked(kind, "", Wanted(kind))
    if kind not in NAMED or not path or len(path) > LONGEST_PATH or UNSTORABLE.search(path):
        raise Http404("Nothing of that kind")
    return _asked_for_file(given, path) if kind == "file" else Asked(kind, path, Wanted(kind, path, rows=_rows(given)))


def _asked_for_file(given: QueryDict, path: str) -> Asked:
    """Detected, or as the form says; the form alone where neither is asked for."""
    if given.get("detect"):
        return Asked("file", path, Wanted("file", path, rows=_rows(given)), FileForm())
    if "fileType" not in given:
        return Asked("file", path, None, FileForm())
    form = FileForm(given)
    wanted = Wanted("file", path, form.options, rows=_rows(given)) if form.is_valid() else None
    return Asked("file", path, wanted, form)


def _asked_for_records(given: QueryDict) -> Asked:
    """The form alone, unless it was sent."""
    if "sourceParams" not in given:
        return Asked("rest", RECORDS, None, RecordsForm())
    form = RecordsForm(given)
    if not form.is_valid():
        return Asked("rest", RECORDS, None, form)
    params = form.cleaned_data["sourceParams"]
    return Asked("rest", RECORDS, Wanted("rest", RECORDS, source_params=params, rows=FIRST_ROWS), form)


def _rows(given: QueryDict) -> int:
    number = whole_number(given.get("rows"))
    return number if number in ROWS else 0
