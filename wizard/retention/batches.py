"""Removes some of what is past its retention, in one short transaction; None says that nothing is left.

Each may be killed at any moment, and run in several processes at once.
"""

from collections.abc import Callable, Sequence
from datetime import datetime, timedelta
from typing import Any

from allauth.usersessions.models import UserSession
from django.apps import apps
from django.contrib.sessions.models import Session
from django.db import connection as database
from django.db import transaction
from django.db.models import Exists, Max, OuterRef, Q, QuerySet

from wizard.connections.changes import UNDER_WAY
from wizard.connections.models import BaseConnection, Call, Change, Submission
from wizard.connections.statuses import Status, TestStatus
from wizard.dataflows.models import Resource, Selection
from wizard.dataflows.resource_statuses import NEEDS, ResourceStatus
from wizard.record.kinds import Kind
from wizard.record.models import Event

ROWS = 500
CONNECTIONS = 50
# A new session has no row of its own for a moment.
NEW = timedelta(days=1)
# At Adobe something may still become of these.
UNSETTLED = (ResourceStatus.WAITING, ResourceStatus.SENDING, ResourceStatus.UNKNOWN)
GONE = Q(status=Status.DELETED)
NEVER_MADE = Q(status=Status.FAILED, base_connection_id="")

Count = Callable[[int], None]


@transaction.atomic
def remove_calls(before: datetime, count: Count) -> int | None:
    """By their keys, which come in the order of time: no index has to know how old they are."""
    oldest = Call.objects.order_by("pk").values_list("pk", "at")[:ROWS]
    return _counted([pk for pk, at in oldest if at < before], Call.objects.all(), count)


def removable(before: datetime, standing: Q = GONE | NEVER_MADE) -> QuerySet[BaseConnection]:
    """Connections that are deleted at Adobe, or were never made there; with nothing under way about them.

    Not the newest one: its key could be given to another connection, and with it what the events say of this one.
    """
    of_it = Resource.objects.filter(connection=OuterRef("pk"))
    used = [Resource.objects.filter(**{f"{need}__connection": OuterRef("pk")}) for need in NEEDS]
    rows = BaseConnection.objects.filter(standing, stepped_at__lt=before).exclude(test_status=TestStatus.PENDING)
    rows = rows.filter(
        ~Exists(Change.objects.filter(connection=OuterRef("pk"), status__in=UNDER_WAY)),
        ~Exists(of_it.filter(status__in=UNSETTLED)),
        *(~Exists(rows_of.exclude(connection=OuterRef("pk"))) for rows_of in used),
    )
    newest = BaseConnection.objects.aggregate(pk=Max("pk"))["pk"] or 0
    return rows.exclude(pk=newest)


@transaction.atomic
def remove_connections(before: datetime, count: Count) -> int | None:
    """With all that hangs on them but their events. One with many calls loses those first, a batch at a time."""
    connections = _oldest(before, GONE) or _oldest(before, NEVER_MADE)
    if not connections:
        return None
    keys = [connection.pk for connection in connections]
    calls = _some(Call.objects.filter(connection__in=keys))
    Call.objects.filter(pk__in=calls).delete()
    if len(calls) == ROWS:
        return 0
    for model in (Change, Selection, Submission, Resource, BaseConnection):
        owner = "pk" if model is BaseConnection else "connection"
        rows: QuerySet[Any] = model._base_manager.filter(**{f"{owner}__in": keys})
        # All that refers to them goes here, too: nothing is to be read for it first.
        rows._raw_delete(rows.db)
    _note(connections, before)
    count(len(connections))
    return len(connections)


def _oldest(before: datetime, standing: Q) -> list[BaseConnection]:
    """For this transaction alone. Of one status, so that the index has them in this order."""
    found = removable(before, standing).order_by("stepped_at").only("pk", "uuid", "name", "base_connection_id")
    if database.features.has_select_for_update_skip_locked:
        found = found.select_for_update(skip_locked=True, of=("self",))
    return list(found[:CONNECTIONS])


def _note(connections: Sequence[BaseConnection], before: datetime) -> None:
    """Events name connections by number; this one keeps what those were."""
    number = len(connections)
    words = f"{number} deleted or failed connection{'' if number == 1 else 's'} from before {before:%Y-%m-%d}."
    ids = [
        {"no": row.pk, "uuid": str(row.uuid), "name": row.name, "base_connection_id": row.base_connection_id}
        for row in connections
    ]
    details = {"of": "connections", "removed": number, "before": before.isoformat(), "connections": ids}
    Event.objects.create(kind=Kind.HISTORY_PRUNED, message=words, details=details)


def ended_sessions(before: datetime) -> QuerySet[Session]:
    return Session.objects.filter(expire_date__lt=before).order_by("expire_date")


@transaction.atomic
def remove_sessions(before: datetime, count: Count) -> int | None:
    """Also what the list of somebody's sessions says of those that are gone."""
    if removed := _counted(_some(ended_sessions(before)), Session.objects.all(), count):
        return removed
    left = UserSession.objects.filter(~Exists(Session.objects.filter(pk=OuterRef("session_key"))))
    left = left.filter(created_at__lt=before - NEW).order_by("pk")
    return _counted(_some(left), UserSession.objects.all(), count)


def failed_tasks(before: datetime) -> QuerySet[Any]:
    """What django-q keeps of those. By its name: only tasks.py imports the engine."""
    tasks = apps.get_model("django_q", "Task")._base_manager
    return tasks.filter(stopped__lt=before).order_by("stopped")


@transaction.atomic
def remove_tasks(before: datetime, count: Count) -> int | None:
    found = failed_tasks(before)
    return _counted(_some(found), found.model._base_manager.all(), count)


def _some(rows: QuerySet[Any]) -> list[Any]:
    return list(rows.values_list("pk", flat=True)[:ROWS])


def _counted(keys: Sequence[Any], rows: QuerySet[Any], count: Count) -> int | None:
    if not keys:
        return None
    removed, _ = rows.filter(pk__in=keys).delete()
    count(removed)
    return removed
