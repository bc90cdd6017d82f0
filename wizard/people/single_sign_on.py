"""Sign-in at the one OpenID provider of the settings: who gets in, and which hosts are spoken to."""

import logging
from typing import Any
from urllib.parse import urlsplit

import requests
from allauth.core.exceptions import ImmediateHttpResponse
from allauth.socialaccount.adapter import DefaultSocialAccountAdapter
from allauth.socialaccount.models import SocialLogin
from allauth.socialaccount.providers.base import AuthError, Provider
from allauth.socialaccount.providers.oauth2.client import OAuth2Error
from django.conf import settings
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render

from wizard.flow_service.deadline import attempting
from wizard.flow_service.http import Session
from wizard.people import recording
from wizard.people.models import User

TIMEOUT = 10.0  # seconds, for a whole call
ERROR_PAGE = "socialaccount/authentication_error.html"
HOW = ["single sign-on"]

_log = logging.getLogger(__name__)


class Untrustworthy(OAuth2Error):
    """What the provider sent is not what it should be; in our words, so that it can stand in the log."""


class IssuerSession(Session):
    """Speaks to the hosts of the settings alone: the issuer's, and those of OIDC_HOSTS. Follows no redirect."""

    def request(self, method: str, url: str, *args: Any, **kwargs: Any) -> requests.Response:  # type: ignore[override]
        """Raises requests.RequestException, also for a host that is not ours to ask."""
        if urlsplit(url).netloc not in hosts():
            raise requests.exceptions.InvalidURL("This host is neither the issuer's nor in OIDC_HOSTS.")
        with attempting(TIMEOUT):
            return super().request(method, url, *args, **kwargs | {"timeout": TIMEOUT, "allow_redirects": False})


def hosts() -> set[str]:
    return {urlsplit(settings.OIDC_ISSUER).netloc, *settings.OIDC_HOSTS}


class SingleSignOnAdapter(DefaultSocialAccountAdapter):
    def is_open_for_signup(self, _request: HttpRequest, _sociallogin: SocialLogin) -> bool:
        return False

    def get_requests_session(self) -> IssuerSession:
        return IssuerSession()

    def pre_social_login(self, request: HttpRequest, sociallogin: SocialLogin) -> None:
        """Lets in whoever the provider knows by the address of an account, and has verified it. Every time.

        Whom the provider has introduced before is still refused under another address.
        """
        # allauth keeps what it is handed in the session, until a second factor was asked for.
        sociallogin.token = None
        person = _account_of(sociallogin)
        if person is None or (sociallogin.is_existing and sociallogin.user != person):
            recording.refused(None, "No account has the verified address that the provider gave", HOW)
            raise ImmediateHttpResponse(render(request, "socialaccount/refused.html", status=403))
        if not sociallogin.is_existing and person.is_active:
            sociallogin.connect(request, person)
        sociallogin.user = person

    def on_authentication_error(
        self,
        request: HttpRequest,
        provider: Provider,  # noqa: ARG002
        error: str | None = None,
        exception: Exception | None = None,
        extra_context: dict[str, Any] | None = None,  # noqa: ARG002
    ) -> None:
        raise ImmediateHttpResponse(failed(request, exception, is_cancelled=error == AuthError.CANCELLED))


def failed(request: HttpRequest, exception: Exception | None, *, is_cancelled: bool = False) -> HttpResponse:
    """The page of a sign-in that did not come about. Neither it nor the log repeats what the provider said."""
    if exception:
        _log.warning(
            "Single sign-on failed: %s", exception if isinstance(exception, Untrustworthy) else type(exception)
        )
    return render(request, ERROR_PAGE, {"is_cancelled": is_cancelled}, status=200 if is_cancelled else 401)


def _account_of(sociallogin: SocialLogin) -> User | None:
    """The account of the verified address; some providers say "true" where the standard says true."""
    claims = sociallogin.account.extra_data
    address, verified = claims.get("email"), claims.get("email_verified")
    if not isinstance(address, str) or not (verified is True or verified == "true"):
        return None
    if any(letter.lower().isascii() and not letter.isascii() for letter in address):
        # The sign for Kelvin would become a “k”, and somebody else's address.
        return None
    return User.objects.filter(email=address.lower()).first()
