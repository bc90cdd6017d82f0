"""Home, and one connection. A view decides who may, and what is shown; services do."""

import uuid as uuids
from collections.abc import Callable
from datetime import datetime
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
from wizard.connections.statuses import NEWS, ChangeStatus, Finding, Status
from wizard.pages import Request, page_or_fragment
from wizard.people.models import User
from wizard.record.models import Event
from wizard.sources.offered import sources
from wizard.values.shown import about, explanation, kept_words, request_of

SUGGESTED = 6
FOUND = 10
EVENTS = 50


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
    context: dict[str, Any] = {
        "connection": found,
        "status_label": _label(found),
        # Of a connection that has vanished the line to Adobe is cut.
        "look": Status.FAILED if found.finding == Finding.VANISHED else found.status,
        "is_pending": found.is_pending or (change is not None and ask is None),
        **waiting.shown(ask, request.user),
        **_events(request, found),
        "explanation": _explanation(found),
        "about": about(found) if found.error_kind else "",
        **_operations(found, role, has_change=change is not None),
        "candidates": [{**item, "made_at": _moment(item["created_at"])} for item in found.candidates],
        **_changes(found),
        "change": change,
        "kept": kept_words(found),
    }
    if not (request.htmx and context["is_pending"]):
        request_made = request_of(found)
        context["curl"] = request_made.as_curl() if request_made else ""
    # For the fragment, too: it shows all that matters to whoever asks for it alone.
    note_view(found, request.user)
    return page_or_fragment(request, "history/detail.html", "status", context)


def _operations(found: BaseConnection, role: Role, *, has_change: bool) -> dict[str, bool]:
    """What can be done with it as it stands, by somebody in this role."""
    is_connector = role >= Role.CONNECTOR
    can_change = found.can_be_changed and not has_change
    return {
        "is_connector": is_connector,
        "can_try_again": is_connector and found.can_be_tried_again,
        "can_test": is_connector and found.can_be_tested,
        "can_look_again": is_connector and found.can_be_looked_up,
        "can_choose": is_connector and found.can_be_chosen,
        "can_change": is_connector and can_change,
        "can_delete": role >= Role.ADMIN and can_change,
    }


def _label(found: BaseConnection) -> str:
    if found.finding == Finding.VANISHED:
        return found.get_finding_display()
    return "Looking it up" if found.is_being_looked_up else found.get_status_display()


def _moment(text: str) -> datetime | None:
    return datetime.fromisoformat(text) if text else None


def _events(request: Request, found: BaseConnection) -> dict[str, Any]:
    """The newest ones, oldest first; all of them, if that is asked for: a page that is polled stays small."""
    newest = Event.objects.happened().filter(connection=found).select_related("actor").order_by("-pk")
    if request.GET.get("events") == "all":
        return {"events": list(newest)[::-1], "has_older_events": False}
    shown = list(newest[: EVENTS + 1])
    return {"events": shown[:EVENTS][::-1], "has_older_events": len(shown) > EVENTS}


def _explanation(found: BaseConnection) -> Any:
    """None where there is nothing for a person to do yet."""
    return explanation(found) if found.needs_attention and not found.is_being_looked_up else None


def _changes(found: BaseConnection) -> dict[str, Any]:
    """Changes that wait for a person: those in conflict, and the last one, if it failed."""
    changes = found.changes.select_related("created_by")
    last = changes.exclude(status=ChangeStatus.WITHDRAWN).last()
    failed = last if last and last.status == ChangeStatus.FAILED else None
    return {
        "conflicts": list(changes.filter(status=ChangeStatus.CONFLICT)),
        "failed_change": failed,
        "failed_explanation": explanation(failed) if failed else None,
    }


@require_POST
def test_connection(request: Request, uuid: uuids.UUID) -> HttpResponse:
    return _ask(request, uuid, services.request_test)


@require_POST
def look_again(request: Request, uuid: uuids.UUID) -> HttpResponse:
    return _ask(request, uuid, services.request_look)


@require_POST
def choose_candidate(request: Request, uuid: uuids.UUID) -> HttpResponse:
    """Which of several connections at Adobe this one is; none of them, where no `candidate` is sent along."""
    chosen = request.POST.get("candidate", "")
    return _ask(request, uuid, lambda found, person: services.choose_candidate(found, chosen, person))


def _ask(request: Request, uuid: uuids.UUID, ask: Callable[[BaseConnection, User], None]) -> HttpResponse:
    found = reached(request.user, uuid, Role.CONNECTOR)
    return answer(request, found, lambda: ask(found, request.user))
