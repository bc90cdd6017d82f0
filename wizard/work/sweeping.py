"""Takes up what a dead process left, and queues what is due: database only, every few seconds."""

import logging
from collections.abc import Callable
from datetime import datetime, timedelta

from django.conf import settings
from django.utils import timezone

from wizard.connections import tasks
from wizard.connections.models import BaseConnection, BaseConnectionQuerySet
from wizard.work.changing import sweep_changes
from wizard.work.submitting import fail, put_back
from wizard.work.testing import give_up_silent_tests, queue_due_retests

log = logging.getLogger(__name__)

MOST_PUT_BACKS = 8
BATCH = 100


def sweep() -> None:
    """Safe to run in many processes at once: each row is taken up by one of them."""
    now = timezone.now()
    for connection in BaseConnection.objects.stalled(now).order_by("stepped_at")[:BATCH]:
        _recover(connection)
    rows = BaseConnection.objects
    _queue(rows.left_waiting(now).order_by("stepped_at"), BaseConnection.requeue, tasks.submit_later)
    _queue(rows.due_for_a_look(now).order_by("next_look_at"), BaseConnection.claim_look, tasks.reconcile_later)
    _queue(rows.due_to_be_followed(now).order_by("follow_at"), BaseConnection.claim_follow, tasks.follow_later)
    sweep_changes(now)
    give_up_silent_tests(now - timedelta(seconds=8 * settings.FLOW_SERVICE_TIMEOUT + 60))
    queue_due_retests(now)
    _erase_outdated_drafts(now)


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


def _erase_outdated_drafts(now: datetime) -> None:
    """Drafts have no events: nothing was asked for yet."""
    BaseConnection.objects.outdated_drafts(now).delete()
