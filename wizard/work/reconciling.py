"""Finds out what became of a create that was not answered: looked up with growing pauses, and never sent again."""

from django.db import IntegrityError

from wizard.connections import tasks
from wizard.connections.models import BaseConnection
from wizard.connections.statuses import Status
from wizard.flow_service.client import FlowService
from wizard.flow_service.datatypes import RemoteConnection
from wizard.flow_service.errors import FlowServiceError
from wizard.record.kinds import Kind
from wizard.record.models import Event
from wizard.reports import quietly
from wizard.values.client import client_of
from wizard.work import pauses
from wizard.work.causes import LOOK, because_of
from wizard.work.looking import NO_LOOK, TAKEN, after_a_failed_look, is_since, settle


@quietly
@Event.objects.chained_together()
def reconcile(pk: int) -> None:
    """Looks for the connection that an unanswered create may have made, and adopts the only one that fits."""
    connection = BaseConnection.objects.select_related("organization").get(pk=pk)
    if not connection.is_reachable or connection.status != Status.UNKNOWN or connection.next_look_at is None:
        return
    with because_of(LOOK, connection, "look up"):
        _reconcile(connection)


def _reconcile(connection: BaseConnection) -> None:
    try:
        with client_of(connection) as client:
            found = _candidates(connection, client)
            settle(connection, found, lambda remote: _adopt(connection, client, remote))
    except FlowServiceError as error:
        _look_again(connection, error)


def _look_again(connection: BaseConnection, error: FlowServiceError) -> None:
    """Told once."""
    again = after_a_failed_look(connection)
    last = Event.objects.happened().filter(connection=connection).last()
    if last and last.kind == Kind.LOOKED and last.message.startswith(NO_LOOK):
        connection.delay_look(again)
    else:
        connection.plan_look(again, connection.looks, f"{NO_LOOK}: {error}")


def _candidates(connection: BaseConnection, client: FlowService) -> list[RemoteConnection]:
    """Connections of that name and source, made since our send, that are not ours already."""
    named = [
        remote
        for remote in client.list_connections(name=connection.name)
        if remote.connection_spec_id == connection.connection_spec_id and is_since(remote, connection)
    ]
    ids = [remote.id for remote in named]
    ours = set(BaseConnection.objects.filter(base_connection_id__in=ids).values_list("base_connection_id", flat=True))
    return [remote for remote in named if remote.id not in ours]


def _adopt(connection: BaseConnection, client: FlowService, found: RemoteConnection) -> None:
    """Read once more: what is listed may be older."""
    remote = client.get_connection(found.id)
    reason = "The answer was lost; the connection was found by its name, source and time."
    try:
        if connection.mark_connected(remote.id, remote.etag, reason, remote_state=remote.state[:40]):
            tasks.follow_later(connection.pk)
    except IntegrityError:
        connection.plan_look(pauses.next_look(1), connection.looks, TAKEN)
