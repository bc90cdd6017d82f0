"""Follows a connection that was just made until Adobe has finished it: some sources are initializing for a while."""

from datetime import datetime, timedelta

from django.db import transaction
from django.utils import timezone

from wizard.connections.models import BaseConnection, BaseConnectionQuerySet
from wizard.connections.statuses import Status
from wizard.flow_service.datatypes import RemoteConnection
from wizard.flow_service.errors import FlowServiceError
from wizard.record.kinds import Kind
from wizard.reports import quietly
from wizard.values.client import client_of
from wizard.work import pauses
from wizard.work.causes import CREATE, because_of

SHORTEST, LONGEST = 3.0, 600.0  # seconds
FOLLOWED_FOR = timedelta(days=1)


@quietly
def follow(pk: int) -> None:
    """Reads the state and the etag of a connection that is due to be followed; again later while it is initializing."""
    connection = BaseConnection.objects.select_related("organization").get(pk=pk)
    if not connection.is_reachable or connection.status != Status.CONNECTED or connection.follow_at is None:
        return
    with because_of(CREATE, connection, "follow"):
        _follow(connection)


def _follow(connection: BaseConnection) -> None:
    try:
        with client_of(connection) as client:
            remote = client.get_connection(connection.base_connection_id)
    except FlowServiceError:
        _as_read(connection).update(follow_at=_next_look(connection))
        return
    _keep_state(connection, remote)


def _keep_state(connection: BaseConnection, remote: RemoteConnection) -> None:
    state, is_done = remote.state[:40], remote.state != "initializing" and bool(remote.etag)
    # An etag that was read before belongs to the values that we know; another one says that they have changed.
    values = {"remote_state": state, "etag": connection.etag or remote.etag}
    with transaction.atomic():
        is_kept = _as_read(connection).update(follow_at=None if is_done else _next_look(connection), **values)
        if is_kept and state != connection.remote_state and "initializing" in (state, connection.remote_state):
            connection.events.create(kind=Kind.STATE, message=f"Adobe says: {state}.")


def _as_read(connection: BaseConnection) -> BaseConnectionQuerySet:
    """The row, unless somebody has changed it since: then what was read is older, and it is read again in a while."""
    read = ("status", "follow_at", "etag", "remote_state")
    return BaseConnection.objects.filter(pk=connection.pk, **{name: getattr(connection, name) for name in read})


def _next_look(connection: BaseConnection) -> datetime | None:
    """After half as long as it has been going on; not for ever."""
    age = timezone.now() - (connection.connected_at or timezone.now())
    pause = min(max(age.total_seconds() / 2, SHORTEST), LONGEST)
    return pauses.after(pause) if age < FOLLOWED_FOR else None
