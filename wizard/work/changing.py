"""Sends a change of a connection: an edit by keys under its etag, a switch on or off, or its end.

Each may be sent twice and is done once: an unanswered one is read back, and sent again if it did not arrive. For that
reason, and because somebody waits for it, a change does not wait for the circuit breaker.
"""

from collections.abc import Callable
from datetime import datetime, timedelta

from django.conf import settings
from django.utils import timezone

from wizard.access.roles import Role
from wizard.connections.models import BaseConnection, Change
from wizard.connections.statuses import ChangeKind, ChangeStatus, Finding, Status
from wizard.flow_service.client import FlowService
from wizard.flow_service.datatypes import RemoteConnection
from wizard.flow_service.errors import FlowServiceError, NotSent
from wizard.record.models import Event
from wizard.reports import quietly
from wizard.values.client import client_of
from wizard.values.hiding import known_secrets
from wizard.values.sendable import CannotCompose, wanted_params
from wizard.values.typed import wanted_by
from wizard.vault.keyring import CannotOpen
from wizard.work import pauses
from wizard.work.causes import CHANGE, because_of
from wizard.work.endings import conflict, end_in_failure, finish_delete, finish_edit, finish_switch
from wizard.work.errors import NoLongerAllowed, TakenOver, demand_still, error_values, leaves_open
from wizard.work.operations import operations, shows, wanted_secrets, was_applied
from wizard.work.taking_over import take_over

TARGETS = {ChangeKind.ENABLE: "enabled", ChangeKind.DISABLE: "disabled"}
MOST_LOOKS = 20
GONE = "It does not exist at Adobe any more."
NOT_FOUND = {"error_kind": "Refused", "error_code": "1439-404", "error_status": 404}
LOST = "It is not known whether it was done: Adobe could not be asked."


@quietly
@Event.objects.chained_together()
def change(pk: int) -> None:
    """Sends a waiting change, or finds out what became of an unanswered one. Safe to run twice."""
    found = Change.objects.select_related("connection__organization").get(pk=pk)
    lease = timezone.now() + timedelta(seconds=2 * settings.FLOW_SERVICE_TIMEOUT)
    if not found.connection.is_reachable:
        return
    with because_of(CHANGE, found.connection, "change"):
        _take_up(found, lease)


def _take_up(found: Change, lease: datetime) -> None:
    if found.status == ChangeStatus.WAITING and found.claim():
        _run(found, _send)
    elif found.status == ChangeStatus.UNANSWERED and found.claim_look(lease):
        found.refresh_from_db(fields=["looks", "due_at"])
        _run(found, _look)


def _run(found: Change, act: Callable[[Change, BaseConnection, FlowService], None]) -> None:
    connection = found.connection
    if connection.status != Status.CONNECTED:
        end_in_failure(found, "The connection is not connected any more.")
        return
    try:
        hide = [*known_secrets(connection), *wanted_secrets(found)]
        with client_of(connection, hide=hide) as client:
            act(found, connection, client)
    except CannotOpen as error:
        end_in_failure(found, f"What was to be changed does not open: {error}.")
    except CannotCompose as error:
        end_in_failure(found, f"Nothing was sent. {error}")
    except NoLongerAllowed as error:
        end_in_failure(found, str(error))
    except TakenOver:
        return
    except FlowServiceError as error:
        end_in_failure(found, str(error), **error_values(error))


def _send(found: Change, connection: BaseConnection, client: FlowService) -> None:
    connection_id = connection.base_connection_id
    demand_still(found.created_by, Role.ADMIN if found.kind == ChangeKind.DELETE else Role.CONNECTOR, connection)
    try:
        if found.kind == ChangeKind.EDIT:
            _send_edit(found, connection, client)
            return
        if found.kind == ChangeKind.DELETE:
            client.delete_connection(connection_id, before_send=lambda: _note_sending(found))
        else:
            client.act_on_connection(connection_id, found.kind, before_send=lambda: _note_sending(found))
        _look(found, connection, client)
    except FlowServiceError as error:
        _keep_error(found, connection, client, error)


def _send_edit(found: Change, connection: BaseConnection, client: FlowService) -> None:
    if not connection.etag:
        # As long as it was not read, we know of no other values than ours.
        take_over(connection, client.get_connection(connection.base_connection_id), is_ours=True)
    if found.revision != connection.revision:
        conflict(found, connection, client.get_connection(connection.base_connection_id))
        return
    wanted, etag = wanted_by(found.unseal("wanted")), connection.etag
    patch = operations(connection, wanted, wanted_params(connection, wanted))
    if patch:
        connection_id = connection.base_connection_id
        etag = client.update_connection(connection_id, patch, etag, before_send=lambda: _note_sending(found)).etag
    finish_edit(found, connection, etag)


def _note_sending(found: Change) -> None:
    if not found.mark_sent():
        raise TakenOver


def _keep_error(found: Change, connection: BaseConnection, client: FlowService, error: FlowServiceError) -> None:
    if found.sent_at is None and leaves_open(error):
        error = NotSent(f"Not sent, since the Flow Service is in trouble: {error}")
    values = error_values(error)
    if error.status == 412:
        _look(found, connection, client)
    elif error.says_gone:
        _end_gone(found, connection)
    elif leaves_open(error):
        reason = f"No answer that says whether it was done: {error}"
        found.mark_unanswered(pauses.after(pauses.look_pause(0)), reason, **values)
    elif due_at := pauses.next_attempt(error, found.attempts - 1):
        found.put_back(due_at, f"To be sent again: {error}", **values)
    else:
        end_in_failure(found, str(error), **values)


def _look(found: Change, connection: BaseConnection, client: FlowService) -> None:
    """Reads the connection, to find out whether the change was made."""
    try:
        remote = client.get_connection(connection.base_connection_id)
    except FlowServiceError as error:
        _keep_look_error(found, connection, error)
        return
    if found.kind == ChangeKind.EDIT and remote.etag != connection.etag:
        _compare(found, connection, remote)
    elif found.kind in TARGETS and remote.state == TARGETS[ChangeKind(found.kind)]:
        finish_switch(found, connection, remote)
    else:
        _send_again(found)


def _keep_look_error(found: Change, connection: BaseConnection, error: FlowServiceError) -> None:
    if error.says_gone:
        _end_gone(found, connection)
    elif found.looks >= MOST_LOOKS:
        words = f"{LOST} {error.message}"[:2000]
        end_in_failure(found, f"{LOST} {error}", **{**error_values(error), "error_message": words})
    elif found.status == ChangeStatus.SENDING:
        reason = f"Not confirmed yet: {error}"
        found.mark_unanswered(pauses.after(pauses.look_pause(0)), reason, **error_values(error))
    else:
        due_at = pauses.after(pauses.look_pause(found.looks))
        found.step(ChangeStatus.UNANSWERED, (ChangeStatus.UNANSWERED,), None, due_at=due_at, **error_values(error))


def _compare(found: Change, connection: BaseConnection, remote: RemoteConnection) -> None:
    """Another etag than ours: our own edit, if its answer was lost and it can be seen; else perhaps somebody else's."""
    if found.may_be_done and shows(found, connection) and was_applied(found, connection, remote):
        finish_edit(found, connection, remote.etag)
    else:
        conflict(found, connection, remote)


def _send_again(found: Change) -> None:
    if found.attempts > len(pauses.UNSENT):
        end_in_failure(found, "It was sent several times, and the connection is as it was.")
    else:
        pause = pauses.UNSENT[found.attempts - 1]
        found.put_back(pauses.after(pause), "It was not seen to be done: it is sent again.")


def _end_gone(found: Change, connection: BaseConnection) -> None:
    if found.kind == ChangeKind.DELETE:
        finish_delete(found, connection)
    elif end_in_failure(found, GONE, **NOT_FOUND):
        connection.keep_finding(Finding.VANISHED)
