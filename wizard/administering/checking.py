"""The check of an organization's credentials: a token, and the sandboxes open to them. It runs in a worker."""

from datetime import datetime

from django.conf import settings
from django.db import transaction
from django.db.models import Q
from django.utils import timezone

from wizard.administering import tasks
from wizard.flow_service.datatypes import RemoteSandbox
from wizard.flow_service.errors import FlowServiceError, one_line
from wizard.organizations.models import DEVELOPMENT, Organization, Sandbox, check_lease
from wizard.organizations.services import flow_service
from wizard.organizations.trouble import note_acceptance
from wizard.people.models import User
from wizard.record.kinds import Kind, Outcome
from wizard.record.models import Event, milliseconds_since
from wizard.reports import quietly

LONGEST_NAME = 256
# Somebody is waiting for the page.
CHECK_SECONDS = 15


@transaction.atomic
def request_check(organization: Organization, person: User) -> bool:
    """Has the credentials checked in the background; False if that is under way already."""
    lost = timezone.now() - check_lease()
    idle = Q(check_requested_at=None) | Q(check_requested_at__lte=lost)
    asked = Organization.objects.filter(idle, pk=organization.pk).update(check_requested_at=timezone.now())
    if asked:
        tasks.check_later(organization.pk, person.pk)
    return asked == 1


@quietly
def check(organization_pk: int, person_pk: int) -> None:
    check_organization(Organization.objects.get(pk=organization_pk), User.objects.get(pk=person_pk))


def check_organization(organization: Organization, person: User | None = None) -> None:
    """Fetches a token and the sandboxes open to it; what went wrong stays with the organization."""
    began = timezone.now()
    try:
        with flow_service(organization, settings.SANDBOX_NAME, timeout=CHECK_SECONDS) as client:
            found = client.list_sandboxes()
    except FlowServiceError as error:
        _finish(organization, person, began, str(error)[:2100], code=error.code or type(error).__name__)
        return
    with transaction.atomic():
        keep_sandboxes(organization, found)
        note_acceptance(organization)
        _finish(organization, person, began, "", sandboxes=len(found))


@transaction.atomic
def _finish(organization: Organization, person: User | None, began: datetime, error: str, **details: int | str) -> None:
    organization.check_error, organization.checked_at, organization.check_requested_at = error, timezone.now(), None
    organization.save(update_fields=["check_error", "checked_at", "check_requested_at"])
    Event.objects.create(
        kind=Kind.ORGANIZATION_CHECKED,
        actor=person,
        organization=organization,
        message=error,
        outcome=Outcome.FAILED if error else Outcome.SUCCEEDED,
        details=details,
        duration_ms=milliseconds_since(began),
    )


def keep_sandboxes(organization: Organization, found: list[RemoteSandbox]) -> None:
    """Sandboxes that are gone stay as closed: connections still name them."""
    organization.sandboxes.update(is_open=False)
    for remote in (sandbox for sandbox in found if len(sandbox.name) <= LONGEST_NAME):
        row = organization.sandboxes.filter(name=remote.name).first()
        row = row or Sandbox(organization=organization, name=remote.name, is_confirmed=_is_harmless(remote))
        if row.type.lower() == DEVELOPMENT and not _is_harmless(remote):
            # What was for development, and is no more, asks for a confirmation too.
            row.is_confirmed = False
        row.title, row.type = one_line(remote.title)[:256], one_line(remote.type)[:40]
        row.is_default, row.is_open = remote.is_default, remote.state == "active"
        row.save()


def _is_harmless(remote: RemoteSandbox) -> bool:
    return remote.type.lower() == DEVELOPMENT
