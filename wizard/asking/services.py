"""What a person can ask for about a connection. Each keeps it and queues the work at once; none waits for Adobe."""

from collections.abc import Collection, Mapping
from typing import Any

from django.db import IntegrityError, transaction

from wizard.access.roles import Role
from wizard.access.rules import organizations_for
from wizard.asking.wishes import NotNow
from wizard.catalog.datatypes import AuthSpec
from wizard.connections import tasks
from wizard.connections.changes import UNDER_WAY
from wizard.connections.models import NO_ERROR, BaseConnection, Change
from wizard.connections.statuses import UNSEEN
from wizard.organizations.models import Organization, Sandbox
from wizard.parsing import uuid_in, whole_number
from wizard.people.models import User
from wizard.record.kinds import Kind
from wizard.values.destinations import destination_hash
from wizard.values.typed import typed_values

MOST_ALIKE = 5
NONE_OF_THEM = "A person found that nothing was made. It is safe to try again."


def request_test(connection: BaseConnection, person: User) -> None:
    """Queues a test; of what is not connected the part that creates nothing. Raises NotNow where none can be made."""
    if not connection.can_be_tested:
        raise NotNow("This connection cannot be tested at the moment.")
    with transaction.atomic():
        if connection.ask_for_test(person):
            tasks.test_later(connection.pk)


def request_look(connection: BaseConnection, person: User) -> None:
    """Queues another look for a create whose outcome is unknown. Raises NotNow in any other state."""
    if not connection.can_be_looked_up:
        raise NotNow("The outcome of this connection is known.")
    with transaction.atomic():
        if connection.ask_for_look(person):
            tasks.reconcile_later(connection.pk)


def choose_candidate(connection: BaseConnection, candidate_id: str, person: User, seen: Collection[str]) -> None:
    """A person says which of several connections at Adobe this one is; "" for none of those that they have `seen`.

    Nothing is sent. Raises NotNow if it is not left to a person, if that one is not among them or another one's by now,
    or if not all of them were seen.
    """
    candidates = {candidate["id"]: candidate for candidate in connection.candidates}
    if not connection.can_be_chosen or (candidate_id and candidate_id not in candidates):
        raise NotNow("There is nothing to choose any more.")
    if not candidate_id and set(seen) != set(candidates):
        raise NotNow(UNSEEN)
    try:
        with transaction.atomic():
            words = f"It is {candidate_id}." if candidate_id else "It is none of those that were found."
            connection.events.create(kind=Kind.CHOSEN, message=words, actor=person)
            if not _settle(connection, candidates.get(candidate_id)):
                raise NotNow("There is nothing to choose any more.")
    except IntegrityError:
        raise NotNow("That one belongs to another connection by now. Look again.") from None


def _settle(connection: BaseConnection, candidate: Mapping[str, Any] | None) -> bool:
    if candidate is None:
        return connection.mark_failed(NONE_OF_THEM, **{**NO_ERROR, "error_message": NONE_OF_THEM})
    state = str(candidate["state"])[:40]
    if not connection.mark_connected(candidate["id"], candidate["etag"], "Chosen by a person.", remote_state=state):
        return False
    tasks.follow_later(connection.pk)
    return True


def note_approval_asked(connection: BaseConnection, person: User | None) -> None:
    """Another person has to agree first: those who may are told."""
    message = f"Another person has to approve it: the sandbox {connection.sandbox_name} asks for that."
    connection.events.create(kind=Kind.APPROVAL_ASKED, message=message, actor=person)
    tasks.tell_of_ask_later(connection.pk)


def change_under_way(connection: BaseConnection) -> Change | None:
    return connection.changes.filter(status__in=UNDER_WAY).first()


def alike(
    sandbox: Sandbox | None, spec_id: str, auth_spec: AuthSpec | None, typed: Mapping[str, Any]
) -> list[BaseConnection]:
    """Connections of that sandbox that lead to the same destination, the newest first."""
    if sandbox is None:
        return []
    found = destination_hash(sandbox.organization, spec_id, auth_spec, typed)
    return list(BaseConnection.objects.alike(found, sandbox.organization_id, sandbox.name)[:MOST_ALIKE])


def organization_for(person: User, target: str = "", organization: str = "") -> Organization | None:
    """That of a chosen sandbox (its key, as a form has it), else that with this uuid, else the first one in reach.

    Of those alone in which the person may connect; of those that are left to us, an open one first.
    """
    reachable = organizations_for(person, Role.CONNECTOR).reachable()
    found = None
    if (sandbox := whole_number(target)) is not None:
        found = reachable.filter(sandboxes__pk=sandbox).first()
    if found is None and (uuid := uuid_in(organization)):
        found = reachable.filter(uuid=uuid).first()
    return found or reachable.open_for_use().first() or reachable.first()


def form_values(connection: BaseConnection) -> dict[str, Any]:
    """What its form was filled with, secrets aside, with the sandbox as a form has it."""
    sandbox = Sandbox.objects.filter(organization=connection.organization, name=connection.sandbox_name).first()
    return {**typed_values(connection), "target": sandbox and sandbox.pk, "keeps": connection.keeps}
