"""What every page shares: the practice ribbon, the form fields' template, page or fragment or page of trouble."""

from typing import Any

from django.conf import settings
from django.forms.renderers import TemplatesSetting
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.template.loader import get_template
from django.utils.cache import patch_vary_headers
from django_htmx.middleware import HtmxDetails

from wizard.people.models import User


class Request(HttpRequest):
    """A request of somebody who is signed in, as the middleware hands it on."""

    htmx: HtmxDetails
    user: User


class FormRenderer(TemplatesSetting):
    """Draws every field with our own template."""

    field_template_name = "forms/field.html"


def shared(request: HttpRequest) -> dict[str, Any]:
    """For every template: is the Flow Service a local one, does it look into real databases; the nonce of scripts."""
    is_live = settings.PRACTICE and settings.LIVE
    return {"practice": settings.PRACTICE, "practice_is_live": is_live, "csp_nonce": getattr(request, "csp_nonce", "")}


def bad_request(request: HttpRequest, exception: Exception | None = None) -> HttpResponse:  # noqa: ARG001
    return _plain(request, "400.html", 400)


def server_error(request: HttpRequest) -> HttpResponse:
    return _plain(request, "500.html", 500)


def _plain(request: HttpRequest, template: str, status: int) -> HttpResponse:
    """Without the person and their messages: the database may be what broke."""
    return HttpResponse(get_template(template).render(shared(request)), status=status)


def page_or_fragment(
    request: Request, template: str, fragment: str, context: dict[str, Any], status: int = 200
) -> HttpResponse:
    """The whole page; for htmx the named partial of it alone."""
    partial = request.htmx and not request.htmx.boosted and not request.htmx.history_restore_request
    response = render(request, f"{template}#{fragment}" if partial else template, context, status=status)
    patch_vary_headers(response, ["HX-Request"])
    return response
