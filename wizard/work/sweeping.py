"""Takes up what a dead process left, and queues what is due: database only, every few seconds."""

import logging
from collections.abc import Callable
from datetime import datetime, timedelta
from typing import Any

from django.conf import settings
from django.db.models import QuerySet
from django.utils import timezone

from wizard.connections import tasks
from wizard.connections.models import BaseConnection, Change
from wizard.connections.queries import (
    APPROVED_WITHIN,
    GRACE_SECONDS,
    KEPT_FOR_A_PERSON,
    TASK_LOST_AFTER,
    TASK_LOST_AFTER_IF_IDLE,
    lost_or_due,
)
from wizard.connections.statuses import ChangeStatus, Status
from wizard.dataflows.models import Resource, ResourceKind
from wizard.dataflows.tasks import look_for_later, make_later
from wizard.record.kinds import Kind
from wizard.record.models import Event
from wizard.tasks import is_idle
from wizard.work.clock import Clock, go_on_by
from wizard.work.making import send_again
from wizard.work.outcomes import Row, fail, put_back
from wizard.work.testing import give_up_silent_tests, queue_due_retests

log = logging.getLogger(__name__)
clock = Clock()

MOST_PUT_BACKS = 8
BATCH = 100
ENDED = "The process that sent it ended before the answer came."


def sweep() -> None:
    """Safe to run in many processes at once: each row is taken up by one of them."""
    now, rows = timezone.now(), BaseConnection.objects.reachable()
    if clock.was_put_back():
        go_on_by(now)
    lost_after = TASK_LOST_AFTER_IF_IDLE if is_idle() else TASK_LOST_AFTER
    for connection in rows.stalled(now).order_by("stepped_at")[:BATCH]:
        _recover(connection, tasks.submit_later, tasks.reconcile_later)
    _queue(rows.left_waiting(now, lost_after).order_by("stepped_at"), BaseConnection.requeue, tasks.submit_later)
    _queue(rows.due_for_a_look(now).order_by("next_look_at"), BaseConnection.claim_look, tasks.reconcile_later)
    _queue(rows.due_to_be_followed(now).order_by("follow_at"), BaseConnection.claim_follow, tasks.follow_later)
    _sweep_changes(now, lost_after)
    _sweep_resources(now, lost_after)
    # No task lasts longer than three calls.
    give_up_silent_tests(now - timedelta(seconds=3 * settings.FLOW_SERVICE_TIMEOUT + 60))
    queue_due_retests(now)
    if clock.is_steady():
        _erase_what_nobody_came_back_to(now)
        _withdraw_what_nobody_approved(now)
    Event.objects.chain()


def _queue(rows: QuerySet[Any, Any], claim: Callable[[Any], bool], later: Callable[[int], None]) -> None:
    for row in rows[:BATCH]:
        if claim(row):
            later(row.pk)


def _recover(row: Row, queue: Callable[[int], None], look: Callable[[int], None]) -> None:
    """Nothing sent: back to the queue. Sent: looked up, and never sent again blindly."""
    log.warning("%s %s was left behind while %s.", row._meta.object_name, row.uuid, row.status)
    if row.sent_at is not None:
        row.mark_unknown(ENDED, error_kind="NoAnswer")
        look(row.pk)
    elif row.times_put_back >= MOST_PUT_BACKS:
        fail(row, "Given up after several attempts that ended before anything was sent.")
    else:
        put_back(row, "The process that was at it ended before it sent anything.", queue)


def _sweep_resources(now: datetime, lost_after: timedelta) -> None:
    rows = Resource.objects.reachable().with_needs()
    for resource in rows.stalled(now).order_by("stepped_at")[:BATCH]:
        if resource.kind == ResourceKind.MAPPING_SET and resource.sent_at:
            send_again(resource, ENDED, ENDED, error_kind="NoAnswer")
        else:
            _recover(resource, make_later, look_for_later)
    _queue(rows.left_waiting(now, lost_after).order_by("stepped_at"), Resource.requeue, make_later)
    _queue(rows.due_for_a_look(now).order_by("due_at"), Resource.claim_look, look_for_later)


def _sweep_changes(now: datetime, lost_after: timedelta) -> None:
    """Changes that a dead process left, and those whose pause is over."""
    reachable = Change.objects.filter(connection__organization__is_practice=settings.PRACTICE)
    call = timedelta(seconds=3 * settings.FLOW_SERVICE_TIMEOUT + GRACE_SECONDS)
    stalled = reachable.filter(status=ChangeStatus.SENDING, stepped_at__lt=now - call)
    for change in stalled.select_related("connection").order_by("stepped_at")[:BATCH]:
        change.mark_unanswered(now, ENDED, error_kind="NoAnswer")
    due = reachable.filter(lost_or_due(now, lost_after), status__in=(ChangeStatus.WAITING, ChangeStatus.UNANSWERED))
    for change in due.order_by("stepped_at")[:BATCH]:
        if change.requeue():
            tasks.change_later(change.pk)


def _erase_what_nobody_came_back_to(now: datetime) -> None:
    """With its secrets. Drafts have no events: nothing was asked for yet."""
    # Some at a time: whoever writes waits for it.
    outdated = BaseConnection.objects.outdated_drafts(now)
    outdated.filter(pk__in=list(outdated.order_by("stepped_at").values_list("pk", flat=True)[:BATCH])).delete()
    undecided = Change.objects.filter(status=ChangeStatus.CONFLICT, stepped_at__lt=now - KEPT_FOR_A_PERSON)
    for change in undecided.select_related("connection")[:BATCH]:
        words = "Nobody decided within a week: what was typed is erased."
        change.step(ChangeStatus.WITHDRAWN, (ChangeStatus.CONFLICT,), Kind.WITHDRAWN, words, wanted=None)


def _withdraw_what_nobody_approved(now: datetime) -> None:
    """What was right two weeks ago need not be now, nor does anybody wait for it."""
    words, too_old = f"Nobody decided within {APPROVED_WITHIN.days} days.", now - APPROVED_WITHIN
    for connection in BaseConnection.objects.filter(status=Status.APPROVAL, stepped_at__lt=too_old)[:BATCH]:
        connection.turn_down(None, Kind.WITHDRAWN, f"Create: {words}", f"Not approved. {words}")
    changes = Change.objects.filter(status=ChangeStatus.APPROVAL, stepped_at__lt=too_old)
    for change in changes.select_related("connection")[:BATCH]:
        message = f"{change.get_kind_display()}: {words}"
        change.step(ChangeStatus.WITHDRAWN, (ChangeStatus.APPROVAL,), Kind.WITHDRAWN, message, wanted=None)
