"""The page behind an invitation's link."""

from django.conf import settings
from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render

from wizard.access import inviting
from wizard.access.forms import JoinForm
from wizard.access.models import Invitation
from wizard.people.entering import behind_a_link, enter
from wizard.people.models import User
from wizard.people.services import LinkClosed

PAGE = "access/join.html"


@behind_a_link
def join(request: HttpRequest, token: str) -> HttpResponse:
    try:
        return _joined(request, inviting.invitation_of(token))
    except LinkClosed:
        return render(request, PAGE, {"invitation": None}, status=410)


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
