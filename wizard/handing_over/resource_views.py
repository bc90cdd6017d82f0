"""One resource beneath a connection: its ids, what became of it, and what can be done about that."""

import uuid as uuids
from collections.abc import Callable
from typing import Any

from django.contrib import messages
from django.http import Http404, HttpResponse
from django.shortcuts import redirect
from django.utils.dateparse import parse_datetime
from django.views.decorators.http import require_POST, require_safe

from wizard.access.roles import Role
from wizard.access.rules import may
from wizard.connections.reaching import reached
from wizard.connections.seeing import note_view
from wizard.connections.statuses import NotNow
from wizard.dataflows import services
from wizard.dataflows.models import Resource, ResourceStatus
from wizard.handing_over.as_curl import of_resource
from wizard.handing_over.way import LOOKS
from wizard.pages import Request, page_or_fragment, poll_after
from wizard.people.models import User
from wizard.record.models import Event
from wizard.values.shown import explanation

MOST_SHOWN = 40
# As the pills and the wire of a connection look.
PILLS = {"pending": "waiting", "made": "connected"}


def _reached(person: User, uuid: uuids.UUID, resource_uuid: uuids.UUID, role: Role = Role.VIEWER) -> Resource:
    """Raises Http404 and PermissionDenied as `reached` does; one beneath another connection is not there."""
    connection = reached(person, uuid, role)
    found = Resource.objects.with_needs().filter(connection=connection, uuid=resource_uuid).first()
    if found is None:
        raise Http404("No such resource")
    return found


@require_safe
def resource(request: Request, uuid: uuids.UUID, resource_uuid: uuids.UUID) -> HttpResponse:
    found = _reached(request.user, uuid, resource_uuid)
    note_view(found.connection, request.user)
    look = LOOKS[ResourceStatus(found.status)]
    context: dict[str, Any] = {
        "resource": found,
        "connection": found.connection,
        "look": PILLS.get(look, look),
        "is_pending": found.is_pending,
        "poll": poll_after(found.stepped_at),
        "explanation": explanation(found),
        "candidates": [{**item, "made_at": parse_datetime(item["created_at"])} for item in found.candidates],
        "curl": of_resource(found),
        "events": _events(found),
        "is_part_of": Resource.objects.that_need(found)[:MOST_SHOWN],
        **_possible(request.user, found),
    }
    return page_or_fragment(request, "handing_over/resource.html", "status", context)


def _events(found: Resource) -> list[Event]:
    """The newest ones, oldest first: a page that is polled stays small."""
    own = Event.objects.filter(connection=found.connection, details__resource=str(found.uuid))
    return list(own.select_related("actor").order_by("-pk")[:MOST_SHOWN])[::-1]


def _possible(person: User, found: Resource) -> dict[str, bool]:
    connection = found.connection
    is_connector = may(person, Role.CONNECTOR, connection.organization, connection.sandbox_name)
    return {
        "can_try_again": is_connector and found.can_be_tried_again,
        "can_look_again": is_connector and found.can_be_looked_up,
        "can_choose": is_connector and found.can_be_chosen,
    }


@require_POST
def try_again(request: Request, uuid: uuids.UUID, resource_uuid: uuids.UUID) -> HttpResponse:
    return _ask(request, uuid, resource_uuid, lambda found: services.try_again(request.user, found))


@require_POST
def look_again(request: Request, uuid: uuids.UUID, resource_uuid: uuids.UUID) -> HttpResponse:
    return _ask(request, uuid, resource_uuid, lambda found: services.look_again(request.user, found))


@require_POST
def choose(request: Request, uuid: uuids.UUID, resource_uuid: uuids.UUID) -> HttpResponse:
    """Which of several at Adobe this one is; none of those `seen`, where no `candidate` is sent along."""
    candidate, seen = request.POST.get("candidate", ""), request.POST.getlist("seen")

    def say(found: Resource) -> None:
        services.choose_candidate(request.user, found, candidate, seen)

    return _ask(request, uuid, resource_uuid, say)


def _ask(
    request: Request, uuid: uuids.UUID, resource_uuid: uuids.UUID, ask: Callable[[Resource], None]
) -> HttpResponse:
    found = _reached(request.user, uuid, resource_uuid, Role.CONNECTOR)
    try:
        ask(found)
    except NotNow as error:
        messages.error(request, str(error))
    return redirect("resource", uuid, resource_uuid)
