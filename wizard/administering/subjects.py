"""What a reminder is about: the credentials of an organization, or those of a connection."""

from dataclasses import dataclass

from django.urls import reverse

from wizard.access.roles import Role
from wizard.access.rules import may, people_with
from wizard.connections.models import BaseConnection
from wizard.flow_service.errors import one_line
from wizard.organizations.models import Organization
from wizard.people.models import User

Row = Organization | BaseConnection
ORGANIZATIONS_ADVICE = (
    "Add a second client secret to the project in the Adobe Developer Console, put it in here, "
    "and delete the former one there when all works."
)
ENVIRONMENTS_ADVICE = (
    "Add a second client secret to the project in the Adobe Developer Console, put it into IMS_CLIENT_SECRET, "
    "and start the wizard again. The new date is set on the organization’s page."
)
CONNECTIONS_ADVICE = (
    "Get new credentials from whoever runs the source, replace the stored ones with “Edit”, "
    "and set the new date on the connection’s page."
)


@dataclass(frozen=True)
class Subject:
    """One row with credentials that end, as home and e-mails speak of it."""

    row: Row
    what: str
    owner: User | None
    advice: str
    url: str

    @property
    def when(self) -> str:
        days, end = self.row.days_left, self.row.credentials_expire_on
        if days is None or end is None:
            return "have no date"
        on = f"{end.day} {end:%b %Y}"
        if days <= 0:
            return f"ended on {on}"
        return f"end on {on}, in {days} day{'' if days == 1 else 's'}"

    @property
    def organization(self) -> Organization:
        return self.row if isinstance(self.row, Organization) else self.row.organization

    @property
    def sandbox_name(self) -> str:
        return "" if isinstance(self.row, Organization) else self.row.sandbox_name

    def recipients(self) -> list[User]:
        """The owner, as long as they may see it, and its admins."""
        people = {person.pk: person for person in people_with(Role.ADMIN, self.organization, self.sandbox_name)}
        owner = self.owner
        if owner and owner.is_active and may(owner, Role.VIEWER, self.organization, self.sandbox_name):
            people[owner.pk] = owner
        return sorted(people.values(), key=lambda person: person.email)


def subject_of(row: Row) -> Subject:
    if isinstance(row, Organization):
        advice = ENVIRONMENTS_ADVICE if row.is_of_environment else ORGANIZATIONS_ADVICE
        what = f"The credentials of the organization {one_line(row.name)}"
        return Subject(row, what, row.owner, advice, reverse("organization", args=[row.uuid]))
    place = f"{one_line(row.organization.name)} / {row.sandbox_name}"
    what = f"The credentials of the connection {one_line(row.name)} in {place}"
    return Subject(row, what, row.owner or row.created_by, CONNECTIONS_ADVICE, row.get_absolute_url())
