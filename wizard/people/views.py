"""The first sign-in. allauth brings the other sign-in pages."""

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render

from wizard.people import services
from wizard.people.entering import behind_a_link, enter
from wizard.people.forms import FirstSignInForm

PAGE = "people/first_sign_in.html"


@behind_a_link
def first_sign_in(request: HttpRequest, token: str) -> HttpResponse:
    return _make_first_person(request, token) if services.is_open(token) else _closed(request, token)


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
