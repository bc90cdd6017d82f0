"""Finds out what became of a create that was not answered: looked up with growing pauses, and never sent again."""

from datetime import timedelta
from typing import Any

from django.conf import settings
from django.db import IntegrityError
from django.utils import timezone

from wizard.connections import tasks
from wizard.connections.models import NO_ERROR, BaseConnection
from wizard.connections.statuses import Status
from wizard.flow_service.client import FlowService
from wizard.flow_service.datatypes import RemoteConnection
from wizard.flow_service.errors import FlowServiceError, one_line
from wizard.record.kinds import Kind
from wizard.record.models import Event
from wizard.reports import quietly
from wizard.values.client import client_of
from wizard.work import pauses

# Adobe's clock and ours may differ by this much.
CLOCK_SKEW = timedelta(minutes=2)
MOST_CANDIDATES = 20
NO_LOOK = "The look-up did not succeed"


@quietly
def reconcile(pk: int) -> None:
    """Looks for the connection that an unanswered create may have made, and adopts the only one that fits."""
    connection = BaseConnection.objects.select_related("organization").get(pk=pk)
    if not connection.is_reachable or connection.status != Status.UNKNOWN or connection.next_look_at is None:
        return
    try:
        with client_of(connection) as client:
            _settle(connection, client, _candidates(connection, client))
    except FlowServiceError as error:
        _look_again(connection, error)


def _look_again(connection: BaseConnection, error: FlowServiceError) -> None:
    """A look that failed says nothing about the connection. Ever less often, and told once."""
    age = timezone.now() - (connection.sent_at or connection.created_at)
    again = pauses.after(min(max(age.total_seconds() / 4, settings.FLOW_SERVICE_TIMEOUT), pauses.LONGEST))
    last = Event.objects.happened().filter(connection=connection).last()
    if last and last.kind == Kind.LOOKED and last.message.startswith(NO_LOOK):
        connection.delay_look(again)
    else:
        connection.plan_look(again, connection.looks, f"{NO_LOOK}: {error}")


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
        _adopt(connection, client.get_connection(found[0].id))
    elif found:
        ids = ", ".join(remote.id for remote in found[:10])
        reason = f"Several connections in the sandbox fit: {ids}. Nothing more is sent."
        candidates = [_described(remote) for remote in found[:MOST_CANDIDATES]]
        connection.plan_look(None, connection.looks, reason, candidates=candidates)
    elif again := pauses.next_look(connection.looks):
        connection.plan_look(again, connection.looks + 1, "Not found in the sandbox yet.")
    else:
        reason = "Not found in the sandbox after the last look: nothing was made. It is safe to try again."
        connection.mark_failed(reason, **{**NO_ERROR, "error_message": reason})


def _adopt(connection: BaseConnection, remote: RemoteConnection) -> None:
    reason = "The answer was lost; the connection was found by its name, source and time."
    try:
        if connection.mark_connected(remote.id, remote.etag, reason, remote_state=remote.state[:40]):
            tasks.follow_later(connection.pk)
    except IntegrityError:
        reason = "What was found belongs to another connection by now."
        connection.plan_look(pauses.next_look(1), connection.looks, reason)


def _described(remote: RemoteConnection) -> dict[str, Any]:
    """What a person sees of it, to tell whether it is the one."""
    texts = {name: one_line(getattr(remote, name))[:300] for name in ("name", "description", "state", "created_by")}
    created_at = remote.created_at.isoformat() if remote.created_at else ""
    return {"id": remote.id, "etag": remote.etag, "created_at": created_at, **texts}
