"""The page behind an invitation's link."""

from django.conf import settings
from django.contrib import messages
from django.contrib.auth.decorators import login_not_required
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.views.decorators.cache import never_cache
from django.views.decorators.debug import sensitive_post_parameters
from django.views.decorators.http import require_http_methods

from wizard.access import inviting
from wizard.access.forms import JoinForm
from wizard.access.models import Invitation
from wizard.people.entering import enter
from wizard.people.models import User
from wizard.people.services import LinkClosed

PAGE = "access/join.html"


@login_not_required
@never_cache
@sensitive_post_parameters("password1", "password2")
@require_http_methods(["GET", "HEAD", "POST"])
def join(request: HttpRequest, token: str) -> HttpResponse:
    try:
        response = _joined(request, inviting.invitation_of(token))
    except LinkClosed:
        response = render(request, PAGE, {"invitation": None}, status=410)
    # The address holds the token. A plain "no-referrer" would also turn the form's Origin into "null",
    # which the CSRF check refuses.
    response.headers["Referrer-Policy"] = "strict-origin"
    return response


def _joined(request: HttpRequest, invitation: Invitation) -> HttpResponse:
    if settings.OIDC_ONLY:
        return _joined_without_password(request, invitation)
    form = JoinForm(request.POST or None, instance=User(email=invitation.email))
    if not form.is_valid():
        return render(request, PAGE, {"form": form, "invitation": invitation}, status=422 if form.is_bound else 200)
    user = inviting.join(invitation, form.save(commit=False))
    return enter(request, user, "invitation")


def _joined_without_password(request: HttpRequest, invitation: Invitation) -> HttpResponse:
    """Where nobody signs in but at the provider: the account waits for that."""
    if request.method != "POST":
        return render(request, PAGE, {"invitation": invitation})
    user = User()
    user.set_unusable_password()
    inviting.join(invitation, user)
    messages.success(request, f"The account of {user} is made. Sign in with it.")
    return redirect("account_login")
