"""One's own account: what it is signed in with, and where; and the pages of allauth in the bounds of our settings."""

from collections.abc import Callable
from functools import wraps
from typing import Any

from allauth.account.utils import get_next_redirect_url
from allauth.account.views import PasswordResetView
from allauth.mfa.models import Authenticator
from allauth.mfa.webauthn.internal import auth as webauthn
from allauth.mfa.webauthn.views import AddWebAuthnView
from allauth.socialaccount.providers.base import AuthProcess
from allauth.socialaccount.providers.oauth2.client import OAuth2Error
from allauth.socialaccount.providers.oauth2.views import OAuth2CallbackView
from allauth.usersessions.internal.flows.sessions import end_sessions
from allauth.usersessions.models import UserSession
from allauth.usersessions.views import ListUserSessionsView
from django.conf import settings
from django.contrib import messages
from django.contrib.auth.decorators import login_not_required
from django.core.exceptions import PermissionDenied
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_POST, require_safe
from requests import RequestException

from wizard.pages import Request
from wizard.people import single_sign_on
from wizard.people.devices import device
from wizard.people.factors import is_readable
from wizard.people.provider import SingleSignOnProvider

View = Callable[..., HttpResponse]


def ways_in(_request: HttpRequest) -> dict[str, Any]:
    """For every page: which ways to sign in there are here."""
    names = [app["name"] for app in settings.SOCIALACCOUNT_PROVIDERS.get("single_sign_on", {}).get("APPS", ())]
    return {
        "single_sign_on": names[0] if names else "",
        "takes_passwords": not settings.OIDC_ONLY,
        "email_is_set": settings.EMAIL_IS_SET,
        "demands_second_factor": settings.REQUIRE_SECOND_FACTOR,
    }


def with_passwords(view: View, *, shows_page: bool = False) -> View:
    """The view, closed where everybody signs in by single sign-on; `shows_page` leaves it to look at."""

    @wraps(view)
    def bounded(request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponse:
        if settings.OIDC_ONLY and not (shows_page and request.method in ("GET", "HEAD")):
            raise PermissionDenied
        return view(request, *args, **kwargs)

    return bounded


class ForgottenView(PasswordResetView):
    def post(self, request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponse:
        if not settings.EMAIL_IS_SET:
            raise PermissionDenied
        return super().post(request, *args, **kwargs)


class AddPasskeyView(AddWebAuthnView):
    """Asks for a passkey that signs in by itself, where allauth would ask for a second factor only."""

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        context: dict[str, Any] = super().get_context_data(**kwargs)
        context["js_data"] = {"creation_options": webauthn.begin_registration(self.request.user, True)}
        return context


class SessionsView(ListUserSessionsView):
    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        context: dict[str, Any] = super().get_context_data(**kwargs)
        for session in context["sessions"]:
            session.device = device(session.user_agent)
        context["sessions"].sort(key=lambda session: (not session.is_current(), -session.last_seen_at.timestamp()))
        return context


@require_safe
def account(request: Request) -> HttpResponse:
    factors = list(Authenticator.objects.filter(user=request.user).order_by("pk"))
    context = {
        "app": next((factor for factor in factors if factor.type == Authenticator.Type.TOTP), None),
        "passkeys": [factor.wrap() for factor in factors if factor.type == Authenticator.Type.WEBAUTHN],
        "unreadable": [factor for factor in factors if not is_readable(factor)],
        "session_count": len(UserSession.objects.purge_and_list(request.user)),
        "grants": request.user.grants.select_related("organization"),
    }
    return render(request, "account/account.html", context)


@require_POST
def end_session(request: Request, pk: int) -> HttpResponse:
    """Signs one of one's own sessions out, also this one."""
    session = get_object_or_404(UserSession, pk=pk, user=request.user)
    is_here = session.is_current()
    end_sessions(request, [session])
    if is_here:
        return redirect("account_login")
    messages.success(request, "That session has ended.")
    return redirect("usersessions_list")


@login_not_required
@never_cache
@require_POST
def start_single_sign_on(request: HttpRequest) -> HttpResponse:
    """Leads to the provider by a page of its own: `form-action` would stop a redirect that answers a form."""
    if request.user.is_authenticated:
        return redirect("home")
    try:
        answer = _provider(request).redirect(request, AuthProcess.LOGIN, get_next_redirect_url(request))
    except (OAuth2Error, RequestException) as error:
        return single_sign_on.failed(request, error)
    return render(request, "socialaccount/leaving.html", {"url": answer["Location"]})


@login_not_required
@never_cache
@require_safe
def finish_single_sign_on(request: HttpRequest) -> HttpResponse:
    """Where the provider leads back to."""
    view = OAuth2CallbackView.adapter_view(_provider(request).get_oauth2_adapter(request))
    try:
        answer: HttpResponse = view(request)
    except (OAuth2Error, RequestException) as error:
        return single_sign_on.failed(request, error)
    return answer


def _provider(request: HttpRequest) -> SingleSignOnProvider:
    """The provider of the settings; Http404 without one."""
    for found in single_sign_on.SingleSignOnAdapter(request).list_providers(request):
        if isinstance(found, SingleSignOnProvider):
            return found
    raise Http404
