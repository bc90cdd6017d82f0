"""A token that stops working: since when, and in which words; on record once, and not at each try."""

from django.db import transaction
from django.utils import timezone

from wizard.flow_service.errors import FlowServiceError
from wizard.flow_service.explanations import explain
from wizard.organizations.models import NO_TROUBLE, Organization
from wizard.record.kinds import Kind
from wizard.record.models import Event


def is_refusal(error: FlowServiceError) -> bool:
    """True where IMS says no to the credentials; an IMS that is silent, busy or broken says nothing about them."""
    return error.status in (400, 401, 403)


@transaction.atomic
def note_refusal(organization: Organization, error: FlowServiceError) -> None:
    """Of several in a row the first one says since when; the last one, in which words."""
    explained = explain(code=error.code, status=error.status, error=type(error).__name__)
    # Without the id of the request, which is another one at each try.
    own_words = ": ".join(filter(None, (error.facts, error.message)))
    words = f"{explained.what} {explained.next} ({own_words})"[:2100]
    rows = Organization.objects.filter(pk=organization.pk)
    is_new = rows.filter(token_trouble_since=None).update(token_trouble_since=timezone.now(), token_trouble=words)
    if is_new:
        details = {"code": error.code}
        Event.objects.create(kind=Kind.CREDENTIALS_REFUSED, organization=organization, message=words, details=details)
    else:
        rows.exclude(token_trouble=words).update(token_trouble=words)


@transaction.atomic
def note_acceptance(organization: Organization) -> None:
    rows = Organization.objects.filter(pk=organization.pk)
    if rows.exclude(token_trouble_since=None).update(**NO_TROUBLE):
        words = "The credentials work again."
        Event.objects.create(kind=Kind.CREDENTIALS_ACCEPTED, organization=organization, message=words)
