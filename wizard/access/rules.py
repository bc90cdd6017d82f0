"""The questions: what may this person see, and do, where. Every page that shows or changes something asks one."""

from django.core.exceptions import PermissionDenied
from django.db.models import Exists, F, OuterRef, Q, QuerySet

from wizard.access.models import Grant
from wizard.access.roles import Role
from wizard.organizations.models import Organization, OrganizationQuerySet, Sandbox, SandboxQuerySet
from wizard.people.models import User

EVERYTHING = Q(pk__isnull=False)
# With a role in more places than these, the rows of one's own are not rare among all.
MOST_PLACES = 10


def allowed(person: User, role: Role = Role.VIEWER, sandbox: str = "sandbox_name") -> Exists | Q:
    """For rows with an organization, and the name of a sandbox in the field `sandbox`: those where the role holds."""
    if person.is_admin:
        return EVERYTHING
    grants = Grant.objects.filter(person=person, organization=OuterRef("organization"), role__gte=role)
    return Exists(grants.filter(Q(sandbox_name="") | Q(sandbox_name=OuterRef(sandbox))))


def places_allowed(person: User, role: Role = Role.VIEWER) -> list[Exists | Q]:
    """The same for long tables: one condition for each place, which an index of the place answers."""
    if person.is_admin:
        return [EVERYTHING]
    grants = Grant.objects.filter(person=person, role__gte=role)
    places = set(grants.values_list("organization", "sandbox_name"))
    whole = {organization for organization, name in places if not name}
    found: list[Exists | Q] = [Q(organization=organization) for organization in whole]
    found += [Q(organization=place[0], sandbox_name=place[1]) for place in places if place[0] not in whole]
    return found if len(found) <= MOST_PLACES else [allowed(person, role)]


def sandboxes_for(person: User, role: Role = Role.VIEWER) -> SandboxQuerySet:
    """Sandboxes in which the person has at least that role."""
    return Sandbox.objects.filter(allowed(person, role, sandbox="name"))


def organizations_for(person: User, role: Role = Role.VIEWER) -> OrganizationQuerySet:
    """Organizations in which the person has at least that role, be it in one sandbox alone."""
    if person.is_admin:
        return Organization.objects.all()
    grants = Grant.objects.filter(person=person, role__gte=role)
    return Organization.objects.filter(pk__in=grants.values("organization"))


def organizations_run_by(person: User) -> OrganizationQuerySet:
    """Organizations that the person is the admin of as a whole: their credentials and all their sandboxes."""
    if person.is_admin:
        return Organization.objects.all()
    grants = Grant.objects.filter(person=person, role=Role.ADMIN, sandbox_name="")
    return Organization.objects.filter(pk__in=grants.values("organization"))


def people_with(role: Role, organization: Organization, sandbox_name: str = "") -> QuerySet[User]:
    """Everybody who has at least that role there, and can sign in."""
    grants = Grant.objects.filter(organization=organization, sandbox_name__in=("", sandbox_name), role__gte=role)
    return User.objects.filter(Q(is_admin=True) | Q(pk__in=grants.values("person")), is_active=True)


def role_in(person: User, organization: Organization, sandbox_name: str = "") -> Role | None:
    """The highest role of the person there, or None; without a sandbox's name that in the organization as a whole."""
    if person.is_admin:
        return Role.ADMIN
    grants = Grant.objects.filter(person=person, organization=organization, sandbox_name__in=("", sandbox_name))
    highest = grants.order_by(F("role").desc()).values_list("role", flat=True).first()
    return Role(highest) if highest else None


def may(person: User, role: Role, organization: Organization, sandbox_name: str = "") -> bool:
    """Whether the person has at least that role there."""
    found = role_in(person, organization, sandbox_name)
    return found is not None and found >= role


def has_anywhere(person: User, role: Role) -> bool:
    """Whether the person has at least that role in any sandbox."""
    if person.is_admin:
        return True
    return Grant.objects.filter(person=person, role__gte=role).exists()


def demand_administrator(person: User) -> None:
    """Raises PermissionDenied for everybody but an administrator of the installation."""
    if not person.is_admin:
        raise PermissionDenied


def demand_anywhere(person: User, role: Role) -> None:
    """Raises PermissionDenied for somebody who has that role nowhere."""
    if not has_anywhere(person, role):
        raise PermissionDenied
