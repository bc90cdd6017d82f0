"""What a person can ask for. Each keeps its row and queues the work in one transaction; none waits for Adobe."""

import uuid
from dataclasses import dataclass
from typing import Any

from django.conf import settings
from django.db import IntegrityError, transaction
from django.views.decorators.debug import sensitive_variables

from wizard.catalog.datatypes import AuthSpec, ConnectionSpec
from wizard.connection_strings.pattern import ConnectionStringError
from wizard.connections import tasks
from wizard.connections.models import BaseConnection, Submission
from wizard.connections.request import Preview, Target, body_extras, preview
from wizard.connections.statuses import EventKind, Status
from wizard.credentials.auth_form import auth_form_class
from wizard.credentials.params import placeholder, shown_params
from wizard.flow_service.explanations import Explanation, explain
from wizard.organizations.models import Organization, Sandbox
from wizard.people.models import User
from wizard.sources.offered import connection_spec
from wizard.vault.keyring import CannotOpen

CREDENTIALS = ("auth_params", "form_values")


@dataclass(frozen=True)
class Wish:
    """A valid form: what is to be created. Its repr shows no secret, since that of `params` does not."""

    spec: ConnectionSpec
    auth_spec: AuthSpec | None
    sandbox: Sandbox
    name: str
    description: str
    params: "Secrets"
    form_values: dict[str, Any]
    submission_id: uuid.UUID


class Secrets(dict[str, Any]):
    """auth.params on their way from the form to the vault: they do not show themselves."""

    def __repr__(self) -> str:
        return "<auth params>"


class NameTaken(Exception):
    """Another connection of that sandbox took the name first."""


class SubmittedOtherwise(Exception):
    """This form was submitted before, with other values; `connection` is what came of it."""

    def __init__(self, connection: BaseConnection) -> None:
        super().__init__(str(connection.uuid))
        self.connection = connection


class NotNow(Exception):
    """The connection is not in a state for that; the message says so to the person."""


@sensitive_variables()
def start_connection(person: User, wish: Wish, again: BaseConnection | None = None) -> BaseConnection:
    """Keeps the wish as a row, its credentials sealed, and queues the create. The same form twice makes one row.

    `again` is a failed connection that is to be tried once more with these values.
    Raises NameTaken, SubmittedOtherwise, and NotNow when `again` is not failed any more.
    """
    if earlier := Submission.objects.filter(pk=wish.submission_id).first():
        return _same(earlier.connection, wish)
    try:
        with transaction.atomic():
            connection = _keep(person, wish, again)
            Submission.objects.create(pk=wish.submission_id, connection=connection)
            tasks.submit_later(connection.pk)
            return connection
    except IntegrityError:
        if earlier := Submission.objects.filter(pk=wish.submission_id).first():
            return _same(earlier.connection, wish)
        raise NameTaken from None


@sensitive_variables()
def _same(connection: BaseConnection, wish: Wish) -> BaseConnection:
    try:
        kept = connection.unseal("auth_params")
    except CannotOpen:
        kept = None
    place = (connection.source, connection.organization_id, connection.sandbox_name)
    wanted = (wish.spec.slug, wish.sandbox.organization_id, wish.sandbox.name)
    values = (connection.name, connection.description, kept)
    if place != wanted or values != (wish.name, wish.description, dict(wish.params)):
        raise SubmittedOtherwise(connection)
    return connection


@sensitive_variables()
def _keep(person: User, wish: Wish, again: BaseConnection | None) -> BaseConnection:
    connection = again or BaseConnection(created_by=person)
    connection.organization, connection.sandbox_name = wish.sandbox.organization, wish.sandbox.name
    connection.name, connection.description = wish.name, wish.description
    connection.source, connection.source_label = wish.spec.slug, wish.spec.label
    connection.connection_spec_id, connection.connection_spec_version = wish.spec.id, wish.spec.version
    connection.auth_spec_name = wish.auth_spec.name if wish.auth_spec else ""
    connection.auth_spec_key = wish.auth_spec.key if wish.auth_spec else ""
    connection.body_extras = body_extras(wish.spec, wish.auth_spec)
    connection.seal("auth_params", dict(wish.params))
    connection.seal("form_values", wish.form_values)
    if again is None:
        connection.save()
        connection.events.create(kind=EventKind.ASKED, actor=person)
    elif not connection.ask_again(person):
        raise NotNow("This connection is not failed any more.")
    return connection


def request_test(connection: BaseConnection, person: User) -> None:
    """Queues Adobe's connectivity test. Raises NotNow unless the connection is connected and reachable."""
    if not can_test(connection):
        raise NotNow("Only a connected connection can be tested.")
    with transaction.atomic():
        if connection.ask_for_test(person):
            tasks.test_later(connection.pk)


def request_look(connection: BaseConnection, person: User) -> None:
    """Queues another look for a create whose outcome is unknown. Raises NotNow in any other state."""
    if not can_look_again(connection):
        raise NotNow("The outcome of this connection is known.")
    with transaction.atomic():
        if connection.ask_for_look(person):
            tasks.reconcile_later(connection.pk)


def is_reachable(connection: BaseConnection) -> bool:
    """False for a practice connection at Adobe, and the other way round: it belongs to another Flow Service."""
    return connection.organization.is_practice == settings.PRACTICE


def can_test(connection: BaseConnection) -> bool:
    return connection.status == Status.CONNECTED and is_reachable(connection)


def can_look_again(connection: BaseConnection) -> bool:
    return connection.status == Status.UNKNOWN and is_reachable(connection)


def can_try_again(connection: BaseConnection) -> bool:
    return connection.status == Status.FAILED and is_reachable(connection)


def explanation(connection: BaseConnection) -> Explanation | None:
    """What happened, who can mend it and how; None where there is nothing for a person to do yet, or to explain."""
    if not connection.needs_attention or connection.is_being_looked_up or not connection.error_kind:
        return None
    return explain(code=connection.error_code, status=connection.error_status, error=connection.error_kind)


def organization_for(target: str = "", organization: str = "") -> Organization | None:
    """That of a chosen sandbox (its key, as a form has it), else that with this uuid, else the first one in reach."""
    reachable = Organization.objects.reachable()
    found = None
    if target.isascii() and target.isdigit() and len(target) < 19:
        found = reachable.filter(sandboxes__pk=target).first()
    if found is None and organization:
        try:
            found = reachable.filter(uuid=uuid.UUID(organization)).first()
        except ValueError:
            found = None
    return found or reachable.first()


def form_values(connection: BaseConnection) -> dict[str, Any]:
    """What its form was filled with, secrets aside; less, if the sealed values do not open."""
    try:
        typed = connection.unseal("form_values")
    except CannotOpen:
        typed = {}
    sandbox = Sandbox.objects.filter(organization=connection.organization, name=connection.sandbox_name).first()
    return {**typed, "name": connection.name, "description": connection.description, "target": sandbox and sandbox.pk}


def target(organization: Organization | None = None, sandbox_name: str = "") -> Target:
    """What a preview says about where its request goes; placeholders where that is not chosen yet."""
    if organization is None:
        return Target(settings.FLOW_SERVICE_URL)
    return Target(settings.FLOW_SERVICE_URL, organization.ims_org_id, organization.client_id, sandbox_name)


def request_of(connection: BaseConnection) -> Preview | None:
    """The request that made (or was to make) the connection, as its row has it; None if its fields are not known."""
    spec = connection_spec(connection.organization, connection.source)
    ways = {auth.key: auth for auth in spec.auth_specs} if spec else {}
    auth_spec = ways.get(connection.auth_spec_key)
    if auth_spec is None and connection.auth_spec_name:
        return None
    try:
        params = _shown_params(connection, auth_spec)
    except ConnectionStringError:
        # The pattern has changed since.
        return None
    return preview(
        target(connection.organization, connection.sandbox_name),
        {"id": connection.connection_spec_id, "version": connection.connection_spec_version},
        connection.auth_spec_name,
        params,
        name=connection.name,
        description=connection.description,
        extras=connection.body_extras,
        pasted_param=auth_spec.pasted_param.name if auth_spec and auth_spec.pasted_param else "",
    )


def _shown_params(connection: BaseConnection, auth_spec: AuthSpec | None) -> dict[str, Any]:
    if auth_spec is None:
        return {}
    values = form_values(connection)
    initial = {name.removeprefix("auth.params."): value for name, value in values.items()}
    shown: list[tuple[str, str]] = [(key, value) for key, value in values.get("pasted", ())]
    hidden = [(key, placeholder(key)) for key in values.get("pasted_secrets", ())]
    wire_values = auth_form_class(auth_spec)(initial=initial).wire_values()
    return shown_params(auth_spec, wire_values, values.get("given", ()), (*shown, *hidden))
