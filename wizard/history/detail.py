"""What the page of one connection shows: the outcome, which is asked for again and again, and what stands around it."""

from datetime import datetime
from typing import Any

from django.db.models import QuerySet

from wizard.access.roles import Role
from wizard.connections.models import BaseConnection, Change
from wizard.connections.statuses import ChangeStatus, Finding, Status
from wizard.dataflows.models import Resource
from wizard.history.calls import shown_calls
from wizard.history.chart import MOST, Chart, Result, chart_of
from wizard.record.kinds import Kind
from wizard.record.models import Event
from wizard.values.shown import about, explanation, kept_words, request_of

EVENTS = 20
CALLS = 8
RESOURCES = 10


def outcome_of(found: BaseConnection, role: Role, change: Change | None) -> dict[str, Any]:
    """What became of it, what waits for a person, and what somebody in this role can do with it now."""
    return {
        "connection": found,
        "status_label": _label(found),
        # Of a connection that has vanished the line to Adobe is cut.
        "look": Status.FAILED if found.finding == Finding.VANISHED else found.status,
        "explanation": _explanation(found),
        "about": about(found) if found.error_kind else "",
        **_operations(found, role, has_change=change is not None),
        "candidates": [{**item, "made_at": _moment(item["created_at"])} for item in found.candidates],
        **_changes(found),
        "change": change,
        "kept": kept_words(found),
    }


def events_of(found: BaseConnection, *, all_of_them: bool) -> dict[str, Any]:
    """The newest ones, oldest first; all of them, if that is asked for: a page that is polled stays small."""
    newest = Event.objects.happened().filter(connection=found).select_related("actor").order_by("-pk")
    if all_of_them:
        return {"events": list(newest)[::-1], "has_older_events": False}
    shown = list(newest[: EVENTS + 1])
    return {"events": shown[:EVENTS][::-1], "has_older_events": len(shown) > EVENTS}


def surroundings_of(found: BaseConnection) -> dict[str, Any]:
    """What does not change from second to second."""
    request_made, calls = request_of(found), found.calls.order_by("-pk")[:CALLS]
    return {
        "curl": request_made.as_curl() if request_made else "",
        "chart": _chart(found),
        "calls": shown_calls(list(calls)),
        **resources_of(found, RESOURCES),
        "last_change": found.changes.filter(status=ChangeStatus.DONE).order_by("-pk").first(),
    }


def resources_of(found: BaseConnection, most: int) -> dict[str, Any]:
    """What was made of it from here, the newest first."""
    resources = list(Resource.objects.filter(connection=found).order_by("-pk")[: most + 1])
    return {"resources": resources[:most], "has_more_resources": len(resources) > most}


def _operations(found: BaseConnection, role: Role, *, has_change: bool) -> dict[str, bool]:
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


def _chart(found: BaseConnection) -> Chart | None:
    tests: QuerySet[Event] = found.events.filter(kind__in=(Kind.TESTED, Kind.RETESTED)).order_by("-pk")
    rows = tests.values_list("at", "outcome", "duration_ms")[:MOST]
    return chart_of([Result(*row) for row in rows][::-1])
