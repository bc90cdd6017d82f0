"""How allauth behaves here: who may come in, where it leads, what it mails, how sessions end."""

import logging
import unicodedata
from collections.abc import Iterable
from typing import Any

from allauth.account.adapter import DefaultAccountAdapter
from allauth.core import context
from allauth.core.exceptions import ImmediateHttpResponse
from allauth.usersessions.adapter import DefaultUserSessionsAdapter
from allauth.usersessions.models import UserSession
from django.conf import settings
from django.contrib.auth.models import AnonymousUser
from django.http import HttpRequest, HttpResponse
from django.urls import reverse
from django.utils.http import url_has_allowed_host_and_scheme

from wizard.people import recording
from wizard.people.models import User

_log = logging.getLogger(__name__)


class AccountAdapter(DefaultAccountAdapter):
    error_messages = DefaultAccountAdapter.error_messages | {
        "email_password_mismatch": "E-mail and password do not belong together, or there is no such account.",
        "enter_current_password": "This is not your current password.",
        "incorrect_password": "This is not your password.",
        "incorrect_code": "This code is not the right one, or no longer. Type the one that is shown now.",
        "too_many_login_attempts": "Too many failed attempts. Wait five minutes, then try again.",
        "rate_limited": "Too many attempts. Wait five minutes, then try again.",
    }

    def is_open_for_signup(self, _request: HttpRequest) -> bool:
        """Never: the first person comes by the link that the first start prints."""
        return False

    def is_safe_url(self, url: str | None) -> bool:
        """Only what stays here: a path, without a character that a browser would drop or turn into another."""
        if not url or any(unicodedata.category(letter) == "Cc" for letter in url):
            return False
        return url_has_allowed_host_and_scheme(url, allowed_hosts=None)

    def pre_login(self, request: HttpRequest, user: User, **kwargs: Any) -> HttpResponse | None:
        """A closed account ends here, whichever way it came in."""
        if not user.is_active:
            recording.closed_account(request, user)
        return super().pre_login(request, user, **kwargs)

    def login(self, request: HttpRequest, user: User) -> None:
        """Nor does one begin a session that was closed while its second step was asked for."""
        if not user.is_active:
            recording.closed_account(request, user)
            raise ImmediateHttpResponse(self.respond_user_inactive(request, user))
        super().login(request, user)

    def _get_login_attempts_cache_key(self, _request: HttpRequest, **credentials: Any) -> str:
        """By the account alone: allauth puts the host before it, and a request may name that with any port."""
        return str(credentials.get("email", "")).lower()

    def get_password_change_redirect_url(self, _request: HttpRequest) -> str:
        return reverse("account")

    def get_reauthentication_methods(self, user: User | AnonymousUser) -> list[dict[str, Any]]:
        """allauth's, without the password where nobody signs in by one."""
        methods = super().get_reauthentication_methods(user)
        hidden = reverse("account_reauthenticate") if settings.OIDC_ONLY else None
        return [method | {"description": _WAYS[method["id"]]} for method in methods if method["url"] != hidden]

    def is_reauthentication_required(self, *, app: str, **kwargs: Any) -> bool:
        """Not of somebody who has nothing but the provider to show who they are."""
        has_way = bool(self.get_reauthentication_methods(context.request.user))
        return has_way and super().is_reauthentication_required(app=app, **kwargs)

    def send_mail(self, template_prefix: str, email: str, context: dict[str, Any]) -> None:
        """Sends it if mail is set up. A server that does not take it is a line in the log, and no other answer."""
        if not settings.EMAIL_IS_SET:
            return
        try:
            super().send_mail(template_prefix, email, context)
        except OSError as error:
            _log.warning("A mail (%s) could not be sent: %s", template_prefix, type(error).__name__)


_WAYS = {
    "reauthenticate": "Use your password",
    "mfa_reauthenticate": "Use a code",
    "mfa_reauthenticate:webauthn": "Use a passkey",
}


class SessionsAdapter(DefaultUserSessionsAdapter):
    def end_sessions(self, sessions: Iterable[UserSession]) -> None:
        """Ends them, and says so on record."""
        ended = list(sessions)
        super().end_sessions(ended)
        if ended:
            recording.sessions_ended(ended[0].user, len(ended))
