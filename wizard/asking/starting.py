"""A wish becomes a connection: kept as a row that waits for a worker, or for approval, once for each form."""

from django.db import IntegrityError, transaction
from django.views.decorators.debug import sensitive_variables

from wizard.asking.drafts import draft_of
from wizard.asking.services import note_approval_asked
from wizard.asking.wishes import NotNow, Wish, fill, one_at_a_time
from wizard.connections import tasks
from wizard.connections.models import BaseConnection, Submission
from wizard.connections.queries import needs_approval
from wizard.connections.statuses import Keeps, Status
from wizard.people.models import User
from wizard.record.kinds import Kind
from wizard.vault.keyring import CannotOpen
from wizard.vault.secret import Secret


class NameTaken(Exception):
    """Another connection of that sandbox took the name first."""


class SubmittedOtherwise(Exception):
    """This form was submitted before, with other values; `connection` is what came of it."""

    def __init__(self, connection: BaseConnection) -> None:
        super().__init__(str(connection.uuid))
        self.connection = connection


@sensitive_variables()
def start_connection(person: User, wish: Wish, again: BaseConnection | None = None) -> BaseConnection:
    """Keeps the wish as a row, its credentials sealed, and queues the create. The same form twice makes one row.

    In a sandbox that asks for approval nothing is queued: the row waits for another person.
    `again` is a failed connection that is to be tried once more with these values; without one the form's draft, if it
    has any, becomes the connection.
    Raises NameTaken, SubmittedOtherwise, and NotNow when `again` is neither any more.
    """
    try:
        with transaction.atomic():
            one_at_a_time(person)
            if earlier := _earlier(person, wish):
                return _same(earlier, wish)
            draft = draft_of(person, wish.submission_id)
            connection = _keep(person, wish, again or draft)
            Submission.objects.create(pk=wish.submission_id, connection=connection)
            if draft and draft.pk != connection.pk:
                draft.delete()
            _hand_on(connection, person)
            return connection
    except IntegrityError:
        if earlier := _earlier(person, wish):
            return _same(earlier, wish)
        raise NameTaken from None


def _earlier(person: User, wish: Wish) -> BaseConnection | None:
    """What this form has made before. Raises NotNow where another person's form has that id: it tells nothing of it."""
    # Nearly always there is none: what belongs to it is not asked for along with it.
    found = Submission.objects.filter(pk=wish.submission_id).first()
    if found is None:
        return None
    connection = found.connection
    if person.pk not in (connection.created_by_id, connection.asked_by_id):
        raise NotNow("This form was sent already.")
    return connection


@sensitive_variables()
def _same(connection: BaseConnection, wish: Wish) -> BaseConnection:
    try:
        is_same = _has_credentials_of(connection, wish)
    except CannotOpen:
        is_same = False
    place = (connection.source, connection.organization_id, connection.sandbox_name)
    wanted = (wish.spec.slug, wish.sandbox.organization_id, wish.sandbox.name)
    texts = (connection.name, connection.description)
    if place != wanted or texts != (wish.name, wish.description) or not is_same:
        raise SubmittedOtherwise(connection)
    return connection


@sensitive_variables()
def _has_credentials_of(connection: BaseConnection, wish: Wish) -> bool:
    """Of what is not kept any more only what was typed beside it tells. Raises CannotOpen."""
    if connection.keeps == Keeps.SEALED:
        return connection.unseal("auth_params") == wish.params
    is_erased = connection.auth_params is None
    is_same = is_erased or connection.unseal("auth_params") == wish.params
    return is_same and connection.keeps == wish.keeps and connection.unseal("form_values") == Secret(wish.form_values)


@sensitive_variables()
def _keep(person: User, wish: Wish, again: BaseConnection | None) -> BaseConnection:
    if again and again.status == Status.FAILED and not _stays(again, wish):
        # Its history belongs to its place: who sees that one need not see the other one.
        again = None
    connection = again or BaseConnection(created_by=person, asked_by=person)
    fill(connection, wish)
    status = Status.APPROVAL if needs_approval(connection) else Status.WAITING
    if again is None:
        connection.status = status
        connection.save()
        connection.events.create(kind=Kind.ASKED, actor=person, message=wish.words)
    elif not connection.ask(person, status, wish.words):
        raise NotNow("This connection is not failed any more.")
    return connection


def _stays(again: BaseConnection, wish: Wish) -> bool:
    place = (wish.sandbox.organization_id, wish.sandbox.name)
    return (again.organization_id, again.sandbox_name) == place


def _hand_on(connection: BaseConnection, person: User) -> None:
    if connection.status == Status.APPROVAL:
        note_approval_asked(connection, person)
    else:
        tasks.submit_later(connection.pk)
