"""What the circuit breaker holds back, and what it learns from each send: of a connection, and of what is made beneath.

See wizard/organizations/breaker.py.
"""

from collections.abc import Iterator
from contextlib import contextmanager

from django.utils import timezone

from wizard.connections.models import BaseConnection
from wizard.connections.statuses import Status
from wizard.dataflows.models import Resource
from wizard.flow_service.client import FlowService
from wizard.flow_service.errors import FlowServiceError, NoAnswer, NotSent, Refused, Unavailable
from wizard.organizations import breaker
from wizard.organizations.models import Organization
from wizard.work import pauses
from wizard.work.errors import in_words

# Adobe's code for a connection spec that does not exist.
UNKNOWN_SPEC = "1413-400"


def is_held_back(row: BaseConnection | Resource) -> bool:
    """True for one that has to wait until somebody has found out that the organization's trouble is over."""
    if row.due_at and row.due_at > timezone.now():
        return True
    until = breaker.wait_until(row.organization)
    if until is None:
        return False
    row.hold(words_of_trouble(row.organization), max(until, pauses.after(1)))
    return True


def words_of_trouble(organization: Organization) -> str:
    since = f"{organization.trouble_since:%H:%M:%S}" if organization.trouble_since else ""
    return f"Sends of {organization} have met trouble since {since} UTC: {organization.trouble_reason}"


@contextmanager
def nothing_sent_yet() -> Iterator[None]:
    """For questions ahead of the create: whatever became of one, nothing was made, and the create may be sent later."""
    try:
        yield
    except (NoAnswer, Unavailable) as error:
        if error.status == 429:
            raise
        raise NotSent(in_words(error), request_id=error.request_id) from None


def probe(client: FlowService) -> None:
    """Does it answer again? A question that changes nothing goes ahead of the create that would."""
    try:
        next(client.list_connections(limit=1), None)
    except (Refused, Unavailable) as error:
        # A refusal is an answer, as for the breaker.
        if isinstance(error, Unavailable) and error.status != 429:
            raise


def note_outcome(organization: Organization, error: FlowServiceError | None) -> None:
    """For the circuit breaker. A refusal is an answer as good as any."""
    silent = isinstance(error, NoAnswer) and error.status is None
    broken = isinstance(error, Unavailable) and error.status != 429
    unsent = isinstance(error, NotSent) and error.code != UNKNOWN_SPEC
    if error and (silent or broken or unsent):
        breaker.note_trouble(organization, in_words(error))
    elif breaker.note_success(organization):
        held = BaseConnection.objects.filter(organization=organization, is_held=True, status=Status.WAITING)
        held.update(due_at=timezone.now())
        Resource.objects.held_by(organization).update(due_at=timezone.now())
