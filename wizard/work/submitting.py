"""Sends a waiting connection, once, and keeps what the answer says."""

from collections.abc import Iterator
from contextlib import contextmanager

from django.db import IntegrityError, transaction
from django.utils import timezone
from django.views.decorators.debug import sensitive_variables

from wizard.access.roles import Role
from wizard.catalog.loader import load_catalog
from wizard.connections import tasks
from wizard.connections.models import NO_ERROR, BaseConnection
from wizard.connections.statuses import Status
from wizard.flow_service.client import FlowService
from wizard.flow_service.datatypes import Created
from wizard.flow_service.errors import FlowServiceError, NoAnswer, NotSent, Refused, Unavailable
from wizard.organizations import breaker
from wizard.organizations.models import Organization
from wizard.organizations.tokens import forget_token
from wizard.record.kinds import Kind
from wizard.reports import quietly
from wizard.values.client import client_of
from wizard.values.hiding import secrets_of
from wizard.values.request import create_body
from wizard.values.sendable import CannotCompose, sendable_params
from wizard.vault.keyring import CannotOpen
from wizard.vault.secret import Secret
from wizard.work import pauses
from wizard.work.errors import NoLongerAllowed, TakenOver, demand_still, error_values, in_words, leaves_open
from wizard.work.reconciling import reconcile

# Adobe's code for a connection spec that does not exist.
UNKNOWN_SPEC = "1413-400"


@quietly
def submit(pk: int) -> None:
    """Sends a waiting connection. Safe to run twice: only one run gets the claim, and only that one sends."""
    connection = BaseConnection.objects.select_related("organization").get(pk=pk)
    if connection.status != Status.WAITING or not connection.is_reachable or _is_held_back(connection):
        return
    try:
        if connection.claim():
            demand_still(connection.asked_by or connection.created_by, Role.CONNECTOR, connection)
            _send(connection, sendable_params(connection))
            return
    except CannotOpen as error:
        fail(connection, f"The stored credentials do not open: {error}.")
    except CannotCompose as error:
        fail(connection, f"Nothing was sent. {error}")
    except NoLongerAllowed as error:
        fail(connection, str(error))
    except TakenOver:
        # Its row is another one's business, and it says nothing about the Flow Service.
        pass
    breaker.release(connection.organization)


@sensitive_variables()
def _send(connection: BaseConnection, params: Secret) -> None:
    try:
        created = _create(connection, params)
    except FlowServiceError as error:
        _note_outcome(connection, error)
        _keep_error(connection, error)
    else:
        _note_outcome(connection, None)
        keep_created(connection, created)


def _is_held_back(connection: BaseConnection) -> bool:
    """True for one that has to wait until somebody has found out that the organization's trouble is over."""
    if connection.due_at and connection.due_at > timezone.now():
        return True
    until = breaker.wait_until(connection.organization)
    if until is None:
        return False
    connection.hold(_trouble(connection.organization), max(until, pauses.after(1)))
    return True


def _trouble(organization: Organization) -> str:
    since = f"{organization.trouble_since:%H:%M:%S}" if organization.trouble_since else ""
    return f"Sends of {organization} have met trouble since {since} UTC: {organization.trouble_reason}"


@sensitive_variables()
def _create(connection: BaseConnection, params: Secret) -> Created:
    """Sends what the row says, whatever has become of the catalog's file since."""
    spec_id, spec = connection.connection_spec_id, load_catalog().get(connection.source)
    connection_spec = {"id": spec_id, "version": connection.connection_spec_version}
    named = {"name": connection.name, "description": connection.description, "extras": connection.body_extras}
    body = create_body(connection_spec, connection.auth_spec_name, params.open(), **named)
    with client_of(connection, hide=secrets_of(connection, params)) as client:
        with _nothing_sent_yet():
            if connection.organization.trouble_since:
                _probe(client)
            if spec and spec.look_up_first and not client.list_connection_specs(spec_id=spec_id):
                raise NotSent("The Flow Service does not know this source's connection spec.", code=UNKNOWN_SPEC)
        return client.create_connection(body, before_send=lambda: _note_sending(connection))


@contextmanager
def _nothing_sent_yet() -> Iterator[None]:
    """For questions ahead of the create: whatever became of one, nothing was made, and the create may be sent later."""
    try:
        yield
    except (NoAnswer, Unavailable) as error:
        if error.status == 429:
            raise
        raise NotSent(in_words(error), request_id=error.request_id) from None


def _probe(client: FlowService) -> None:
    """Does it answer again? A question that changes nothing goes ahead of the create that would."""
    try:
        next(client.list_connections(limit=1), None)
    except (Refused, Unavailable) as error:
        # A refusal is an answer, as for the breaker.
        if isinstance(error, Unavailable) and error.status != 429:
            raise


def _note_sending(connection: BaseConnection) -> None:
    if not connection.mark_sent():
        raise TakenOver


def _note_outcome(connection: BaseConnection, error: FlowServiceError | None) -> None:
    """For the circuit breaker. A refusal is an answer as good as any."""
    silent = isinstance(error, NoAnswer) and error.status is None
    broken = isinstance(error, Unavailable) and error.status != 429
    unsent = isinstance(error, NotSent) and error.code != UNKNOWN_SPEC
    if error and (silent or broken or unsent):
        breaker.note_trouble(connection.organization, in_words(error))
    elif breaker.note_success(connection.organization):
        held = BaseConnection.objects.filter(organization=connection.organization, is_held=True, status=Status.WAITING)
        held.update(due_at=timezone.now())


def keep_created(connection: BaseConnection, created: Created) -> None:
    """Nobody may lose sight of what exists at Adobe, even where the row has moved on."""
    try:
        if connection.mark_connected(created.id, created.etag):
            tasks.follow_later(connection.pk)
            return
    except IntegrityError:
        pass
    message = f"An earlier attempt was answered after all: Adobe made {created.id}."
    connection.events.create(kind=Kind.LATE, message=message)


def _keep_error(connection: BaseConnection, error: FlowServiceError) -> None:
    """Failed where the error says that nothing was made; unknown where it leaves that open."""
    reason, sent = str(error), connection.sent_at is not None
    if sent and error.status == 401 and not connection.times_put_back and forget_token(connection.organization):
        put_back(connection, "The access token was no longer accepted. Once more with a new one.")
    elif sent and leaves_open(error):
        connection.mark_unknown(reason, **error_values(error))
        reconcile(connection.pk)
    elif isinstance(error, NotSent) and connection.organization.trouble_since:
        # Whatever it says: none of those that wait for the end of the trouble is lost to finding out.
        words = _trouble(connection.organization)
        connection.put_back(words, connection.organization.probe_at, words, is_held=True)
    elif due_at := pauses.next_attempt(error, connection.times_put_back):
        connection.put_back(f"Nothing was made, so it is sent again: {reason}", due_at, in_words(error))
    else:
        connection.mark_failed(reason, **error_values(error))


def fail(connection: BaseConnection, reason: str) -> None:
    """Failed by our own finding: whatever Adobe said before is no longer what matters."""
    connection.mark_failed(reason, **{**NO_ERROR, "error_message": reason})


def put_back(connection: BaseConnection, reason: str) -> None:
    with transaction.atomic():
        if connection.put_back(reason):
            tasks.submit_later(connection.pk)
