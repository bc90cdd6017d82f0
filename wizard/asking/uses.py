"""What uses a connection at Adobe: its source connections and their dataflows, whoever made them."""

import time
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime
from itertools import islice

from wizard.connections.models import BaseConnection
from wizard.flow_service.dataflow_items import RemoteFlow, RemoteResource, RemoteSourceConnection
from wizard.flow_service.errors import FlowServiceError, one_line
from wizard.flow_service.explanations import Explanation, explain
from wizard.values.client import client_of
from wizard.values.places import BUSY, NoneFree, a_place

# Somebody is waiting for the page.
SECONDS = 10
MOST = 50
LONGEST_NAME = 300


@dataclass(frozen=True)
class Use:
    """A source connection with the dataflows that read from it, or a dataflow; its texts are Adobe's."""

    id: str
    name: str
    state: str
    created_at: datetime | None
    flows: tuple["Use", ...] = ()


@dataclass(frozen=True)
class Uses:
    """`is_cut`: there are more. With a `failure` nothing was found out; `words` are then what was answered."""

    sources: tuple[Use, ...] = ()
    is_cut: bool = False
    failure: Explanation | None = None
    words: str = ""

    @property
    def flow_count(self) -> int:
        return len({flow.id for source in self.sources for flow in source.flows})


def uses_at_adobe(connection: BaseConnection) -> Uses:
    """Asks Adobe, now, and for some seconds at most. Raises nothing: what went wrong is in the answer."""
    try:
        with a_place(), client_of(connection, timeout=SECONDS, ends_at=time.monotonic() + SECONDS) as client:
            base_id = connection.base_connection_id
            sources = list(islice(client.list_source_connections(base_connection_id=base_id), MOST + 1))
            ids = [source.id for source in sources[:MOST]]
            flows = list(islice(client.list_flows(source_connection_ids=ids), MOST + 1))
    except NoneFree:
        return Uses(failure=BUSY)
    except FlowServiceError as error:
        return _failed(error)
    is_cut = len(sources) > MOST or len(flows) > MOST
    return Uses(_joined(sources[:MOST], flows[:MOST]), is_cut)


def _failed(error: FlowServiceError) -> Uses:
    return Uses(
        failure=explain(code=error.code, status=error.status, error=type(error).__name__), words=str(error)[:1000]
    )


def _joined(sources: Iterable[RemoteSourceConnection], flows: Iterable[RemoteFlow]) -> tuple[Use, ...]:
    """A dataflow of several sources stands with each of them."""
    known = list(flows)
    return tuple(
        _use(source, tuple(_use(flow) for flow in known if source.id in flow.source_connection_ids))
        for source in sources
    )


def _use(found: RemoteResource, flows: tuple[Use, ...] = ()) -> Use:
    return Use(found.id, one_line(found.name)[:LONGEST_NAME], found.state, found.created_at, flows)
