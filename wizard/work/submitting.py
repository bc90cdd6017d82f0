"""What a worker does with a waiting connection: send it once, and find out what became of an unanswered create."""

import logging
import re
from collections.abc import Iterator
from datetime import timedelta
from typing import Any

from django.conf import settings
from django.db import transaction
from django.utils import timezone
from django.views.decorators.debug import sensitive_variables

from wizard.catalog.loader import load_catalog
from wizard.connection_strings.pasted import read
from wizard.connection_strings.pattern import ConnectionStringError
from wizard.connections import tasks
from wizard.connections.models import NO_ERROR, BaseConnection
from wizard.connections.request import create_body
from wizard.connections.statuses import EventKind, Status
from wizard.connections.testing import give_up_silent_tests
from wizard.credentials.params import value_at
from wizard.flow_service.client import FlowService
from wizard.flow_service.datatypes import Created, RemoteConnection
from wizard.flow_service.errors import FlowServiceError, NoAnswer, NotSent, Unavailable
from wizard.flow_service.redaction import texts_in
from wizard.organizations.services import flow_service
from wizard.organizations.tokens import forget_token
from wizard.vault.keyring import CannotOpen

log = logging.getLogger(__name__)

# Seconds before each further look for a create that was not answered. Adobe may take its time to finish one.
PAUSES = (10, 60, 240)
# Adobe's clock and ours may differ by this much.
CLOCK_SKEW = timedelta(minutes=2)
MOST_PUT_BACKS = 5
BATCH = 100


def submit(pk: int) -> None:
    """Sends a waiting connection. Safe to run twice: only one run gets the claim, and only that one sends."""
    connection = BaseConnection.objects.select_related("organization").get(pk=pk)
    if not connection.claim():
        return
    try:
        params = connection.unseal("auth_params")
    except CannotOpen as error:
        _fail(connection, f"The stored credentials do not open: {error}.")
        return
    try:
        created = _create(connection, params)
    except FlowServiceError as error:
        _keep_error(connection, error)
    else:
        _keep_created(connection, created)


@sensitive_variables()
def _create(connection: BaseConnection, params: dict[str, Any]) -> Created:
    """Sends what the row says, whatever has become of the catalog's file since."""
    spec_id, spec = connection.connection_spec_id, load_catalog().get(connection.source)
    connection_spec = {"id": spec_id, "version": connection.connection_spec_version}
    named = {"name": connection.name, "description": connection.description, "extras": connection.body_extras}
    body = create_body(connection_spec, connection.auth_spec_name, params, **named)
    with flow_service(connection.organization, connection.sandbox_name) as client:
        if spec and spec.look_up_first and not client.list_connection_specs(spec_id=spec_id):
            raise NotSent("The Flow Service does not know this source's connection spec.", code="1413-400")
        hide = _secrets(connection, params)
        return client.create_connection(body, hide=hide, before_send=lambda: _note_sending(connection))


@sensitive_variables()
def _secrets(connection: BaseConnection, params: dict[str, Any]) -> list[str]:
    """What the form knew to be secret, whatever its name: an answer may quote it."""
    try:
        values = connection.unseal("form_values")
    except CannotOpen:
        values = {}
    secrets = [text for name in values.get("given", ()) for text in texts_in(value_at(params, name))]
    return [*secrets, *_extra_secrets(params, values.get("pasted_secrets", ()))]


def _extra_secrets(params: dict[str, Any], keys: list[str]) -> Iterator[str]:
    """The values of further keys in a connection string; of a URL among them its password too."""
    for text in (value for value in params.values() if keys and isinstance(value, str)):
        try:
            pairs = dict(read(text))
        except ConnectionStringError:
            continue
        for key in keys:
            yield from texts_in(pairs.get(key))
            yield from filter(None, re.findall(r"//[^/@]*:([^/@]+)@", pairs.get(key, "")))


def _note_sending(connection: BaseConnection) -> None:
    if not connection.mark_sent():
        raise NotSent("Another process has taken this connection over.")


def _keep_created(connection: BaseConnection, created: Created) -> None:
    if not connection.mark_connected(created.id, created.etag):
        # Nobody may lose sight of what exists at Adobe, even where the row has moved on.
        message = f"An earlier attempt was answered after all: Adobe made {created.id}."
        connection.events.create(kind=EventKind.LATE, message=message)


def _keep_error(connection: BaseConnection, error: FlowServiceError) -> None:
    """Failed where the error says that nothing was made; unknown where it leaves that open."""
    reason, values = str(error), _error_values(error)
    sent = connection.sent_at is not None
    if sent and error.status == 401 and not connection.times_put_back and forget_token(connection.organization):
        _put_back(connection, "The access token was no longer accepted. Once more with a new one.")
    elif sent and _leaves_open(error):
        connection.mark_unknown(reason, **values)
        reconcile(connection.pk)
    else:
        connection.mark_failed(reason, **values)


def _leaves_open(error: FlowServiceError) -> bool:
    """No answer; a 5xx, which may be a gateway's that stopped waiting; or a 408, a connector's own timeout."""
    unavailable = isinstance(error, Unavailable) and error.status != 429
    return isinstance(error, NoAnswer) or unavailable or error.status == 408


def _fail(connection: BaseConnection, reason: str) -> None:
    """Failed by our own finding: whatever Adobe said before is no longer what matters."""
    connection.mark_failed(reason, **{**NO_ERROR, "error_message": reason})


def _error_values(error: FlowServiceError) -> dict[str, Any]:
    return {
        "error_kind": type(error).__name__,
        "error_status": error.status,
        "error_code": error.code[:100],
        "error_message": error.message[:2000],
        "error_request_id": error.request_id[:200],
    }


# --- Reconcile ---


def reconcile(pk: int) -> None:
    """Looks for the connection that an unanswered create may have made, and adopts the only one that fits."""
    connection = BaseConnection.objects.select_related("organization").get(pk=pk)
    if connection.status != Status.UNKNOWN or connection.next_look_at is None:
        return
    try:
        with flow_service(connection.organization, connection.sandbox_name) as client:
            _settle(connection, client, _candidates(connection, client))
    except FlowServiceError as error:
        _look_later(connection, connection.looks, PAUSES[1], f"The look-up did not succeed: {error}")


def _candidates(connection: BaseConnection, client: FlowService) -> list[RemoteConnection]:
    """Connections of that name and source, made since our send, that are not ours already."""
    since = (connection.sent_at or connection.created_at) - CLOCK_SKEW
    named = [
        remote
        for remote in client.list_connections(name=connection.name)
        if remote.connection_spec_id == connection.connection_spec_id
        and (remote.created_at is None or remote.created_at >= since)
    ]
    ids = [remote.id for remote in named]
    ours = set(BaseConnection.objects.filter(base_connection_id__in=ids).values_list("base_connection_id", flat=True))
    return [remote for remote in named if remote.id not in ours]


def _settle(connection: BaseConnection, client: FlowService, found: list[RemoteConnection]) -> None:
    if len(found) == 1:
        remote = client.get_connection(found[0].id)
        reason = "The answer was lost; the connection was found by its name, source and time."
        connection.mark_connected(remote.id, remote.etag, reason, next_look_at=None, remote_state=remote.state[:40])
    elif found:
        ids = ", ".join(remote.id for remote in found[:10])
        connection.plan_look(
            None, connection.looks, f"Several connections in the sandbox fit: {ids}. Nothing more is sent."
        )
    elif connection.looks < len(PAUSES):
        _look_later(connection, connection.looks + 1, PAUSES[connection.looks], "Not found in the sandbox yet.")
    else:
        _fail(connection, "Not found in the sandbox after the last look: nothing was made. It is safe to try again.")


def _look_later(connection: BaseConnection, looks: int, pause: float, reason: str) -> None:
    """`looks` is how many have been answered: one that failed says nothing about the connection."""
    connection.plan_look(timezone.now() + timedelta(seconds=pause), looks, reason)


# --- What a crash left behind ---


def sweep() -> None:
    """Takes up what a dead process left, and queues the looks that are due: database only, every few seconds."""
    now = timezone.now()
    for connection in BaseConnection.objects.stalled(now).order_by("stepped_at")[:BATCH]:
        _recover(connection)
    for connection in BaseConnection.objects.left_waiting(now).order_by("stepped_at")[:BATCH]:
        if connection.requeue():
            tasks.submit_later(connection.pk)
    for connection in BaseConnection.objects.due_for_a_look(now).order_by("next_look_at")[:BATCH]:
        if connection.claim_look():
            tasks.reconcile_later(connection.pk)
    give_up_silent_tests(now - timedelta(seconds=2 * settings.FLOW_SERVICE_TIMEOUT + 60))


def _recover(connection: BaseConnection) -> None:
    """Nothing sent: back to the queue. Sent: looked up, and never sent again blindly."""
    log.warning("Connection %s was left behind while %s.", connection.uuid, connection.status)
    if connection.sent_at is not None:
        connection.mark_unknown("The process that sent it ended before the answer came.", error_kind="NoAnswer")
        tasks.reconcile_later(connection.pk)
    elif connection.times_put_back >= MOST_PUT_BACKS:
        _fail(connection, "Given up after several attempts that ended before anything was sent.")
    else:
        _put_back(connection, "The process that was at it ended before it sent anything.")


def _put_back(connection: BaseConnection, reason: str) -> None:
    with transaction.atomic():
        if connection.put_back(reason):
            tasks.submit_later(connection.pk)
