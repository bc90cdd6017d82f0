"""The key page and the recovery sheet: for administrators of the installation. Neither shows a key."""

from django.core.exceptions import ValidationError
from django.http import HttpResponse
from django.shortcuts import render
from django.views.decorators.cache import never_cache
from django.views.decorators.debug import sensitive_post_parameters
from django.views.decorators.http import require_http_methods, require_safe

from wizard.access.rules import demand_administrator
from wizard.keys import services
from wizard.keys.forms import PasswordForm
from wizard.pages import Request

WRONG = "This is not your password."


@require_safe
@never_cache
def keys(request: Request) -> HttpResponse:
    demand_administrator(request.user)
    return render(request, "keys/keys.html", {"overview": services.overview_of_keys()})


@require_http_methods(["GET", "HEAD", "POST"])
@never_cache
@sensitive_post_parameters()
def sheet(request: Request) -> HttpResponse:
    """The sheet stands on the answer to the POST, and nowhere else."""
    demand_administrator(request.user)
    form = PasswordForm(request.POST or None)
    if form.is_valid():
        try:
            found = services.recovery_sheet(request.user, form.cleaned_data["password"], request.get_host())
            return render(request, "keys/sheet.html", {"sheet": found})
        except services.WrongPassword:
            form.add_error("password", WRONG)
        except ValidationError as error:
            form.add_error("password", error)
    context = {"form": form, "has_password": request.user.has_usable_password()}
    return render(request, "keys/ask.html", context, status=422 if form.is_bound else 200)
