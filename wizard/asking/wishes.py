"""What a person wishes to be created: kept as a row that waits for a worker, or as a draft."""

import uuid
from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any

from django.db import IntegrityError, transaction
from django.utils import timezone
from django.views.decorators.debug import sensitive_variables

from wizard.catalog.datatypes import AuthSpec, ConnectionSpec
from wizard.connections import tasks
from wizard.connections.models import ASKED_FOR, BaseConnection, Submission
from wizard.connections.statuses import EventKind, Status
from wizard.organizations.models import Sandbox
from wizard.people.models import User
from wizard.values.destinations import destination_fingerprints
from wizard.values.request import body_extras
from wizard.vault.keyring import CannotOpen

LONGEST_NAME, LONGEST_DESCRIPTION = 255, 1000
MOST_DRAFTS = 50


class Secrets(dict[str, Any]):
    """Secrets on their way from the form to the vault: they do not show themselves."""

    def __repr__(self) -> str:
        return "<secrets>"


@dataclass(frozen=True)
class Wish:
    """A form: what is to be created. `params` are the auth.params of a valid one; of a draft its secrets by field.

    Its repr shows no secret, since that of `params` does not.
    """

    spec: ConnectionSpec
    auth_spec: AuthSpec | None
    sandbox: Sandbox
    name: str
    description: str
    params: Secrets
    form_values: dict[str, Any] = field(repr=False)
    submission_id: uuid.UUID


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

    `again` is a failed connection that is to be tried once more with these values; without one the form's draft, if it
    has any, becomes the connection.
    Raises NameTaken, SubmittedOtherwise, and NotNow when `again` is neither any more.
    """
    try:
        with transaction.atomic():
            _one_at_a_time(person)
            if earlier := Submission.objects.filter(pk=wish.submission_id).first():
                return _same(earlier.connection, wish)
            draft = draft_of(person, wish.submission_id)
            connection = _keep(person, wish, again or draft)
            Submission.objects.create(pk=wish.submission_id, connection=connection)
            if draft and draft.pk != connection.pk:
                draft.delete()
            tasks.submit_later(connection.pk)
            return connection
    except IntegrityError:
        if earlier := Submission.objects.filter(pk=wish.submission_id).first():
            return _same(earlier.connection, wish)
        raise NameTaken from None


def _one_at_a_time(person: User) -> None:
    """Until the transaction ends: a draft and the submit of its form must see each other."""
    User.objects.select_for_update().get(pk=person.pk)


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
    _fill(connection, wish)
    if again is None:
        connection.save()
        connection.events.create(kind=EventKind.ASKED, actor=person)
    elif not connection.ask(person):
        raise NotNow("This connection is not failed any more.")
    return connection


@sensitive_variables()
def _fill(connection: BaseConnection, wish: Wish) -> None:
    connection.organization, connection.sandbox_name = wish.sandbox.organization, wish.sandbox.name
    connection.name, connection.description = wish.name, wish.description
    connection.source, connection.source_label = wish.spec.slug, wish.spec.label
    connection.connection_spec_id, connection.connection_spec_version = wish.spec.id, wish.spec.version
    connection.auth_spec_name = wish.auth_spec.name if wish.auth_spec else ""
    connection.auth_spec_key = wish.auth_spec.key if wish.auth_spec else ""
    connection.body_extras = body_extras(wish.spec, wish.auth_spec)
    connection.seal("auth_params", dict(wish.params))
    connection.seal("form_values", wish.form_values)
    found = destination_fingerprints(wish.sandbox.organization, wish.spec.id, wish.auth_spec, wish.form_values)
    connection.destination = found[0] if found else ""


# --- Drafts: the row's uuid is the id of its form's submission, so that a form has one draft ---


@sensitive_variables()
def save_draft(person: User, wish: Wish) -> BaseConnection:
    """Keeps a form that is not finished, its secrets sealed. Raises NotNow if it was submitted meanwhile."""
    try:
        with transaction.atomic():
            _one_at_a_time(person)
            if Submission.objects.filter(pk=wish.submission_id).exists():
                raise NotNow("This form was sent already.")
            return _save_draft(person, wish)
    except IntegrityError:
        # The id is that of a row that is no draft of this person.
        raise NotNow("This form was sent already.") from None


@sensitive_variables()
def _save_draft(person: User, wish: Wish) -> BaseConnection:
    draft = draft_of(person, wish.submission_id) or BaseConnection(uuid=wish.submission_id, created_by=person)
    if draft._state.adding and BaseConnection.objects.drafts_of(person).count() >= MOST_DRAFTS:
        raise NotNow(f"You have {MOST_DRAFTS} drafts. Continue or discard one of them to keep another.")
    before = _content(draft)
    draft.status = Status.DRAFT
    _fill(draft, wish)
    draft.name, draft.description = draft.name[:LONGEST_NAME], draft.description[:LONGEST_DESCRIPTION]
    if draft.pk and _content(draft) == before:
        # What was found by a check still holds.
        return draft
    draft.stepped_at = timezone.now()
    if not _write(draft):
        raise NotNow("This form was sent already.")
    return draft


@sensitive_variables()
def _content(draft: BaseConnection) -> tuple[Any, ...]:
    """What a change of is a change of the draft."""
    if draft.auth_params is None:
        return ()
    try:
        sealed = (draft.unseal("auth_params"), draft.unseal("form_values"))
    except CannotOpen:
        return ()
    return (*sealed, draft.name, draft.description, draft.organization_id, draft.sandbox_name, draft.auth_spec_key)


def _write(draft: BaseConnection) -> bool:
    if draft._state.adding:
        draft.save()
        return True
    values: Mapping[str, Any] = {name: getattr(draft, name) for name in (*ASKED_FOR, "stepped_at")}
    return BaseConnection.objects.filter(pk=draft.pk, status=Status.DRAFT).update(**values) == 1


def draft_of(person: User, submission_id: uuid.UUID) -> BaseConnection | None:
    """The draft of that form, for the person whose it is."""
    return BaseConnection.objects.drafts_of(person).select_related("organization").filter(uuid=submission_id).first()


def discard_draft(person: User, submission_id: uuid.UUID) -> bool:
    """Forgets it, secrets and all. False if there is none."""
    deleted, _ = BaseConnection.objects.drafts_of(person).filter(uuid=submission_id).delete()
    return deleted > 0
