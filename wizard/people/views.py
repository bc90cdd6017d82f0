"""The first sign-in. allauth brings the other sign-in pages."""

from django.contrib.auth.decorators import login_not_required
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.views.decorators.cache import never_cache
from django.views.decorators.debug import sensitive_post_parameters
from django.views.decorators.http import require_http_methods

from wizard.people import services
from wizard.people.entering import enter
from wizard.people.forms import FirstSignInForm

PAGE = "people/first_sign_in.html"


@login_not_required
@never_cache
@sensitive_post_parameters("password1", "password2")
@require_http_methods(["GET", "HEAD", "POST"])
def first_sign_in(request: HttpRequest, token: str) -> HttpResponse:
    response = _make_first_person(request, token) if services.is_open(token) else _closed(request, token)
    # The address holds the token. A plain "no-referrer" would also turn the form's Origin into "null",
    # which the CSRF check refuses.
    response.headers["Referrer-Policy"] = "strict-origin"
    return response


def _make_first_person(request: HttpRequest, token: str) -> HttpResponse:
    form = FirstSignInForm(request.POST or None)
    if not form.is_valid():
        status = 422 if form.is_bound else 200
        return render(request, PAGE, {"form": form, "expired": False}, status=status)
    try:
        user = services.create_first_person(token, form.save(commit=False))
    except services.LinkClosed:
        return _closed(request, token)
    return enter(request, user, "first link")


def _closed(request: HttpRequest, token: str) -> HttpResponse:
    status = 410 if services.is_known(token) else 404
    return render(request, PAGE, {"form": None, "expired": True}, status=status)
