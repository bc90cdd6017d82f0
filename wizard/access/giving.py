"""Roles given and taken away, accounts closed and opened again: each on record, and none by oneself for oneself."""

from typing import Any

from allauth.usersessions.models import UserSession
from django.core.exceptions import PermissionDenied
from django.db import transaction
from django.db.models import Q, QuerySet

from wizard.access.models import Grant
from wizard.access.places import Place, places_run_by
from wizard.access.roles import Role
from wizard.access.rules import may
from wizard.people.models import User
from wizard.record.kinds import Kind
from wizard.record.models import Event


class NotAllowed(Exception):
    """What was asked for would do harm; the message says so to the person."""


def people_for(person: User) -> QuerySet[User]:
    """Everybody, for an administrator of the installation; else those with a role where the person is an admin."""
    if person.is_admin:
        return User.objects.all()
    return User.objects.filter(pk__in=grants_for(person).values("person"))


def grants_for(person: User) -> QuerySet[Grant]:
    """The roles that the person may see and take away."""
    if person.is_admin:
        return Grant.objects.all()
    found = Q(pk__in=())
    for place in places_run_by(person):
        here = Q(organization=place.organization)
        found |= here & Q(sandbox_name=place.sandbox_name) if place.sandbox_name else here
    return Grant.objects.filter(found)


@transaction.atomic
def give_role(by: User, person: User, place: Place, role: Role) -> Grant:
    """The role in that place, in place of the one that the person had there. Raises PermissionDenied, NotAllowed."""
    _check(by, person, place)
    at: dict[str, Any] = {"organization": place.organization, "sandbox_name": place.sandbox_name}
    grant, _ = Grant.objects.update_or_create(person=person, **at, defaults={"role": role})
    Event.objects.create(kind=Kind.ROLE_GIVEN, actor=by, message=f"{person}: {grant}.", **at)
    return grant


@transaction.atomic
def take_role(by: User, grant: Grant) -> None:
    """Raises PermissionDenied, NotAllowed."""
    _check(by, grant.person, Place(grant.organization, grant.sandbox_name))
    at = {"organization": grant.organization, "sandbox_name": grant.sandbox_name}
    Event.objects.create(kind=Kind.ROLE_TAKEN, actor=by, message=f"{grant.person}: {grant}.", **at)
    grant.delete()


def _check(by: User, person: User, place: Place) -> None:
    if not may(by, Role.ADMIN, place.organization, place.sandbox_name):
        raise PermissionDenied
    if by == person:
        raise NotAllowed("Your own role is for another admin to change.")


@transaction.atomic
def set_account(by: User, person: User, *, is_active: bool | None = None, is_admin: bool | None = None) -> None:
    """Closes or opens an account, or makes it an administrator's or a usual one: for administrators alone.

    Raises PermissionDenied, NotAllowed.
    """
    # Of two administrators that take each other's role away at once, one comes second, and has none any more.
    admins = {admin.pk for admin in User.objects.select_for_update().filter(is_admin=True, is_active=True)}
    # As the account is now: what another administrator did since the page was read stays done.
    person.refresh_from_db()
    if by.pk not in admins:
        raise PermissionDenied
    if by == person:
        raise NotAllowed("Your own account is for another administrator to change.")
    if is_active is not None and is_active != person.is_active:
        person.is_active = is_active
        Event.objects.create(
            kind=Kind.PERSON_OPENED if is_active else Kind.PERSON_CLOSED, actor=by, message=f"{person}."
        )
        if not is_active:
            _end_sessions(person)
    if is_admin is not None and is_admin != person.is_admin:
        person.is_admin = is_admin
        kind = Kind.ROLE_GIVEN if is_admin else Kind.ROLE_TAKEN
        Event.objects.create(kind=kind, actor=by, message=f"{person}: administrator of this installation.")
    person.save(update_fields=["is_active", "is_admin"])


def _end_sessions(person: User) -> None:
    """They would come back to life with the account."""
    for session in UserSession.objects.filter(user=person):
        session.end()
