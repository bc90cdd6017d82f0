"""The history page's question to the database: filters, and pages that need no count."""

from collections.abc import Callable
from dataclasses import dataclass
from urllib.parse import urlencode

from django import forms
from django.db.models import Exists, OuterRef, Q, QuerySet
from django.http import QueryDict

from wizard.catalog.loader import load_catalog
from wizard.connections.models import BaseConnection
from wizard.connections.queries import needs_attention, needs_its_password, waits_for_approval
from wizard.connections.statuses import Finding, Status
from wizard.people.models import User
from wizard.sources.models import LiveSpec

ROWS = 25
# What a person thinks of as one.
GROUPS: dict[str, tuple[str, Callable[[], Q]]] = {
    "active": ("On the way", lambda: Q(status__in=(Status.WAITING, Status.CONNECTING))),
    "attention": ("Needs attention", needs_attention),
    "unreadable": ("Needs its password again", needs_its_password),
    # Deletes that wait for it, too.
    "approval": (Status.APPROVAL.label, waits_for_approval),
    "found": ("Broke, changed or vanished", lambda: ~Q(finding=Finding.NONE)),
}
SHOWN = [(key, label) for key, label in Status.choices if key != Status.DRAFT and key not in GROUPS]


class HistoryFilter(forms.Form):
    q = forms.CharField(
        label="Search", required=False, max_length=200, widget=forms.TextInput(attrs={"type": "search"})
    )
    status = forms.ChoiceField(
        required=False,
        choices=[("", "Any status"), *((key, label) for key, (label, _) in GROUPS.items()), *SHOWN],
    )

    def __init__(self, data: QueryDict, person: User) -> None:
        super().__init__(data)
        self.person = person
        self.fields["source"] = forms.ChoiceField(required=False, choices=[("", "Any source"), *_sources(person)])

    def rows(self) -> QuerySet[BaseConnection]:
        """The rows that fit; a filter that makes no sense is left aside, and shown as wrong."""
        self.is_valid()
        rows = BaseConnection.objects.visible_to(self.person).with_changes().with_marks()
        found: QuerySet[BaseConnection] = rows.select_related("organization", "created_by")
        if text := self.cleaned_data.get("q"):
            found = found.filter(matching(text))
        if source := self.cleaned_data.get("source"):
            found = found.filter(source=source)
        if status := self.cleaned_data.get("status"):
            found = found.filter(GROUPS[status][1]() if status in GROUPS else Q(status=status))
        return found

    @property
    def is_active(self) -> bool:
        return any(self.data.get(name) for name in self.fields)


def _sources(person: User) -> list[tuple[str, str]]:
    """Those that our files describe, and those of live catalogs alone that have a connection here."""
    described = [(source.slug, source.label) for source in load_catalog().specs if source.can_be_connected]
    is_used = Exists(BaseConnection.objects.visible_to(person).filter(source=OuterRef("spec_id")))
    return [*described, *LiveSpec.objects.filter(is_used).order_by("label").values_list("spec_id", "label").distinct()]


def matching(text: str) -> Q:
    """Connections with the text in their name, description or Adobe's id."""
    return Q(name__icontains=text) | Q(description__icontains=text) | Q(base_connection_id__icontains=text)


@dataclass(frozen=True)
class Page:
    """Up to 25 rows, newest first, and query strings for the neighbours (None where there is none)."""

    rows: list[BaseConnection]
    newest: str | None
    newer: str | None
    older: str | None
    oldest: str | None


def page_of(rows: QuerySet[BaseConnection], query: QueryDict) -> Page:
    """The page that `before` or `after` (a row's key) names; the first one without them."""
    before, after = _key(query.get("before")), _key(query.get("after"))
    if after is not None:
        found = list(rows.filter(pk__gt=after).order_by("pk")[: ROWS + 1])
        more_newer, more_older = len(found) > ROWS, after > 0
        found = found[:ROWS][::-1]
    else:
        older_than = rows.filter(pk__lt=before) if before is not None else rows
        found = list(older_than.order_by("-pk")[: ROWS + 1])
        more_newer, more_older = before is not None, len(found) > ROWS
        found = found[:ROWS]
    return Page(
        rows=found,
        newest=_link(query) if more_newer else None,
        newer=_link(query, after=found[0].pk) if more_newer and found else None,
        older=_link(query, before=found[-1].pk) if more_older and found else None,
        oldest=_link(query, after=0) if more_older else None,
    )


def _key(text: str | None) -> int | None:
    return int(text) if text and text.isascii() and text.isdigit() and len(text) < 19 else None


def _link(query: QueryDict, **place: int) -> str:
    kept = [(name, value) for name, value in query.items() if name not in ("before", "after") and value]
    return urlencode([*kept, *place.items()])
