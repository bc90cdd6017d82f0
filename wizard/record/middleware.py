"""Gives each request an id of our own, and lets the record know where it comes from."""

from collections.abc import Callable

from allauth.account.adapter import get_adapter
from django.core.exceptions import ImproperlyConfigured, PermissionDenied
from django.http import HttpRequest, HttpResponse

from wizard.record.context import answering


def note_origin(get_response: Callable[[HttpRequest], HttpResponse]) -> Callable[[HttpRequest], HttpResponse]:
    """The id that a client sends along says nothing: anybody could write anything there."""

    def respond(request: HttpRequest) -> HttpResponse:
        with answering(_address(request)) as request_id:
            # For what is told of it when its answer is there.
            request.META["wizard.request_id"] = request_id
            response = get_response(request)
            response["X-Request-Id"] = request_id
            return response

    return respond


def _address(request: HttpRequest) -> str | None:
    """The one by which failed sign-ins are counted, too; None where the proxy gives none."""
    try:
        return str(get_adapter().get_client_ip(request))
    except (PermissionDenied, ImproperlyConfigured):
        return None
