"""Home, the history, and one connection. A view decides who may, and what is shown; services do."""

import uuid as uuids
from collections.abc import Callable
from typing import Any

from django.contrib import messages
from django.db.models import Count, Q
from django.http import HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.views.decorators.http import require_POST, require_safe

from wizard.connections import services
from wizard.connections.models import BaseConnection, ConnectionEvent
from wizard.connections.shown import explanation, request_of
from wizard.connections.statuses import NEWS, EventKind, Status
from wizard.connections.wishes import NotNow
from wizard.history.listing import HistoryFilter, page_of
from wizard.pages import Request, page_or_fragment
from wizard.people.models import User
from wizard.sources.offered import sources

SUGGESTED = 6


@require_safe
def home(request: Request) -> HttpResponse:
    counts = BaseConnection.objects.aggregate(
        connected=Count("pk", filter=Q(status=Status.CONNECTED)),
        active=Count("pk", filter=Q(status__in=(Status.WAITING, Status.CONNECTING))),
        attention=Count("pk", filter=Q(status__in=(Status.FAILED, Status.UNKNOWN))),
    )
    offered = [source for source in sources(services.organization_for()) if source.can_be_connected]
    used = BaseConnection.objects.order_by("-pk").values_list("source", flat=True)[:100]
    suggested = sorted(offered, key=lambda source: (source.slug not in used, not source.is_popular))[:SUGGESTED]
    context = {
        "counts": counts,
        "recent": BaseConnection.objects.select_related("organization")[:5],
        "activity": ConnectionEvent.objects.filter(kind__in=NEWS)
        .select_related("connection", "actor")
        .order_by("-pk")[:8],
        "suggested": suggested,
        "number_of_sources": len(offered),
    }
    return render(request, "home.html", context)


@require_safe
def history(request: Request) -> HttpResponse:
    filters = HistoryFilter(request.GET)
    page = page_of(filters.rows(), request.GET)
    context = {"filters": filters, "total_is_filtered": filters.is_active, **vars(page)}
    return page_or_fragment(request, "history/history.html", "results", context)


@require_safe
def connection(request: Request, uuid: uuids.UUID) -> HttpResponse:
    found = get_object_or_404(BaseConnection.objects.select_related("organization", "created_by"), uuid=uuid)
    events = list(found.events.select_related("actor"))
    context: dict[str, Any] = {
        "connection": found,
        "status_label": "Looking it up" if found.is_being_looked_up else found.get_status_display(),
        "events": events,
        "several_fit": _several_fit(found, events),
        "explanation": explanation(found),
        "can_try_again": services.can_try_again(found),
        "can_test": services.can_test(found),
        "can_look_again": services.can_look_again(found),
    }
    if not request.htmx:
        request_made = request_of(found)
        context["curl"] = request_made.as_curl() if request_made else ""
    return page_or_fragment(request, "history/detail.html", "status", context)


def _several_fit(connection: BaseConnection, events: list[ConnectionEvent]) -> str:
    """What the last look said, where it has left to a person which connection this is; else nothing."""
    if connection.status != Status.UNKNOWN or connection.is_being_looked_up:
        return ""
    return next((event.message for event in reversed(events) if event.kind == EventKind.LOOKED), "")


@require_POST
def test_connection(request: Request, uuid: uuids.UUID) -> HttpResponse:
    return _ask(request, uuid, services.request_test)


@require_POST
def look_again(request: Request, uuid: uuids.UUID) -> HttpResponse:
    return _ask(request, uuid, services.request_look)


def _ask(request: Request, uuid: uuids.UUID, ask: Callable[[BaseConnection, User], None]) -> HttpResponse:
    found = get_object_or_404(BaseConnection.objects.select_related("organization"), uuid=uuid)
    try:
        ask(found, request.user)
    except NotNow as error:
        messages.error(request, str(error))
    return redirect(found)
