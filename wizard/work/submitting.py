"""Sends a waiting connection, once, and keeps what the answer says."""

from django.db import IntegrityError, transaction
from django.views.decorators.debug import sensitive_variables

from wizard.access.roles import Role
from wizard.catalog.loader import load_catalog
from wizard.connections import tasks
from wizard.connections.models import BaseConnection
from wizard.connections.statuses import Status
from wizard.flow_service.datatypes import Created
from wizard.flow_service.errors import FlowServiceError, NotSent
from wizard.organizations import breaker
from wizard.record.kinds import Kind
from wizard.record.models import Event
from wizard.reports import quietly
from wizard.values.client import client_of
from wizard.values.hiding import secrets_of
from wizard.values.request import create_body
from wizard.values.sendable import CannotCompose, sendable_params
from wizard.vault.keyring import CannotOpen
from wizard.vault.secret import Secret
from wizard.work.causes import CREATE, because_of
from wizard.work.errors import NoLongerAllowed, TakenOver, demand_still
from wizard.work.outcomes import fail, keep_error
from wizard.work.reconciling import reconcile
from wizard.work.trouble import UNKNOWN_SPEC, is_held_back, note_outcome, nothing_sent_yet, probe


@quietly
@Event.objects.chained_together()
def submit(pk: int) -> None:
    """Sends a waiting connection. Safe to run twice: only one run gets the claim, and only that one sends."""
    connection = BaseConnection.objects.select_related("organization").get(pk=pk)
    if connection.status != Status.WAITING or not connection.is_reachable or is_held_back(connection):
        return
    with because_of(CREATE, connection, "create"):
        _submit(connection)


def _submit(connection: BaseConnection) -> None:
    try:
        if connection.claim():
            demand_still(connection.asked_by or connection.created_by, Role.CONNECTOR, connection)
            _send(connection, sendable_params(connection))
            return
    except CannotOpen as error:
        fail(connection, f"The stored credentials do not open: {error}.")
    except CannotCompose as error:
        fail(connection, f"Nothing was sent. {error}")
    except NoLongerAllowed as error:
        fail(connection, str(error))
    except TakenOver:
        # Its row is another one's business, and it says nothing about the Flow Service.
        pass
    breaker.release(connection.organization)


@sensitive_variables()
def _send(connection: BaseConnection, params: Secret) -> None:
    try:
        created = _create(connection, params)
    except FlowServiceError as error:
        note_outcome(connection.organization, error)
        keep_error(connection, error, queue=tasks.submit_later, look=reconcile)
    else:
        note_outcome(connection.organization, None)
        keep_created(connection, created)


@sensitive_variables()
def _create(connection: BaseConnection, params: Secret) -> Created:
    """Sends what the row says, whatever has become of the catalog's file since."""
    spec_id, spec = connection.connection_spec_id, load_catalog().get(connection.source)
    connection_spec = {"id": spec_id, "version": connection.connection_spec_version}
    named = {"name": connection.name, "description": connection.description, "extras": connection.body_extras}
    body = create_body(connection_spec, connection.auth_spec_name, params.open(), **named)
    with client_of(connection, hide=secrets_of(connection, params)) as client:
        with nothing_sent_yet():
            if connection.organization.trouble_since:
                probe(client)
            if spec and spec.look_up_first and not client.list_connection_specs(spec_id=spec_id):
                raise NotSent("The Flow Service does not know this source's connection spec.", code=UNKNOWN_SPEC)
        return client.create_connection(body, before_send=lambda: _note_sending(connection))


def _note_sending(connection: BaseConnection) -> None:
    if not connection.mark_sent():
        raise TakenOver


def keep_created(connection: BaseConnection, created: Created) -> None:
    """Nobody may lose sight of what exists at Adobe, even where the row has moved on."""
    try:
        with transaction.atomic():
            if connection.mark_connected(created.id, created.etag):
                tasks.follow_later(connection.pk)
                return
    except IntegrityError:
        pass
    message = f"An earlier attempt was answered after all: Adobe made {created.id}."
    connection.events.create(kind=Kind.LATE, message=message)
