"""What happens at sign-in, on record: receives Django's and allauth's signals.

An event says how and for whom, never what was typed; somebody who has no account stays unnamed.
"""

from typing import Any

from allauth.account import signals as account
from allauth.account.authentication import get_authentication_records
from allauth.core import context
from allauth.mfa import signals as mfa
from allauth.mfa.models import Authenticator
from django.contrib.auth.signals import user_logged_out, user_login_failed
from django.dispatch import receiver
from django.http import HttpRequest

from wizard.people import floods
from wizard.people.models import User
from wizard.record.kinds import Kind
from wizard.record.models import Event

WAYS = {
    "password": "password",
    "socialaccount": "single sign-on",
    "totp": "authenticator app",
    "recovery_codes": "recovery code",
    "webauthn": "passkey",
}


def ways_of(request: HttpRequest, user: User) -> list[str]:
    """How somebody has shown in this session who they are: `["password", "authenticator app"]`."""
    records = get_authentication_records(request, user)
    # A confirmation later on is no part of the sign-in.
    used = [entry.get("type") or entry["method"] for entry in records if not entry.get("reauthenticated")]
    return list(dict.fromkeys(WAYS.get(way, way) for way in used))


def closed_account(request: HttpRequest, user: User) -> None:
    """Somebody has shown that they are this person, whose account is closed."""
    ways = ways_of(request, user)
    # Django has said so already.
    if ways != ["password"]:
        refused(user, "The account is closed", how=ways)


def refused(user: User | None, reason: str, how: list[str]) -> None:
    """A sign-in that led nowhere; `user` if an account was meant that exists, which the throttle keeps few."""
    if user is None:
        _refused_nobody(reason, how)
        return
    details = {"account": user.email, "how": how}
    Event.objects.create(kind=Kind.SIGN_IN_FAILED, actor=_confirming(user), message=reason, details=details)


def _confirming(user: User) -> User | None:
    """The person, if it is they who are signed in: then it was no sign-in, but that they confirm who they are."""
    return user if getattr(context.request, "user", None) == user else None


def _refused_nobody(reason: str, how: list[str]) -> None:
    """Many of them are told by their number alone."""
    count = floods.count_one()
    if not floods.is_told(count):
        return
    details: dict[str, Any] = {"how": how}
    if count > floods.ONE_BY_ONE:
        reason = f"{reason}: number {count} within this hour that is for no account. Most of them are not listed."
        details["number"] = count
    Event.objects.create(kind=Kind.SIGN_IN_FAILED, message=reason, details=details)


def sessions_ended(user: User, count: int) -> None:
    message = "Signed out elsewhere: " + ("1 session" if count == 1 else f"{count} sessions")
    Event.objects.create(kind=Kind.SESSIONS_ENDED, actor=user, message=message, details={"sessions": count})


def factor_taken(by: User, user: User, authenticator: Authenticator) -> None:
    """An administrator has removed it, for somebody who has lost it."""
    details = {"account": user.email, "factor": authenticator.type}
    message = f"{_named(authenticator)} of {user.email}"
    Event.objects.create(kind=Kind.FACTOR_REMOVED, actor=by, message=message, details=details)


@receiver(account.user_logged_in)
def _signed_in(request: HttpRequest, user: User, **_kwargs: Any) -> None:
    ways = ways_of(request, user)
    message = f"By {' and '.join(ways)}" if ways else ""
    Event.objects.create(kind=Kind.SIGNED_IN, actor=user, message=message, details={"how": ways})


@receiver(user_login_failed)
def _password_refused(credentials: dict[str, Any], **_kwargs: Any) -> None:
    typed = credentials.get("email") or ""
    user = User.objects.filter(email=typed.lower()).first()
    closed = user is not None and not user.is_active
    refused(user, "The account is closed" if closed else "E-mail and password do not belong together", ["password"])


@receiver(mfa.authentication_failed)
def _code_refused(user: User, authenticator: Authenticator, **_kwargs: Any) -> None:
    refused(user, "The code of the second step was not the right one", [WAYS[authenticator.type]])


@receiver(user_logged_out)
def _signed_out(user: User | None, **_kwargs: Any) -> None:
    if user is not None:
        Event.objects.create(kind=Kind.SIGNED_OUT, actor=user)


@receiver(account.password_changed)
def _password_changed(user: User, **_kwargs: Any) -> None:
    Event.objects.create(kind=Kind.PASSWORD_CHANGED, actor=user, message="All other sessions ended")


@receiver(account.password_set)
def _password_set(user: User, **_kwargs: Any) -> None:
    Event.objects.create(kind=Kind.PASSWORD_CHANGED, actor=user, message="The first password")


@receiver(account.password_reset)
def _password_reset(user: User, **_kwargs: Any) -> None:
    Event.objects.create(kind=Kind.PASSWORD_CHANGED, actor=user, message="By a link in a mail; all sessions ended")


@receiver(mfa.authenticator_added)
@receiver(mfa.authenticator_reset)
def _factor_added(user: User, authenticator: Authenticator, **_kwargs: Any) -> None:
    _factor(Kind.FACTOR_ADDED, user, authenticator)


@receiver(mfa.authenticator_removed)
def _factor_removed(user: User, authenticator: Authenticator, **_kwargs: Any) -> None:
    _factor(Kind.FACTOR_REMOVED, user, authenticator)


def _factor(kind: Kind, user: User, authenticator: Authenticator) -> None:
    details = {"factor": authenticator.type}
    Event.objects.create(kind=kind, actor=user, message=_named(authenticator), details=details)


def _named(authenticator: Authenticator) -> str:
    return WAYS[authenticator.type].capitalize() + ("s" if authenticator.type == "recovery_codes" else "")
