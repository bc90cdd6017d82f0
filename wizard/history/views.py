"""Home, and one connection. A view decides who may, and what is shown; services do."""

import uuid as uuids
from collections.abc import Callable
from typing import Any

from django.db.models import Count, Q
from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.views.decorators.http import require_POST, require_safe

from wizard.access.roles import Role
from wizard.access.rules import allowed, organizations_for, role_in
from wizard.administering.news import news_for
from wizard.approving import waiting
from wizard.asking import services
from wizard.asking.answering import answer
from wizard.connections.models import BaseConnection
from wizard.connections.queries import needs_attention
from wizard.connections.reaching import reached
from wizard.connections.seeing import note_view
from wizard.connections.statuses import NEWS, Finding, Status
from wizard.history.detail import events_of, outcome_of, surroundings_of
from wizard.pages import Request, page_or_fragment, poll_after
from wizard.people.models import User
from wizard.record.models import Event
from wizard.sources.offered import sources

SUGGESTED = 6
FOUND = 10


@require_safe
def home(request: Request) -> HttpResponse:
    visible = BaseConnection.objects.visible_to(request.user)
    counts = visible.aggregate(
        connected=Count("pk", filter=Q(status=Status.CONNECTED)),
        active=Count("pk", filter=Q(status__in=(Status.WAITING, Status.CONNECTING))),
        attention=Count("pk", filter=needs_attention()),
    )
    offered = [source for source in sources(services.organization_for(request.user)) if source.can_be_connected]
    used = visible.order_by("-pk").values_list("source", flat=True)[:100]
    suggested = sorted(offered, key=lambda source: (source.slug not in used, not source.is_popular))[:SUGGESTED]
    context = {
        "counts": counts,
        "recent": visible.with_changes().with_marks().select_related("organization")[:5],
        "drafts": list(BaseConnection.objects.drafts_of(request.user).with_marks().select_related("organization")),
        "found": visible.exclude(finding=Finding.NONE).order_by("-found_at")[:FOUND],
        **news_for(request.user),
        **waiting.waiting_for(request.user),
        "in_trouble": organizations_for(request.user).in_trouble(),
        "activity": Event.objects.filter(allowed(request.user), kind__in=NEWS, connection__isnull=False)
        .select_related("connection", "actor")
        .order_by("-pk")[:8],
        "suggested": suggested,
        "number_of_sources": len(offered),
    }
    return render(request, "home.html", context)


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
