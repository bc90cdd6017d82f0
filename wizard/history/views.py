"""Home, and one connection. A view decides who may, and what is shown; services do."""

import uuid as uuids
from collections.abc import Callable
from typing import Any

from django.db.models import Q
from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.views.decorators.http import require_POST, require_safe

from wizard.access.roles import Role
from wizard.access.rules import organizations_for, places_allowed, role_in
from wizard.administering.news import news_for
from wizard.approving import waiting
from wizard.asking import services
from wizard.asking.answering import answer
from wizard.connections.models import BaseConnection
from wizard.connections.queries import is_on_the_way, needs_attention
from wizard.connections.reaching import reached
from wizard.connections.seeing import note_view
from wizard.connections.statuses import NEWS, Finding, Status
from wizard.history.detail import events_of, outcome_of, surroundings_of
from wizard.pages import Request, page_or_fragment, poll_after
from wizard.people.models import User
from wizard.record.models import Event
from wizard.sources.offered import sources
from wizard.tables.newest import newest_keys, number_of, parted
from wizard.tables.paging import rows_of

SUGGESTED = 6
FOUND = 10
RECENT = 5
HAPPENED = 8
# So many of the newest connections say which sources are in use.
USED = 100


@require_safe
def home(request: Request) -> HttpResponse:
    rows, person = BaseConnection.objects, request.user
    counted = {"connected": [Q(status=Status.CONNECTED)], "active": is_on_the_way(), "attention": needs_attention()}
    newest = newest_keys(rows.parts_for(person), USED)
    offered = [source for source in sources(services.organization_for(request.user)) if source.can_be_connected]
    used = set(rows.filter(pk__in=newest).values_list("source", flat=True))
    suggested = sorted(offered, key=lambda source: (source.slug not in used, not source.is_popular))[:SUGGESTED]
    context = {
        "counts": {name: number_of(rows.parts_for(person, *meets)) for name, meets in counted.items()},
        "recent": rows_of(rows.with_changes().with_marks().select_related("organization"), newest[:RECENT]),
        "drafts": list(BaseConnection.objects.drafts_of(request.user).with_marks().select_related("organization")),
        "found": rows.visible_to(person).exclude(finding=Finding.NONE).order_by("-found_at")[:FOUND],
        **news_for(request.user),
        **waiting.waiting_for(request.user),
        "in_trouble": organizations_for(request.user).in_trouble(),
        "activity": _news(person),
        "suggested": suggested,
        "number_of_sources": len(offered),
    }
    return render(request, "home.html", context)


def _news(person: User) -> list[Event]:
    news = Event.objects.filter(kind__in=NEWS, connection__isnull=False)
    keys = newest_keys(parted([news], places_allowed(person)), HAPPENED)
    return rows_of(Event.objects.select_related("connection", "actor"), keys)


@require_safe
def connection(request: Request, uuid: uuids.UUID) -> HttpResponse:
    if draft := BaseConnection.objects.drafts_of(request.user).filter(uuid=uuid).first():
        # It has no page of its own but its form.
        return redirect(f"{reverse('connect', args=[draft.source])}?again={draft.uuid}")
    found = reached(request.user, uuid)
    role = role_in(request.user, found.organization, found.sandbox_name) or Role.VIEWER
    change, ask = services.change_under_way(found), waiting.ask_of(found)
    is_pending = found.is_pending or (change is not None and ask is None)
    context: dict[str, Any] = {
        **outcome_of(found, role, change),
        "is_pending": is_pending,
        "poll": poll_after(found.stepped_at, found.test_requested_at, change.stepped_at if change else None),
        "is_going_on": is_pending or ask is not None,
        **waiting.shown(ask, request.user),
        **events_of(found, all_of_them=request.GET.get("events") == "all"),
    }
    if not (request.htmx and context["is_going_on"]):
        context |= surroundings_of(found)
    # For the fragment, too: it shows all that matters to whoever asks for it alone.
    note_view(found, request.user)
    return page_or_fragment(request, "history/detail.html", "status", context)


@require_POST
def test_connection(request: Request, uuid: uuids.UUID) -> HttpResponse:
    return _ask(request, uuid, services.request_test)


@require_POST
def look_again(request: Request, uuid: uuids.UUID) -> HttpResponse:
    return _ask(request, uuid, services.request_look)


@require_POST
def choose_candidate(request: Request, uuid: uuids.UUID) -> HttpResponse:
    """Which of several connections at Adobe this one is; none of those `seen`, where no `candidate` is sent along."""
    chosen, seen = request.POST.get("candidate", ""), request.POST.getlist("seen")
    return _ask(request, uuid, lambda found, person: services.choose_candidate(found, chosen, person, seen))


def _ask(request: Request, uuid: uuids.UUID, ask: Callable[[BaseConnection, User], None]) -> HttpResponse:
    found = reached(request.user, uuid, Role.CONNECTOR)
    return answer(request, found, lambda: ask(found, request.user))
