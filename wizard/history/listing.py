"""The history page's question to the database, and what an export shows of a connection."""

from collections.abc import Callable
from typing import Any

from django import forms
from django.db.models import Q, QuerySet
from django.http import QueryDict

from wizard.access.rules import organizations_for
from wizard.catalog.loader import load_catalog
from wizard.connections.models import BaseConnection
from wizard.connections.queries import (
    is_on_the_way,
    needs_attention,
    needs_its_password,
    waits_for_approval,
    was_found,
)
from wizard.connections.searching import matching, note
from wizard.connections.statuses import Status
from wizard.people.models import User
from wizard.sources.models import LiveSpec
from wizard.tables.filtering import TableFilter
from wizard.tables.newest import Part, one_of_each, parted

# What a person thinks of as one.
GROUPS: dict[str, tuple[str, Callable[[], tuple[Q, ...]]]] = {
    "active": ("On the way", is_on_the_way),
    "attention": ("Needs attention", needs_attention),
    "unreadable": ("Needs its password again", needs_its_password),
    # Deletes that wait for it, too.
    "approval": (Status.APPROVAL.label, waits_for_approval),
    "found": ("Broke, changed or vanished", was_found),
}
SHOWN = [(key, label) for key, label in Status.choices if key != Status.DRAFT and key not in GROUPS]

# What an export shows of a connection: names, states and times, and nothing that is sealed.
COLUMNS: dict[str, Callable[[BaseConnection], Any]] = {
    "name": lambda row: row.name,
    "description": lambda row: row.description,
    "source": lambda row: row.source_label,
    "organization": lambda row: row.organization.name,
    "ims_org_id": lambda row: row.organization.ims_org_id,
    "sandbox": lambda row: row.sandbox_name,
    "status": lambda row: row.get_status_display(),
    "state_at_adobe": lambda row: row.remote_state,
    "base_connection_id": lambda row: row.base_connection_id,
    "etag": lambda row: row.etag,
    "authentication_type": lambda row: row.auth_spec_name,
    "test": lambda row: row.get_test_status_display(),
    "tested_at": lambda row: row.tested_at,
    "found": lambda row: row.get_finding_display(),
    "error_code": lambda row: row.error_code,
    "created_by": lambda row: row.created_by.email,
    "created_at": lambda row: row.created_at,
    "connected_at": lambda row: row.connected_at,
    "uuid": lambda row: str(row.uuid),
}


class HistoryFilter(TableFilter):
    q = forms.CharField(
        label="Search", required=False, max_length=200, widget=forms.TextInput(attrs={"type": "search"})
    )
    status = forms.ChoiceField(
        required=False,
        choices=[("", "Any status"), *((key, label) for key, (label, _) in GROUPS.items()), *SHOWN],
    )

    def __init__(self, data: QueryDict, reader: User) -> None:
        super().__init__(data, reader)
        self.fields["source"] = forms.ChoiceField(required=False, choices=[("", "Any source"), *_sources(reader)])

    def parts(self) -> list[Part]:
        self.is_valid()
        parts: list[Part] = BaseConnection.objects.parts_for(self.reader)
        if source := self.cleaned_data.get("source"):
            parts = parted(parts, [Q(source=source)])
        if status := self.cleaned_data.get("status"):
            parts = parted(parts, GROUPS[status][1]() if status in GROUPS else [Q(status=status)])
        text = self.cleaned_data.get("q")
        return matching(parts, text) if text else parts

    def shown(self) -> QuerySet[BaseConnection]:
        return BaseConnection.objects.with_changes().with_marks().select_related("organization", "created_by")

    @property
    def note(self) -> str:
        self.is_valid()
        return note(self.cleaned_data.get("q", ""))


def _sources(person: User) -> list[tuple[str, str]]:
    """Those that our files describe, and those of live catalogs alone of which the person sees a connection."""
    described = [(source.slug, source.label) for source in load_catalog().specs if source.can_be_connected]
    rows = BaseConnection.objects
    live = LiveSpec.objects.filter(organization__in=organizations_for(person), spec_id__in=rows.sources_in_use())
    found = list(live.order_by("label").values_list("spec_id", "label").distinct())
    return [*described, *(_seen(person, found) if found else ())]


def _seen(person: User, found: list[tuple[str, str]]) -> list[tuple[str, str]]:
    keys = one_of_each(BaseConnection.objects.parts_for(person, *(Q(source=source) for source, _ in found)))
    used = set(BaseConnection.objects.filter(pk__in=keys).values_list("source", flat=True))
    return [choice for choice in found if choice[0] in used]
