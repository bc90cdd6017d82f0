"""A web server that started without its database proves its keys before it answers anything from there."""

from collections.abc import Callable

from django.http import HttpRequest, HttpResponse

from wizard.vault import canary

# For those who watch: these prove it themselves, or say nothing about it.
WATCHED = ("/health/", "/metrics")


def verify_what_is_owed(get_response: Callable[[HttpRequest], HttpResponse]) -> Callable[[HttpRequest], HttpResponse]:
    def respond(request: HttpRequest) -> HttpResponse:
        if not request.path.startswith(WATCHED):
            canary.verify_owed()
        return get_response(request)

    return respond
