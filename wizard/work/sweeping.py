"""Takes up what a dead process left, and queues what is due: database only, every few seconds."""

import logging
from collections.abc import Callable
from datetime import datetime, timedelta

from django.conf import settings
from django.db.models import Q
from django.utils import timezone

from wizard.connections import tasks
from wizard.connections.models import BaseConnection, BaseConnectionQuerySet, Change
from wizard.connections.queries import APPROVED_WITHIN, GRACE_SECONDS, KEPT_FOR_A_PERSON, TASK_LOST_AFTER
from wizard.connections.statuses import ChangeStatus, Status
from wizard.record.kinds import Kind
from wizard.record.models import Event
from wizard.work.submitting import fail, put_back
from wizard.work.testing import give_up_silent_tests, queue_due_retests

log = logging.getLogger(__name__)

MOST_PUT_BACKS = 8
BATCH = 100


def sweep() -> None:
    """Safe to run in many processes at once: each row is taken up by one of them."""
    now, rows = timezone.now(), BaseConnection.objects.reachable()
    for connection in rows.stalled(now).order_by("stepped_at")[:BATCH]:
        _recover(connection)
    _queue(rows.left_waiting(now).order_by("stepped_at"), BaseConnection.requeue, tasks.submit_later)
    _queue(rows.due_for_a_look(now).order_by("next_look_at"), BaseConnection.claim_look, tasks.reconcile_later)
    _queue(rows.due_to_be_followed(now).order_by("follow_at"), BaseConnection.claim_follow, tasks.follow_later)
    _sweep_changes(now)
    # No task lasts longer than three calls.
    give_up_silent_tests(now - timedelta(seconds=3 * settings.FLOW_SERVICE_TIMEOUT + 60))
    queue_due_retests(now)
    _erase_what_nobody_came_back_to(now)
    _withdraw_what_nobody_approved(now)
    Event.objects.chain()


def _queue(rows: BaseConnectionQuerySet, claim: Callable[[BaseConnection], bool], later: Callable[[int], None]) -> None:
    for connection in rows[:BATCH]:
        if claim(connection):
            later(connection.pk)


def _recover(connection: BaseConnection) -> None:
    """Nothing sent: back to the queue. Sent: looked up, and never sent again blindly."""
    log.warning("Connection %s was left behind while %s.", connection.uuid, connection.status)
    if connection.sent_at is not None:
        connection.mark_unknown("The process that sent it ended before the answer came.", error_kind="NoAnswer")
        tasks.reconcile_later(connection.pk)
    elif connection.times_put_back >= MOST_PUT_BACKS:
        fail(connection, "Given up after several attempts that ended before anything was sent.")
    else:
        put_back(connection, "The process that was at it ended before it sent anything.")


def _sweep_changes(now: datetime) -> None:
    """Changes that a dead process left, and those whose pause is over."""
    reachable = Change.objects.filter(connection__organization__is_practice=settings.PRACTICE)
    call = timedelta(seconds=3 * settings.FLOW_SERVICE_TIMEOUT + GRACE_SECONDS)
    stalled = reachable.filter(status=ChangeStatus.SENDING, stepped_at__lt=now - call)
    for change in stalled.select_related("connection").order_by("stepped_at")[:BATCH]:
        change.mark_unanswered(now, "The process that sent it ended before the answer came.", error_kind="NoAnswer")
    lost = Q(due_at=None, stepped_at__lt=now - TASK_LOST_AFTER)
    due = reachable.filter(lost | Q(due_at__lte=now), status__in=(ChangeStatus.WAITING, ChangeStatus.UNANSWERED))
    for change in due.order_by("stepped_at")[:BATCH]:
        if change.requeue():
            tasks.change_later(change.pk)


def _erase_what_nobody_came_back_to(now: datetime) -> None:
    """With its secrets. Drafts have no events: nothing was asked for yet."""
    BaseConnection.objects.outdated_drafts(now).delete()
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
