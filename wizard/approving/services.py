"""A person's decision about what another one has asked for. All is looked at anew where it is decided."""

from django.core.exceptions import PermissionDenied
from django.db import transaction

from wizard.approving.waiting import Ask, ask_of
from wizard.asking.wishes import NotNow
from wizard.connections import tasks
from wizard.connections.models import BaseConnection
from wizard.connections.statuses import ChangeStatus
from wizard.organizations.models import Sandbox
from wizard.people.models import User
from wizard.record.kinds import Kind

OWN = "You asked for this yourself: another person has to decide. You can withdraw it."
ANEW = "This was asked for anew after you had opened the page. Look at it again, then decide."
NOTHING = "Nothing waits for approval here any more."
ELSEWHERE = "This belongs to another Flow Service than the one that the wizard works with now."
CLOSED = "This sandbox takes no new connections at the moment. Approve it later, or reject it."
ENDINGS = {
    Kind.APPROVED: "has approved this already.",
    Kind.REJECTED: "has rejected this already.",
    Kind.WITHDRAWN: "has withdrawn this already.",
}


def approve(connection: BaseConnection, key: str, person: User) -> None:
    """Lets it go on, and queues the work, in one transaction. `key` is that of the ask which the person has seen.

    Raises PermissionDenied, and NotNow with the reason.
    """
    with transaction.atomic():
        ask = _decidable(connection, key, person)
        _check_asker(ask)
        _check_place(ask)
        if not _let_go_on(ask, person):
            raise NotNow(_overtaken(connection))
        _tell(ask)


def reject(connection: BaseConnection, key: str, person: User, reason: str) -> None:
    """Nothing is sent; its asker can correct a create, and ask again. Raises PermissionDenied, and NotNow."""
    with transaction.atomic():
        ask = _decidable(connection, key, person)
        if not _turn_down(ask, Kind.REJECTED, person, reason):
            raise NotNow(_overtaken(connection))
        _tell(ask)


def withdraw(connection: BaseConnection, key: str, person: User) -> None:
    """Its asker thinks better of it. Raises PermissionDenied, and NotNow."""
    with transaction.atomic():
        ask = _seen(connection, key)
        if not ask.is_of(person):
            raise PermissionDenied
        if not _turn_down(ask, Kind.WITHDRAWN, person):
            raise NotNow(_overtaken(connection))


def _seen(connection: BaseConnection, key: str) -> Ask:
    """What waits now, if it is what the person has seen."""
    rows = BaseConnection.objects.select_related("organization", "asked_by")
    ask = ask_of(rows.get(pk=connection.pk))
    if ask is None:
        raise NotNow(_overtaken(connection))
    if ask.key != key:
        raise NotNow(ANEW)
    return ask


def _decidable(connection: BaseConnection, key: str, person: User) -> Ask:
    """What waits now, if this person may decide it, as they are now."""
    ask, now = _seen(connection, key), User.objects.filter(pk=person.pk, is_active=True).first()
    if ask.is_of(person):
        raise NotNow(OWN)
    if now is None or not ask.may_be_decided_by(now):
        raise PermissionDenied
    return ask


def _check_asker(ask: Ask) -> None:
    """Two people stand for it only as long as the one who asked may ask for it."""
    asker = ask.asker
    if asker is None or not asker.is_active or not ask.is_for(asker):
        words = f"{asker} may not ask for this here any more, so that it cannot be approved."
        raise NotNow(f"{words} Reject it; whoever needs it can ask for it anew.")


def _check_place(ask: Ask) -> None:
    connection = ask.connection
    if not connection.is_reachable:
        raise NotNow(ELSEWHERE)
    here = Sandbox.objects.open_for_use().filter(organization=connection.organization, name=connection.sandbox_name)
    if ask.change is None and not here.exists():
        raise NotNow(CLOSED)


def _let_go_on(ask: Ask, person: User) -> bool:
    message = f"{ask.verb.capitalize()}."
    if ask.change is None:
        if not ask.connection.approve(person, message):
            return False
        tasks.submit_later(ask.connection.pk)
        return True
    if not ask.change.step(ChangeStatus.WAITING, (ChangeStatus.APPROVAL,), Kind.APPROVED, message, person):
        return False
    tasks.change_later(ask.change.pk)
    return True


def _turn_down(ask: Ask, kind: Kind, person: User, reason: str = "") -> bool:
    why = f": {reason}" if reason else "."
    message = f"{ask.verb.capitalize()}{why}"
    if ask.change is None:
        return ask.connection.turn_down(person, kind, message, f"{kind.label} by {person.email}{why}")
    return ask.change.step(ChangeStatus.WITHDRAWN, (ChangeStatus.APPROVAL,), kind, message, person)


def _tell(ask: Ask) -> None:
    tasks.tell_of_decision_later(ask.connection.pk, ask.change.pk if ask.change else None)


def _overtaken(connection: BaseConnection) -> str:
    """Who was faster, as far as the record tells."""
    asked = connection.events.filter(kind=Kind.APPROVAL_ASKED).last()
    since = connection.events.filter(kind__in=list(ENDINGS), pk__gt=asked.pk) if asked else connection.events.none()
    found = since.select_related("actor").first()
    return f"{found.actor} {ENDINGS[Kind(found.kind)]}" if found and found.actor else NOTHING
