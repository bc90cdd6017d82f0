"""What every page shares: the practice ribbon, the form fields' template, and page or fragment."""

from collections.abc import Callable
from typing import Any

from django.conf import settings
from django.forms.renderers import TemplatesSetting
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.urls import reverse
from django.utils.cache import add_never_cache_headers, patch_vary_headers
from django_htmx.middleware import HtmxDetails

from wizard.people.models import User


class Request(HttpRequest):
    """A request of somebody who is signed in, as the middleware hands it on."""

    htmx: HtmxDetails
    user: User


class FormRenderer(TemplatesSetting):
    """Draws every field with our own template."""

    field_template_name = "forms/field.html"


def practice(_request: HttpRequest) -> dict[str, bool]:
    """Whether the Flow Service is a local one, for the ribbon on every page."""
    return {"practice": settings.PRACTICE}


def keep_out_of_caches(get_response: Callable[[HttpRequest], HttpResponse]) -> Callable[[HttpRequest], HttpResponse]:
    """What is shown to people is kept nowhere, so that nothing comes back after the sign-out."""

    def respond(request: HttpRequest) -> HttpResponse:
        response = get_response(request)
        if request.user.is_authenticated and not response.has_header("Cache-Control"):
            add_never_cache_headers(response)
        if request.method == "POST" and request.path == reverse("account_logout"):
            response["Clear-Site-Data"] = '"cache"'
        return response

    return respond


def page_or_fragment(
    request: Request, template: str, fragment: str, context: dict[str, Any], status: int = 200
) -> HttpResponse:
    """The whole page; for htmx the named partial of it alone."""
    partial = request.htmx and not request.htmx.boosted and not request.htmx.history_restore_request
    response = render(request, f"{template}#{fragment}" if partial else template, context, status=status)
    patch_vary_headers(response, ["HX-Request"])
    return response
