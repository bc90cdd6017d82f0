"""From a base connection to a dataflow: source and target connections, mapping sets, flow specs, dataflows.

https://experienceleague.adobe.com/en/docs/experience-platform/sources/api-tutorials/collect/database-nosql
"""

from collections.abc import Callable, Iterator, Sequence
from typing import Any

from wizard.flow_service.caller import Caller
from wizard.flow_service.dataflow_items import (
    FlowSpec,
    MappingSet,
    RemoteFlow,
    RemoteSourceConnection,
    RemoteTargetConnection,
)
from wizard.flow_service.datatypes import Created
from wizard.flow_service.filters import checked_id, filters_by_name

PAGE = 100
# Ids in one filter: an address has its limits.
IDS_AT_ONCE = 50


def _nothing() -> None:
    """Before a send of which no note is kept."""


class Dataflows(Caller):
    """Every create is sent at most once; `before_send` is called right before the first byte may leave.

    Every method raises NotSent, NoAnswer, Refused or Unavailable; ValueError for an id that cannot be one.
    """

    # https://developer.adobe.com/experience-platform-apis/references/flow-service/#operation/createSourceConnection
    def create_source_connection(self, body: dict[str, Any], *, before_send: Callable[[], None] = _nothing) -> Created:
        return self._create("/sourceConnections", body, before_send, Created.from_wire)

    # https://developer.adobe.com/experience-platform-apis/references/flow-service/#operation/createTargetConnection
    def create_target_connection(self, body: dict[str, Any], *, before_send: Callable[[], None] = _nothing) -> Created:
        return self._create("/targetConnections", body, before_send, Created.from_wire)

    # https://developer.adobe.com/experience-platform-apis/references/flow-service/#operation/createFlow
    def create_flow(self, body: dict[str, Any], *, before_send: Callable[[], None] = _nothing) -> Created:
        return self._create("/flows", body, before_send, Created.from_wire)

    # https://experienceleague.adobe.com/en/docs/experience-platform/data-prep/api/mapping-set
    def create_mapping_set(self, body: dict[str, Any], *, before_send: Callable[[], None] = _nothing) -> MappingSet:
        """Data Prep's, which stands beside the Flow Service."""
        return self._create(f"{self._conversion_url}/mappingSets", body, before_send, MappingSet.from_wire)

    # https://developer.adobe.com/experience-platform-apis/references/flow-service/#operation/getFlowSpecs
    def find_flow_spec(self, name: str) -> FlowSpec | None:
        """The flow spec of exactly this name; None if there is none."""
        found = self._items("/flowSpecs", FlowSpec.from_wire, filters_by_name(name))
        return next((spec for spec in found if spec.name == name), None)

    # https://developer.adobe.com/experience-platform-apis/references/flow-service/#operation/getSourceConnections
    def list_source_connections(
        self, *, base_connection_id: str, name: str | None = None
    ) -> Iterator[RemoteSourceConnection]:
        """Those of a base connection, of exactly this name if one is given: no filter on it is documented."""
        filters = [f"baseConnectionId=={checked_id(base_connection_id)}"]
        for source in self._items("/sourceConnections", RemoteSourceConnection.from_wire, filters, PAGE):
            if source.base_connection_id == base_connection_id and name in (None, source.name):
                yield source

    # https://developer.adobe.com/experience-platform-apis/references/flow-service/#operation/getTargetConnections
    def list_target_connections(self, *, name: str | None = None) -> Iterator[RemoteTargetConnection]:
        """Those of the sandbox, of exactly this name if one is given: no filter at all is documented."""
        for target in self._items("/targetConnections", RemoteTargetConnection.from_wire, (), PAGE):
            if name in (None, target.name):
                yield target

    # https://developer.adobe.com/experience-platform-apis/references/flow-service/#operation/getFlows
    def list_flows(
        self, *, source_connection_ids: Sequence[str] | None = None, name: str | None = None
    ) -> Iterator[RemoteFlow]:
        """Those of the sandbox; those from any of these source connections; those of exactly this name."""
        for filters in _filters_by_source(source_connection_ids):
            for flow in self._items("/flows", RemoteFlow.from_wire, [*filters, *filters_by_name(name)], PAGE):
                if name in (None, flow.name):
                    yield flow


def _filters_by_source(ids: Sequence[str] | None) -> Iterator[list[str]]:
    """The filters of each call that has to be made; a comma stands for "any of them"."""
    if ids is None:
        yield []
        return
    for start in range(0, len(ids), IDS_AT_ONCE):
        yield [f"sourceConnectionIds[]=={','.join(map(checked_id, ids[start : start + IDS_AT_ONCE]))}"]
