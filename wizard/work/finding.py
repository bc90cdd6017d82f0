"""Finds out what became of a resource's create that was not answered: looked up, and never sent again."""

from collections.abc import Mapping, Sequence
from typing import Any

from django.db import IntegrityError

from wizard.dataflows.models import Resource, ResourceKind, ResourceStatus
from wizard.dataflows.services import finish
from wizard.flow_service.client import FlowService
from wizard.flow_service.datatypes import RemoteResource
from wizard.flow_service.errors import FlowServiceError
from wizard.record.models import Event
from wizard.reports import quietly
from wizard.values.client import client_of
from wizard.work import pauses
from wizard.work.causes import RESOURCE, because_of
from wizard.work.looking import NO_LOOK, TAKEN, after_a_failed_look, is_since, settle

PARTS_FIRST = "It is looked up when it is known what has become of its parts."
FOUND = "The answer was lost; it was found by its name, by what it belongs to, and by its time."


@quietly
@Event.objects.chained_together()
def look_for(pk: int) -> None:
    """Looks for what an unanswered create may have made, and adopts the only one that fits."""
    resource = Resource.objects.with_needs().get(pk=pk)
    if not resource.connection.is_reachable or not resource.is_being_looked_up:
        return
    with because_of(RESOURCE, resource.connection, "look up"):
        _look_for(resource)


def _look_for(resource: Resource) -> None:
    if any(need.status == ResourceStatus.UNKNOWN for need in resource.needs):
        resource.plan_look(pauses.next_look(1), resource.looks, PARTS_FIRST)
        return
    try:
        with client_of(resource.connection) as client:
            settle(resource, _candidates(resource, client), lambda remote: _adopt(resource, remote))
    except FlowServiceError as error:
        resource.plan_look(after_a_failed_look(resource), resource.looks, f"{NO_LOOK}: {error}")


def _candidates(resource: Resource, client: FlowService) -> list[RemoteResource]:
    """Those of that name that belong to the same, made since our send, that no other row has."""
    named = [remote for remote in _named(resource, client) if is_since(remote, resource)]
    known = Resource.objects.filter(kind=resource.kind, remote_id__in=[remote.id for remote in named])
    taken = set(known.values_list("remote_id", flat=True))
    return [remote for remote in named if remote.id not in taken]


def _named(resource: Resource, client: FlowService) -> Sequence[RemoteResource]:
    name, source, target = resource.name, resource.source, resource.target
    if resource.kind == ResourceKind.SOURCE_CONNECTION:
        base_id = resource.connection.base_connection_id
        found = client.list_source_connections(base_connection_id=base_id, name=name)
        return [remote for remote in found if _may_read(remote.params, resource.body["params"])]
    if resource.kind == ResourceKind.TARGET_CONNECTION:
        dataset_id = resource.body["params"]["dataSetId"]
        return [found for found in client.list_target_connections(name=name) if found.dataset_id == dataset_id]
    if source is None or target is None:
        # A mapping set is sent again, and never looked up.
        return []
    # A part that had failed before a restore may have been made since, and is not known here.
    sources = [source.remote_id] if source.remote_id else None
    flows = client.list_flows(source_connection_ids=sources, name=name)
    return [flow for flow in flows if not target.remote_id or target.remote_id in flow.target_connection_ids]


def _may_read(told: Mapping[str, Any], sent: Mapping[str, Any]) -> bool:
    """Whether one with the params that are told can be the one that was sent: of the same name there may be others,
    and a dataflow from another table would fill the dataset with it. What is not told decides nothing.
    """
    pairs = [(told[key], sent[key]) for key in ("tableName", "path", "columns") if told.get(key) and sent.get(key)]
    return all(_names(theirs) == _names(ours) for theirs, ours in pairs)


def _names(found: Any) -> Any:
    """Of columns their names, whatever else is told of each."""
    if not isinstance(found, list):
        return found
    return {str(column.get("name")) for column in found if isinstance(column, dict)}


def _adopt(resource: Resource, remote: RemoteResource) -> None:
    try:
        finish(resource, remote.id, remote.etag, reason=FOUND)
    except IntegrityError:
        resource.plan_look(pauses.next_look(1), resource.looks, TAKEN)
