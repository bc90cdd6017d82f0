"""Invitations: a link that works once, for a week, and as long as who sent it may still invite there."""

import logging
import secrets
from datetime import timedelta

from django.core.exceptions import PermissionDenied
from django.db import transaction
from django.db.models import QuerySet
from django.utils import timezone

from wizard import mailing
from wizard.access.giving import NotAllowed
from wizard.access.models import Grant, Invitation
from wizard.access.places import Place
from wizard.access.roles import Role
from wizard.access.rules import may
from wizard.people.models import User
from wizard.people.services import LinkClosed, digest
from wizard.record.kinds import Kind
from wizard.record.models import Event

log = logging.getLogger(__name__)

LIFETIME = timedelta(days=7)
HAS_ACCOUNT = (
    "This address has an account already. Give it another role on its own page; if it is not among the people whom you "
    "see, ask an administrator of this installation."
)


def invite(by: User, email: str, place: Place | None, role: Role) -> tuple[Invitation, str]:
    """The invitation, and the token of its link, which nobody can read again. Without a place: an administrator.

    A former invitation of that address ends with it, if the person could have sent that one, too. Raises
    PermissionDenied, and NotAllowed for an address that has an account.
    """
    token = secrets.token_urlsafe(32)
    new = Invitation(
        digest=digest(token),
        email=email.lower(),
        organization=place.organization if place else None,
        sandbox_name=place.sandbox_name if place else "",
        role=role,
        invited_by=by,
        expires_at=timezone.now() + LIFETIME,
    )
    if not _may_invite(by, new):
        raise PermissionDenied
    with transaction.atomic():
        if User.objects.filter(email=new.email).exists():
            raise NotAllowed(HAS_ACCOUNT)
        former = [one.pk for one in invitations_for(by) if one.email == new.email]
        open_invitations().filter(pk__in=former).update(closed_at=timezone.now())
        new.save()
        _record(Kind.INVITED, by, new)
    return new, token


def send(invitation: Invitation, link: str) -> bool:
    """By e-mail, at once, for the link is kept nowhere. False where no mail is set up, or it was not taken."""
    words = f"{invitation.invited_by} invites you to the Connection Wizard: {invitation.what}."
    body = f"{words}\n\nThis link makes your account, once, within a week:\n\n{link}\n"
    try:
        return mailing.send("An account for you in the Connection Wizard", body, [invitation.email]) == 1
    except OSError:
        log.warning("The invitation could not be mailed.", exc_info=True)
        return False


def _may_invite(by: User, invitation: Invitation) -> bool:
    if invitation.organization is None:
        return by.is_active and by.is_admin
    return by.is_active and may(by, Role.ADMIN, invitation.organization, invitation.sandbox_name)


def _record(kind: Kind, actor: User, invitation: Invitation) -> None:
    at = {"organization": invitation.organization, "sandbox_name": invitation.sandbox_name}
    Event.objects.create(kind=kind, actor=actor, message=f"{invitation}.", **at)


def open_invitations() -> QuerySet[Invitation]:
    return Invitation.objects.filter(used_at=None, closed_at=None, expires_at__gt=timezone.now())


def invitations_for(person: User) -> list[Invitation]:
    """Open ones that the person could have sent."""
    found = open_invitations().select_related("organization", "invited_by")
    return [invitation for invitation in found if _may_invite(person, invitation)]


def withdraw(by: User, invitation: Invitation) -> None:
    """From then on its link is closed."""
    with transaction.atomic():
        if open_invitations().filter(pk=invitation.pk).update(closed_at=timezone.now()):
            _record(Kind.INVITATION_CLOSED, by, invitation)


def invitation_of(token: str) -> Invitation:
    """The open invitation with this token. Raises LinkClosed."""
    found = open_invitations().select_related("organization", "invited_by").filter(digest=digest(token)).first()
    if found is None or not _may_invite(found.invited_by, found):
        raise LinkClosed
    return found


@transaction.atomic
def join(invitation: Invitation, user: User) -> User:
    """Saves the unsaved user with the role of the invitation, and uses that up. Raises LinkClosed.

    The conditional UPDATE decides between two browsers that come at once.
    """
    if not open_invitations().filter(pk=invitation.pk).update(used_at=timezone.now()):
        raise LinkClosed
    if User.objects.filter(email=invitation.email).exists():
        # Somebody else had invited the same address, and that link was used first.
        raise LinkClosed
    user.email, user.is_admin = invitation.email, invitation.organization is None
    user.save()
    if invitation.organization:
        at = {"organization": invitation.organization, "sandbox_name": invitation.sandbox_name}
        Grant.objects.create(person=user, role=invitation.role, **at)
    _record(Kind.JOINED, user, invitation)
    return user
