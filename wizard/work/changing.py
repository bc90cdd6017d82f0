"""Sends a change of a connection: an edit by keys under its etag, a switch on or off, or its end.

Each may be sent twice and is done once: an unanswered one is read back, and sent again if it did not arrive.
"""

from collections.abc import Callable
from datetime import datetime, timedelta

from django.conf import settings
from django.db.models import Q
from django.utils import timezone

from wizard.connections import tasks
from wizard.connections.changes import UNDER_WAY
from wizard.connections.models import BaseConnection, Change
from wizard.connections.queries import GRACE_SECONDS, TASK_LOST_AFTER
from wizard.connections.statuses import ChangeKind, ChangeStatus, EventKind, Finding, Status
from wizard.flow_service.client import FlowService
from wizard.flow_service.errors import FlowServiceError
from wizard.organizations.services import flow_service
from wizard.vault.keyring import CannotOpen
from wizard.work import pauses
from wizard.work.endings import conflict, end_in_failure, finish_delete, finish_edit, finish_switch
from wizard.work.hiding import known_secrets
from wizard.work.operations import operations, wanted_secrets, was_applied
from wizard.work.submitting import error_values, leaves_open
from wizard.work.taking_over import take_over

TARGETS = {ChangeKind.ENABLE: "enabled", ChangeKind.DISABLE: "disabled"}
BATCH = 100


def change(pk: int) -> None:
    """Sends a waiting change, or finds out what became of an unanswered one. Safe to run twice."""
    found = Change.objects.select_related("connection__organization").get(pk=pk)
    connection = found.connection
    if found.status == ChangeStatus.WAITING and found.claim():
        _run(found, connection, _send)
    elif found.status == ChangeStatus.UNANSWERED and _claim_look(found):
        _run(found, connection, _look)


def _run(found: Change, connection: BaseConnection, act: Callable[[Change, BaseConnection, FlowService], None]) -> None:
    if connection.status != Status.CONNECTED:
        end_in_failure(found, "The connection is not connected any more.")
        return
    try:
        hide = [*known_secrets(connection), *wanted_secrets(found)]
        with flow_service(connection.organization, connection.sandbox_name, hide=hide) as client:
            act(found, connection, client)
    except CannotOpen as error:
        end_in_failure(found, f"What was to be changed does not open: {error}.")


def _send(found: Change, connection: BaseConnection, client: FlowService) -> None:
    connection.events.create(kind=EventKind.CHANGE_SENT, message=found.get_kind_display())
    try:
        if found.kind == ChangeKind.EDIT:
            _send_edit(found, connection, client)
        elif found.kind == ChangeKind.DELETE:
            client.delete_connection(connection.base_connection_id)
            _look(found, connection, client)
        else:
            client.act_on_connection(connection.base_connection_id, found.kind)
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
    patch, etag = operations(connection, found.unseal("wanted")), connection.etag
    if patch:
        etag = client.update_connection(connection.base_connection_id, patch, connection.etag).etag
    finish_edit(found, connection, etag)


def _keep_error(found: Change, connection: BaseConnection, client: FlowService, error: FlowServiceError) -> None:
    if error.status == 412:
        _look(found, connection, client, is_stale=True)
    elif error.says_gone:
        _end_gone(found, connection)
    elif leaves_open(error):
        words = f"No answer that says whether it was done: {error}"
        connection.events.create(kind=EventKind.CHANGE_HELD, message=words[:2100])
        found.step(ChangeStatus.UNANSWERED, due_at=pauses.next_look(0), **error_values(error))
    elif due_at := pauses.next_attempt(error, found.attempts - 1):
        found.put_back(due_at, **error_values(error))
        connection.events.create(kind=EventKind.CHANGE_HELD, message=f"To be sent again: {error}"[:2100])
    else:
        end_in_failure(found, str(error), **error_values(error))


def _look(found: Change, connection: BaseConnection, client: FlowService, *, is_stale: bool = False) -> None:
    """Reads the connection, to find out whether the change was made; `is_stale`: it was refused under our etag."""
    try:
        remote = client.get_connection(connection.base_connection_id)
    except FlowServiceError as error:
        if error.says_gone:
            _end_gone(found, connection)
        else:
            found.step(ChangeStatus.UNANSWERED, due_at=pauses.next_look(1), **error_values(error))
        return
    if found.kind == ChangeKind.EDIT and remote.etag != connection.etag:
        # Refused at the first attempt, it cannot be ours.
        if (found.attempts > 1 or not is_stale) and was_applied(found, connection, remote):
            finish_edit(found, connection, remote.etag)
        else:
            conflict(found, connection, remote)
    elif found.kind in TARGETS and remote.state == TARGETS[ChangeKind(found.kind)]:
        finish_switch(found, connection, remote)
    elif found.attempts > len(pauses.UNSENT):
        end_in_failure(found, "It was sent several times, and the connection is as it was.")
    else:
        found.put_back(pauses.after(pauses.UNSENT[found.attempts - 1]))
        connection.events.create(kind=EventKind.CHANGE_HELD, message="It was not done yet: it is sent again.")


def _end_gone(found: Change, connection: BaseConnection) -> None:
    if found.kind == ChangeKind.DELETE:
        finish_delete(found, connection)
        return
    connection.keep_finding(Finding.VANISHED)
    end_in_failure(found, "The connection does not exist at Adobe any more.", error_code="1439-404", error_status=404)


def _claim_look(found: Change) -> bool:
    """True for the one process that is to look now."""
    lease = timezone.now() + timedelta(seconds=2 * settings.FLOW_SERVICE_TIMEOUT)
    rows = Change.objects.filter(pk=found.pk, status=ChangeStatus.UNANSWERED, due_at=found.due_at)
    return rows.update(due_at=lease) == 1


def sweep_changes(now: datetime) -> None:
    """Takes up changes that a dead process left, and queues those that are due."""
    call = timedelta(seconds=2 * settings.FLOW_SERVICE_TIMEOUT + GRACE_SECONDS)
    stalled = Change.objects.filter(status=ChangeStatus.SENDING, stepped_at__lt=now - call)
    for found in stalled.order_by("stepped_at")[:BATCH]:
        if found.step(ChangeStatus.UNANSWERED, due_at=now, error_kind="NoAnswer"):
            message = "The process that sent the change ended before the answer came."
            found.connection.events.create(kind=EventKind.CHANGE_HELD, message=message)
    lost = Q(due_at=None, stepped_at__lt=now - TASK_LOST_AFTER)
    due = Change.objects.filter(lost | Q(due_at__lte=now), status__in=UNDER_WAY)
    for found in due.exclude(status=ChangeStatus.SENDING).order_by("stepped_at")[:BATCH]:
        # The pause is over for one of those that sweep: the others find another time here.
        rows = Change.objects.filter(pk=found.pk, status=found.status, due_at=found.due_at, stepped_at=found.stepped_at)
        if rows.update(stepped_at=now):
            tasks.change_later(found.pk)
