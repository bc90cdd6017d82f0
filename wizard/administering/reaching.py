"""The one way to an organization that is to be changed: 404 for one that is not seen, 403 for no admin of it."""

from uuid import UUID

from django.core.exceptions import PermissionDenied
from django.db.models import QuerySet
from django.shortcuts import get_object_or_404

from wizard.access.rules import organizations_for, organizations_run_by
from wizard.organizations.models import Organization, Sandbox
from wizard.people.models import User


def run_by(person: User, uuid: UUID, among: QuerySet[Organization] | None = None) -> Organization:
    """Raises Http404 for one that the person does not see, or that is not `among` those; else PermissionDenied."""
    seen = organizations_for(person)
    if among is not None:
        seen = seen.filter(pk__in=among.values("pk"))
    organization = get_object_or_404(seen.select_related("owner"), uuid=uuid)
    if not organizations_run_by(person).filter(pk=organization.pk).exists():
        raise PermissionDenied
    return organization


def sandbox_run_by(person: User, uuid: UUID, pk: int) -> Sandbox:
    organization = run_by(person, uuid)
    return get_object_or_404(organization.sandboxes.select_related("organization"), pk=pk)
