"""Where somebody can be given a role: an organization with all its sandboxes, or one of these."""

from collections.abc import Iterator
from dataclasses import dataclass

from wizard.access.models import place_name
from wizard.access.roles import Role
from wizard.access.rules import organizations_run_by, sandboxes_for
from wizard.organizations.models import Organization
from wizard.people.models import User


@dataclass(frozen=True)
class Place:
    """Without a sandbox's name all of the organization's sandboxes."""

    organization: Organization
    sandbox_name: str = ""

    @property
    def key(self) -> str:
        """How a form names it."""
        return f"{self.organization.uuid}/{self.sandbox_name}"

    def __str__(self) -> str:
        return place_name(self.organization, self.sandbox_name)


def places_run_by(person: User) -> list[Place]:
    """Where the person is an admin, and so may give roles and take them away."""
    return sorted(_places(person), key=lambda place: (place.organization.name.lower(), place.sandbox_name))


def _places(person: User) -> Iterator[Place]:
    yield from map(Place, organizations_run_by(person))
    for sandbox in sandboxes_for(person, Role.ADMIN).select_related("organization"):
        yield Place(sandbox.organization, sandbox.name)
