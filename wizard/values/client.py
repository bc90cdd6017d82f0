"""The Flow Service as one connection is looked after there: in its sandbox, its secrets hidden, its calls noted."""

from collections.abc import Iterable
from functools import partial
from math import inf

from wizard.connections.models import BaseConnection, Call
from wizard.flow_service.client import FlowService
from wizard.organizations.services import flow_service
from wizard.values.hiding import known_secrets


def client_of(
    connection: BaseConnection, *, hide: Iterable[str] | None = None, timeout: float | None = None, ends_at: float = inf
) -> FlowService:
    """A client for the connection's sandbox. Close it after use.

    `hide` are the secrets that an answer may quote, all that are known of the connection unless given; `timeout`
    (seconds, for each call) and `ends_at` are as in `flow_service`. Raises NotSent if an id or a name cannot stand in
    a header.
    """
    return flow_service(
        connection.organization,
        connection.sandbox_name,
        timeout=timeout,
        ends_at=ends_at,
        hide=known_secrets(connection) if hide is None else hide,
        note=partial(Call.objects.note, connection.pk),
    )
