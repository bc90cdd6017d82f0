"""What one connection has too much of for its own page: all of its requests, and all that uses it."""

import uuid as uuids

from django.http import HttpResponse
from django.shortcuts import render
from django.views.decorators.http import require_http_methods, require_safe

from wizard.access.roles import Role
from wizard.asking.uses import uses_at_adobe
from wizard.connections.reaching import reached
from wizard.connections.seeing import note_view
from wizard.history.calls import shown_calls
from wizard.history.detail import resources_of
from wizard.pages import Request, page_or_fragment
from wizard.tables.paging import page_of

MOST_RESOURCES = 100


@require_safe
def requests(request: Request, uuid: uuids.UUID) -> HttpResponse:
    """Every call of its life, the newest first."""
    found = reached(request.user, uuid)
    note_view(found, request.user)
    page = page_of([found.calls.all()], found.calls.all(), request.GET)
    context = {"connection": found, **vars(page), "calls": shown_calls(page.rows)}
    return render(request, "history/requests.html", context)


@require_http_methods(["GET", "HEAD", "POST"])
def uses(request: Request, uuid: uuids.UUID) -> HttpResponse:
    """What was made of it here; with a POST Adobe is asked, too, and the answer is shown and not kept."""
    found = reached(request.user, uuid, Role.CONNECTOR)
    note_view(found, request.user)
    asked = uses_at_adobe(found) if request.method == "POST" and found.is_there else None
    context = {"connection": found, "uses": asked, **resources_of(found, MOST_RESOURCES)}
    return page_or_fragment(request, "history/uses.html", "at_adobe", context)
