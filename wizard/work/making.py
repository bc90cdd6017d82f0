"""Sends a waiting resource beneath a connection, once, and keeps what the answer says: as a base connection is sent."""

from collections.abc import Callable
from datetime import UTC, datetime
from typing import Any

from django.db import IntegrityError
from django.utils import timezone

from wizard.access.roles import Role
from wizard.connections.statuses import Status
from wizard.dataflows import tasks
from wizard.dataflows.completing import completed, startable
from wizard.dataflows.models import Resource, ResourceKind, ResourceStatus
from wizard.dataflows.planning import flow_spec_name
from wizard.dataflows.services import finish
from wizard.flow_service.client import FlowService
from wizard.flow_service.dataflow_items import MappingSet
from wizard.flow_service.datatypes import Created
from wizard.flow_service.errors import FlowServiceError
from wizard.organizations import breaker
from wizard.record.kinds import Kind
from wizard.record.models import Event
from wizard.reports import quietly
from wizard.values.client import client_of
from wizard.work import pauses
from wizard.work.causes import RESOURCE, because_of
from wizard.work.errors import NoLongerAllowed, TakenOver, demand_still, error_values, in_words, leaves_open
from wizard.work.finding import look_for
from wizard.work.outcomes import fail, keep_error
from wizard.work.trouble import is_held_back, note_outcome, nothing_sent_yet, probe

CREATES: dict[ResourceKind, Callable[..., Created | MappingSet]] = {
    ResourceKind.SOURCE_CONNECTION: FlowService.create_source_connection,
    ResourceKind.TARGET_CONNECTION: FlowService.create_target_connection,
    ResourceKind.MAPPING_SET: FlowService.create_mapping_set,
    ResourceKind.FLOW: FlowService.create_flow,
}
NOT_CONNECTED = "The connection is not connected any more. Nothing was sent."
MOVED = "Its start has passed or is too close: it starts as soon as it can, at {:%H:%M:%S} UTC."


class CannotMake(Exception):
    """It cannot be sent as things are."""


@quietly
@Event.objects.chained_together()
def make(pk: int) -> None:
    """Sends a waiting resource. Safe to run twice: only one run gets the claim, and only that one sends."""
    resource = Resource.objects.with_needs().get(pk=pk)
    if resource.status != ResourceStatus.WAITING or resource.waits_for or not resource.connection.is_reachable:
        return
    if is_held_back(resource):
        return
    with because_of(RESOURCE, resource.connection, "make"):
        _make(resource)


def _make(resource: Resource) -> None:
    try:
        if resource.claim():
            demand_still(resource.asked_by, Role.CONNECTOR, resource.connection)
            _send(resource)
            return
    except (CannotMake, NoLongerAllowed) as error:
        fail(resource, str(error))
    except TakenOver:
        # Its row is another one's business, and it says nothing about the Flow Service.
        pass
    breaker.release(resource.organization)


def _send(resource: Resource) -> None:
    if resource.connection.status != Status.CONNECTED:
        raise CannotMake(NOT_CONNECTED)
    try:
        created = _create(resource)
    except FlowServiceError as error:
        _note_trouble(resource, error)
        _keep_error(resource, error)
    else:
        note_outcome(resource.organization, None)
        keep_made(resource, created)


def _note_trouble(resource: Resource, error: FlowServiceError) -> None:
    """A mapping set is Data Prep's: trouble there must not hold back what goes to the Flow Service."""
    if resource.kind == ResourceKind.MAPPING_SET and resource.sent_at:
        breaker.release(resource.organization)
    else:
        note_outcome(resource.organization, error)


def _create(resource: Resource) -> Created | MappingSet:
    with client_of(resource.connection) as client:
        with nothing_sent_yet():
            if resource.organization.trouble_since:
                probe(client)
            body = _body(resource, client)
        create = CREATES[ResourceKind(resource.kind)]
        return create(client, body, before_send=lambda: _note_sending(resource, body))


def _body(resource: Resource, client: FlowService) -> dict[str, Any]:
    """As it is sent: of a dataflow with the ids of what it is made of, and of its flow spec as it is there now."""
    source, target, mapping = resource.source, resource.target, resource.mapping
    if source is None or target is None or mapping is None:
        return dict(resource.body)
    name = flow_spec_name(source)
    spec = client.find_flow_spec(name)
    if spec is None:
        raise CannotMake(f"Nothing was sent. Adobe has no flow spec “{name}” in this sandbox.")
    body = completed(
        resource.body,
        flow_spec={"id": spec.id, "version": spec.version},
        source_connection_id=source.remote_id,
        target_connection_id=target.remote_id,
        mapping={"mappingId": mapping.remote_id, "mappingVersion": mapping.version},
    )
    return startable(body, timezone.now())


def _note_sending(resource: Resource, body: dict[str, Any]) -> None:
    """What is kept says when it really starts."""
    schedule = body.get("scheduleParams")
    is_moved = schedule is not None and schedule != resource.body["scheduleParams"]
    values = {"body": {**resource.body, "scheduleParams": schedule}} if is_moved else {}
    words = MOVED.format(_moment(schedule["startTime"])) if schedule and is_moved else ""
    if not resource.mark_sent(words, **values):
        raise TakenOver


def _moment(seconds: int) -> datetime:
    return datetime.fromtimestamp(seconds, UTC)


def keep_made(resource: Resource, created: Created | MappingSet) -> None:
    """Nobody may lose sight of what exists at Adobe, even where the row has moved on."""
    values: dict[str, Any] = {"version": created.version} if isinstance(created, MappingSet) else {"etag": created.etag}
    try:
        if finish(resource, created.id, **values):
            return
    except IntegrityError:
        pass
    resource.note(Kind.LATE, f"An earlier attempt was answered after all: Adobe made {created.id}.")


def _keep_error(resource: Resource, error: FlowServiceError) -> None:
    if resource.kind == ResourceKind.MAPPING_SET and resource.sent_at and leaves_open(error):
        send_again(resource, str(error), in_words(error), **error_values(error))
    else:
        keep_error(resource, error, queue=tasks.make_later, look=look_for)


def send_again(resource: Resource, reason: str, words: str, **error: Any) -> None:
    """A mapping set that was not answered. No list of them is documented, so it cannot be looked up; and none uses one
    but the dataflow that names it: a second one lies there, and harms nothing.
    """
    if resource.put_backs >= len(pauses.UNSENT):
        resource.mark_failed(reason, **error)
    else:
        due_at = pauses.after(pauses.UNSENT[resource.put_backs])
        resource.put_back(
            f"It may be there, and a second one harms nothing, so it is sent again: {reason}", due_at, words
        )
