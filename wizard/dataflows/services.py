"""What a person can ask for on the way from a connection to its dataflow: kept and queued, and none waits for Adobe.

A worker goes that way. Every service raises NotNow where it cannot be done; its message says why.
"""

import uuid
from collections.abc import Collection, Mapping
from typing import Any

from django.db import IntegrityError, transaction

from wizard.connections.models import BaseConnection
from wizard.connections.queries import needs_approval
from wizard.connections.records import NO_ERROR
from wizard.connections.statuses import UNSEEN, NotNow, Status
from wizard.dataflows import tasks
from wizard.dataflows.bodies import leads_to_target
from wizard.dataflows.keeping import keep_once
from wizard.dataflows.models import Resource, ResourceStatus, Selection
from wizard.dataflows.planning import planned_dataflow, planned_source, planned_target
from wizard.dataflows.schedules import Schedule
from wizard.people.models import User
from wizard.record.kinds import Kind

NOT_CONNECTED = "Only a connection that exists at Adobe leads on from here."
APPROVAL = (
    "This sandbox asks for a second person’s approval, and for dataflows nobody is asked here. "
    "Take the requests along, or ask an admin of the sandbox."
)
NO_SOURCE = "This connection leads to a dataset: there is nothing behind it that a dataflow could take."
NOT_MADE = "Its source connection was not made. Try that one again first."
NO_COLUMNS = "Nothing is known of the columns of its source connection. Choose columns, and make another one."
NONE_OF_THEM = "A person found that nothing was made. It is safe to try again."


def start_source_connection(
    person: User,
    connection: BaseConnection,
    *,
    name: str,
    description: str,
    selection: Selection,
    submission_id: uuid.UUID,
) -> Resource:
    """Asks for a source connection of what was chosen. The same form twice makes one."""
    _demand_connected(connection)
    if selection.connection_id != connection.pk or leads_to_target(connection.connection_spec_id):
        raise NotNow(NO_SOURCE)
    row = planned_source(connection, name, description, selection)
    row.submission_id = submission_id
    return keep_once(person, row)


def start_target_connection(
    person: User,
    connection: BaseConnection,
    *,
    name: str,
    description: str,
    dataset_id: str,
    schema_id: str,
    submission_id: uuid.UUID,
) -> Resource:
    """Asks for a target connection to a dataset, whatever the connection is. The same form twice makes one."""
    _demand_connected(connection)
    row = planned_target(connection, name, description, dataset_id, schema_id)
    row.submission_id = submission_id
    return keep_once(person, row)


def start_dataflow(
    person: User,
    connection: BaseConnection,
    *,
    name: str,
    description: str,
    source: Resource,
    dataset_id: str,
    schema_id: str,
    schema_prefix: str,
    schedule: Schedule,
    delta_column: str,
    submission_id: uuid.UUID,
) -> Resource:
    """Asks for a dataflow from that source connection, and for what it needs: a target connection to the dataset, and
    a mapping set that takes each chosen column to the field of its name below `schema_prefix`. Each waits for what it
    needs. The same form twice makes one.
    """
    _demand_connected(connection)
    if source.connection_id != connection.pk or source.status == ResourceStatus.FAILED:
        raise NotNow(NOT_MADE)
    if not source.selected.get("columns"):
        raise NotNow(NO_COLUMNS)
    to = {"dataset_id": dataset_id, "schema_id": schema_id, "schema_prefix": schema_prefix}
    rows = planned_dataflow(source, name, description, schedule=schedule, delta_column=delta_column, **to)
    rows[-1].submission_id = submission_id
    return keep_once(person, *rows)


def try_again(person: User, resource: Resource) -> None:
    """Asks once more for what failed: for the resource, and for what it waits for. What was made stays as it is."""
    _demand_connected(resource.connection)
    chain = [*resource.waits_for, resource]
    with transaction.atomic():
        again = [row for row in chain if row.status == ResourceStatus.FAILED and row.ask_again(person)]
        if not again:
            raise NotNow("Nothing of this has failed.")
        for row in chain:
            if row not in again:
                row.take_over(person)
        for row in again:
            if not row.waits_for:
                tasks.make_later(row.pk)


def look_again(person: User, resource: Resource) -> None:
    """Has what was not answered looked up at Adobe now."""
    with transaction.atomic():
        if not resource.can_be_looked_up or not resource.ask_for_look(person):
            raise NotNow(f"The outcome of this {resource.get_kind_display().lower()} is known.")
        tasks.look_for_later(resource.pk)


def choose_candidate(person: User, resource: Resource, candidate_id: str, seen: Collection[str]) -> None:
    """A person says which of several at Adobe this one is; "" for none of those that they have `seen`, all of which
    that has to be. Nothing is sent.
    """
    candidates = {candidate["id"]: candidate for candidate in resource.candidates}
    if not resource.can_be_chosen or (candidate_id and candidate_id not in candidates):
        raise NotNow("There is nothing to choose any more.")
    if not candidate_id and set(seen) != set(candidates):
        raise NotNow(UNSEEN)
    try:
        with transaction.atomic():
            words = f"It is {candidate_id}." if candidate_id else "It is none of those that were found."
            resource.note(Kind.CHOSEN, words, person)
            if not _settle(resource, candidates.get(candidate_id)):
                raise NotNow("There is nothing to choose any more.")
    except IntegrityError:
        raise NotNow("That one belongs to another row by now. Look again.") from None


def _settle(resource: Resource, candidate: Mapping[str, Any] | None) -> bool:
    if candidate is None:
        return resource.mark_failed(NONE_OF_THEM, **{**NO_ERROR, "error_message": NONE_OF_THEM})
    return finish(resource, candidate["id"], candidate["etag"], reason="Chosen by a person.")


def finish(resource: Resource, remote_id: str, etag: str = "", version: int | None = None, reason: str = "") -> bool:
    """It exists at Adobe: the dataflows that it is a part of go on. Raises IntegrityError as `mark_made` does."""
    with transaction.atomic():
        if not resource.mark_made(remote_id, etag, version, reason):
            return False
        # Ready or not: which of them are is seen when this has committed, whatever is made at the same moment.
        for dataflow in Resource.objects.that_need(resource).filter(status=ResourceStatus.WAITING):
            tasks.make_later(dataflow.pk)
        return True


def _demand_connected(connection: BaseConnection) -> None:
    if connection.status != Status.CONNECTED or not connection.is_reachable:
        raise NotNow(NOT_CONNECTED)
    if needs_approval(connection):
        raise NotNow(APPROVAL)
