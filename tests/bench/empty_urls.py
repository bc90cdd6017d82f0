"""The wizard's addresses, and a page with nothing in it: through the same middleware, in the same frame, signed in."""

from django.http import HttpRequest, HttpResponse
from django.template import engines
from django.urls import include, path

TEMPLATE = engines["django"].from_string('{% extends "base.html" %}')


def empty(request: HttpRequest) -> HttpResponse:
    return HttpResponse(TEMPLATE.render({}, request))


handler400 = "wizard.pages.bad_request"
handler500 = "wizard.pages.server_error"
urlpatterns = [path("empty/", empty), path("", include("wizard.urls"))]
