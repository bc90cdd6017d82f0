"""The answer to what a person asks for by a button: done, or why not at the moment; both on the connection's page."""

from collections.abc import Callable

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect

from wizard.asking.wishes import NotNow
from wizard.connections.models import BaseConnection


def answer(request: HttpRequest, connection: BaseConnection, ask: Callable[[], object]) -> HttpResponse:
    """Calls `ask`; the reason of a NotNow is told."""
    try:
        ask()
    except NotNow as error:
        messages.error(request, str(error))
    return redirect(connection)
