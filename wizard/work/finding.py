"""Finds out what became of a resource's create that was not answered: looked up, and never sent again."""

from collections.abc import Sequence

from django.db import IntegrityError

from wizard.dataflows.models import Resource, ResourceKind
from wizard.dataflows.services import finish
from wizard.flow_service.client import FlowService
from wizard.flow_service.dataflow_items import RemoteResource
from wizard.flow_service.errors import FlowServiceError
from wizard.reports import quietly
from wizard.values.client import client_of
from wizard.work import pauses
from wizard.work.looking import NO_LOOK, TAKEN, after_a_failed_look, is_since, settle

FOUND = "The answer was lost; it was found by its name, by what it belongs to, and by its time."


@quietly
def look_for(pk: int) -> None:
    """Looks for what an unanswered create may have made, and adopts the only one that fits."""
    resource = Resource.objects.with_needs().get(pk=pk)
    if not resource.connection.is_reachable or not resource.is_being_looked_up:
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
        return list(client.list_source_connections(base_connection_id=base_id, name=name))
    if resource.kind == ResourceKind.TARGET_CONNECTION:
        dataset_id = resource.body["params"]["dataSetId"]
        return [found for found in client.list_target_connections(name=name) if found.dataset_id == dataset_id]
    if source is None or target is None:
        # A mapping set is sent again, and never looked up.
        return []
    # One of another installation's time may come before we know what it is made of.
    sources = [source.remote_id] if source.remote_id else None
    flows = client.list_flows(source_connection_ids=sources, name=name)
    return [flow for flow in flows if not target.remote_id or target.remote_id in flow.target_connection_ids]


def _adopt(resource: Resource, remote: RemoteResource) -> None:
    try:
        finish(resource, remote.id, remote.etag, reason=FOUND)
    except IntegrityError:
        resource.plan_look(pauses.next_look(1), resource.looks, TAKEN)
