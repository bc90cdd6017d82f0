"""A web server that started without its database proves its keys before it answers anything from there."""

from collections.abc import Callable

from django.http import HttpRequest, HttpResponse

from wizard.vault import canary

HEALTH = "/health/"


def verify_what_is_owed(get_response: Callable[[HttpRequest], HttpResponse]) -> Callable[[HttpRequest], HttpResponse]:
    def respond(request: HttpRequest) -> HttpResponse:
        # These prove it themselves, or say nothing about it.
        if not request.path.startswith(HEALTH):
            canary.verify_owed()
        return get_response(request)

    return respond
