"""The activity page's question to the record: what a person may see of it, filters, and what an export shows."""

from collections.abc import Callable
from datetime import datetime, time, timedelta
from ipaddress import ip_address
from typing import Any

from django import forms
from django.db.models import Q
from django.utils.timezone import make_aware

from wizard.access.rules import places_allowed
from wizard.connections.models import BaseConnection
from wizard.people.models import User
from wizard.record.chain import EventQuerySet
from wizard.record.kinds import GROUPS, Outcome
from wizard.record.models import Event
from wizard.tables.filtering import TableFilter
from wizard.tables.newest import Part, parted

# Of the connection its name and address are shown, and nothing that is sealed is read.
READ = ("connection__name", "connection__uuid", "connection__source_label", "organization__name")
OF_EVENT = [field.name for field in Event._meta.concrete_fields]


def name_of_connection(event: Event) -> str:
    """The number of one that was removed: the event of its removal says what that was. "" where it is about none."""
    if event.connection:
        return str(event.connection)
    return f"a removed connection, no. {event.connection_id}" if event.connection_id else ""


COLUMNS: dict[str, Callable[[Event], Any]] = {
    "at": lambda event: event.at,
    "kind": lambda event: event.kind,
    "what": lambda event: event.get_kind_display(),
    "person": lambda event: event.actor_name,
    "organization": lambda event: event.organization.name if event.organization else "",
    "sandbox": lambda event: event.sandbox_name,
    "connection": name_of_connection,
    "connection_uuid": lambda event: str(event.connection.uuid) if event.connection else "",
    "message": lambda event: event.message,
    "outcome": lambda event: event.outcome,
    "duration_ms": lambda event: event.duration_ms,
    "address": lambda event: event.address,
    "request_id": lambda event: event.request_id,
    "details": lambda event: event.details,
    "position": lambda event: event.position,
    "link": lambda event: event.link,
}


def visible_to(person: User) -> list[Part]:
    """Events of where the person has a role; those of no organization are one's own, or an administrator's."""
    own = [] if person.is_admin else [Q(organization=None, actor=person)]
    return parted([Event.objects.all()], [*places_allowed(person), *own])


class ActivityFilter(TableFilter):
    q = forms.CharField(
        label="Search", required=False, max_length=200, widget=forms.TextInput(attrs={"type": "search"})
    )
    kind = forms.ChoiceField(
        required=False, choices=[("", "Everything"), *((key, label) for key, (label, _) in GROUPS.items())]
    )
    outcome = forms.ChoiceField(required=False, choices=[("", "Any outcome"), *Outcome.choices])
    person = forms.CharField(required=False, max_length=254)
    since = forms.DateField(label="From", required=False, widget=forms.DateInput(attrs={"type": "date"}))
    until = forms.DateField(label="To", required=False, widget=forms.DateInput(attrs={"type": "date"}))
    connection = forms.UUIDField(required=False, widget=forms.HiddenInput)

    def parts(self) -> list[Part]:
        self.is_valid()
        found = visible_to(self.reader)
        for name, narrow in NARROWED.items():
            if value := self.cleaned_data.get(name):
                found = parted(found, narrow(value))
        return found

    def shown(self) -> EventQuerySet:
        return Event.objects.select_related("connection", "organization").only(*OF_EVENT, *READ)

    def of_connection(self) -> BaseConnection | None:
        """The one whose events are shown; None for all, and where the person does not see it."""
        self.is_valid()
        uuid = self.cleaned_data.get("connection")
        return BaseConnection.objects.visible_to(self.reader).filter(uuid=uuid).first() if uuid else None


def _matching(text: str) -> Q:
    """Events with the text in their words, their connection's name or their person's; or with this id, or address."""
    found = Q(message__icontains=text) | Q(actor_name__icontains=text) | Q(connection__name__icontains=text)
    found |= Q(request_id=text) | Q(details__adobe_request_id=text)
    try:
        return found | Q(address=str(ip_address(text)))
    except ValueError:
        return found


def _day(day: Any) -> datetime:
    return make_aware(datetime.combine(day, time()))


# Each is met by what meets one of its conditions.
NARROWED: dict[str, Callable[[Any], list[Q]]] = {
    "q": lambda text: [_matching(text)],
    "kind": lambda key: [Q(kind=kind) for kind in GROUPS[key][1]],
    "outcome": lambda outcome: [Q(outcome=outcome)],
    "person": lambda text: [Q(actor_name__icontains=text)],
    "since": lambda day: [Q(at__gte=_day(day))],
    "until": lambda day: [Q(at__lt=_day(day) + timedelta(days=1))],
    "connection": lambda uuid: [Q(connection__uuid=uuid)],
}
