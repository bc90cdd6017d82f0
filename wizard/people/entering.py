"""The pages behind a link that makes an account, and the sign-in that follows: allauth asks for nothing there."""

from collections.abc import Callable
from functools import wraps

from allauth.account.internal.flows.login import record_authentication
from allauth.account.utils import perform_login
from django.contrib.auth.decorators import login_not_required
from django.http import HttpRequest, HttpResponse
from django.views.decorators.cache import never_cache
from django.views.decorators.debug import sensitive_post_parameters
from django.views.decorators.http import require_http_methods

from wizard.people.models import User


def behind_a_link(view: Callable[[HttpRequest, str], HttpResponse]) -> Callable[..., HttpResponse]:
    """The view, for whoever has the link, whose token it takes: its page is kept nowhere, and asks for a password."""

    @login_not_required
    @never_cache
    @sensitive_post_parameters("password1", "password2")
    @require_http_methods(["GET", "HEAD", "POST"])
    @wraps(view)
    def respond(request: HttpRequest, token: str) -> HttpResponse:
        response = view(request, token)
        # The address holds the token. A plain "no-referrer" would also turn the form's Origin into "null",
        # which the CSRF check refuses.
        response.headers["Referrer-Policy"] = "strict-origin"
        return response

    return respond


def enter(request: HttpRequest, user: User, way: str) -> HttpResponse:
    """Leads on to home, by way of the second factor if there is one; the record says in which way: "first link"."""
    record_authentication(request, user, way)
    answer: HttpResponse = perform_login(request, user)
    return answer
