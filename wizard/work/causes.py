"""What a worker does belongs to the request by which somebody asked for it: in the log, at Adobe, in the trace."""

from collections.abc import Collection, Iterator
from contextlib import contextmanager

from wizard.connections.models import BaseConnection
from wizard.record.context import caused_by
from wizard.record.kinds import Kind
from wizard.telemetry import spans

# The events that a create, a change, a test and a resource begin with.
CREATE = (Kind.ASKED, Kind.ASKED_AGAIN, Kind.APPROVED)
LOOK = (*CREATE, Kind.LOOK_ASKED)
CHANGE = (Kind.CHANGE_ASKED, Kind.APPROVED)
TEST = (Kind.TEST_ASKED,)
RESOURCE = (Kind.RESOURCE_ASKED,)


@contextmanager
def because_of(kinds: Collection[Kind], connection: BaseConnection, name: str) -> Iterator[None]:
    """Around a task of that name: the last event of these kinds says by which request it was asked for, if by one."""
    asked = connection.events.filter(kind__in=kinds).only("request_id", "at").last()
    request_id, asked_at = (asked.request_id, asked.at) if asked else ("", None)
    about: dict[str, str | int] = {"wizard.connection": str(connection.uuid)}
    with caused_by(request_id), spans.work(name, request_id, asked_at, about):
        yield
