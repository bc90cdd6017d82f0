"""On every request of somebody who is signed in: when the session ends, and whether a second factor is still owed."""

import logging
import time
from collections.abc import Callable
from typing import Any

from allauth.usersessions.models import UserSession
from django.conf import settings
from django.contrib.auth import logout
from django.core.exceptions import PermissionDenied
from django.db import DatabaseError
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect

from wizard.people.factors import has_second_factor
from wizard.storing import in_a_line, trouble_of

log = logging.getLogger(__name__)

BEGAN, SEEN = "began_at", "seen_at"
# Seconds between two notes of when a session was seen last; each costs a write.
NOTED_EVERY = 60
# On the monotonic clock: whoever has just waited in vain to note one waits for the next one later.
_try_again_at = 0.0
# What somebody needs to set up a second factor, and to leave.
OPEN_WITHOUT = {
    "account_logout",
    "account_reauthenticate",
    "mfa_activate_totp",
    "mfa_add_webauthn",
    "mfa_index",
    "mfa_reauthenticate",
    "mfa_reauthenticate_webauthn",
    "mfa_view_recovery_codes",
}


def end_sessions(get_response: Callable[[HttpRequest], HttpResponse]) -> Callable[[HttpRequest], HttpResponse]:
    """Ends a session that is SESSION_DAYS old. One that nobody uses ends by SESSION_COOKIE_AGE, from the last note."""

    def respond(request: HttpRequest) -> HttpResponse:
        if request.user.is_authenticated:
            _look_after(request)
        return get_response(request)

    return respond


def _look_after(request: HttpRequest) -> None:
    now, session = time.time(), request.session
    if now - session.get(BEGAN, now) > settings.SESSION_DAYS * 24 * 60 * 60:
        logout(request)
    elif not 0 <= now - session.get(SEEN, 0) <= NOTED_EVERY:
        _note_seen(request, now)


def _note_seen(request: HttpRequest, now: float) -> None:
    """Where nothing can be written, pages are shown all the same: the session then ends a little earlier."""
    global _try_again_at
    if time.monotonic() < _try_again_at:
        return
    try:
        # Also lists a session that began without allauth.
        UserSession.objects.create_from_request(request)
    except DatabaseError as error:
        if not trouble_of(error):
            raise
        _try_again_at = time.monotonic() + NOTED_EVERY
        log.warning("It cannot be noted when sessions were seen last. %s", in_a_line(error))
        return
    session = request.session
    # What began in the future, by a clock that was put back since, would last longer than others do.
    session[BEGAN], session[SEEN] = min(session.get(BEGAN, now), now), now


class SecondFactorMiddleware:
    """With REQUIRE_SECOND_FACTOR, leads whoever has none to where it is set up, before anything else."""

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponse]) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        return self.get_response(request)

    def process_view(
        self, request: HttpRequest, view: Callable[..., HttpResponse], _args: Any, _kwargs: Any
    ) -> HttpResponse | None:
        if not settings.REQUIRE_SECOND_FACTOR or not request.user.is_authenticated:
            return None
        name = request.resolver_match.url_name if request.resolver_match else None
        if name in OPEN_WITHOUT or not getattr(view, "login_required", True) or has_second_factor(request.user):
            return None
        if not request.accepts("text/html"):
            raise PermissionDenied("A second step has to be set up first.")
        return redirect("mfa_index")
