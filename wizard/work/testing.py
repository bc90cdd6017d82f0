"""A connection's test as a ladder of named steps, each with its result, its time, and what to do where it ends."""

import time
from datetime import datetime, timedelta
from typing import Any

from django.conf import settings

from wizard.connections import tasks
from wizard.connections.changes import UNDER_WAY
from wizard.connections.models import BaseConnection
from wizard.connections.statuses import EventKind, Finding, Status, TestStatus
from wizard.flow_service.datatypes import RemoteConnection
from wizard.flow_service.errors import FlowServiceError
from wizard.flow_service.explanations import explain
from wizard.work import pauses
from wizard.work.rungs import LABELS, Failed, Rungs, Skipped
from wizard.work.taking_over import take_over

SILENT = "The test ended without a result. Test again."
LONGEST_PAUSE = timedelta(days=7)
# Of those that are due, so many are queued at each sweep: Adobe's limits are for the people who work.
AT_ONCE = 2


def run_test(pk: int) -> None:
    """Climbs the ladder, and keeps each step as it is done; a draft, or what was not made, gets its first part."""
    connection = BaseConnection.objects.select_related("organization").get(pk=pk)
    if not connection.is_being_tested:
        return
    ladder = Ladder(connection)
    ladder.climb()
    failed = ladder.failed_step
    result = TestStatus.FAILED if failed in ("test", "explore") else TestStatus.ERROR if failed else TestStatus.PASSED
    values: dict[str, Any] = {"failed_retests": connection.failed_retests + 1 if failed else 0}
    if ladder.remote:
        values["remote_state"] = ladder.remote.state[:40]
    if connection.keep_test(result, ladder.words, ladder.steps, **values) and connection.status == Status.CONNECTED:
        _keep_finding(connection, ladder)


class Ladder:
    """One climb. `steps` are as the page and the event have them."""

    def __init__(self, connection: BaseConnection) -> None:
        self._connection = connection
        self._rungs = Rungs(connection)
        self.steps = [
            {"key": key, "label": label, "status": "waiting", "seconds": None, "message": "", "next": ""}
            for key, label in LABELS.items()
            if connection.status == Status.CONNECTED or key in Rungs.BEFORE_IT_EXISTS
        ]
        self.failed_step = ""

    @property
    def remote(self) -> RemoteConnection | None:
        return self._rungs.remote

    @property
    def is_gone(self) -> bool:
        return self._rungs.is_gone

    @property
    def words(self) -> str:
        """The outcome in a sentence."""
        found = next((step for step in self.steps if step["key"] == self.failed_step), None)
        return str((found or self.steps[-1])["message"])

    def climb(self) -> None:
        """Each step in turn, until one fails."""
        try:
            for step in self.steps:
                self._take(step)
                if self.failed_step or not self._connection.keep_test_steps(self.steps):
                    return
        finally:
            self._rungs.close()

    def _take(self, step: dict[str, Any]) -> None:
        step["status"] = "running"
        self._connection.keep_test_steps(self.steps)
        started = time.monotonic()
        try:
            result = {"status": "passed", "message": getattr(self._rungs, step["key"])()}
        except Skipped as skipped:
            result = {"status": "skipped", "message": str(skipped)}
        except Failed as failed:
            result = {"status": "failed", "message": str(failed), "next": failed.next}
        except FlowServiceError as error:
            result = {"status": "failed", **_explained(error)}
        step |= result | {"seconds": round(time.monotonic() - started, 3)}
        if result["status"] == "failed":
            self.failed_step = step["key"]


def _explained(error: FlowServiceError) -> dict[str, str]:
    found = explain(code=error.code, status=error.status, error=type(error).__name__)
    return {
        "message": f"{found.what} ({error})"[:1000],
        "next": f"{found.who[:1].upper()}{found.who[1:]}: {found.next}",
    }


def _keep_finding(connection: BaseConnection, ladder: Ladder) -> None:
    """What is otherwise than it was left. That it was changed stays until a person has had it tested."""
    asked = connection.events.filter(kind=EventKind.TEST_ASKED).last()
    stays = connection.finding == Finding.CHANGED and asked is not None and asked.actor_id is None
    if ladder.failed_step == "created":
        connection.keep_finding(Finding.VANISHED if ladder.is_gone else Finding.BROKE)
    elif ladder.failed_step in ("test", "explore"):
        connection.keep_finding(Finding.BROKE)
    elif not ladder.failed_step and not stays:
        connection.keep_finding(Finding.NONE)
    remote = ladder.remote
    is_comparable = bool(remote and remote.etag and connection.etag)
    is_quiet = is_comparable and not connection.changes.filter(status__in=UNDER_WAY).exists()
    if remote and is_quiet and take_over(connection, remote):
        connection.keep_finding(Finding.CHANGED)


def give_up_silent_tests(asked_before: datetime) -> None:
    """Ends tests whose worker died."""
    silent = BaseConnection.objects.filter(test_status=TestStatus.PENDING, test_requested_at__lt=asked_before)
    for connection in silent:
        connection.keep_test(TestStatus.ERROR, SILENT, connection.test_steps)


def queue_due_retests(now: datetime) -> None:
    """With RETEST_HOURS: each connection that often, and ever less often while its tests fail."""
    if not settings.RETEST_HOURS:
        return
    for connection in BaseConnection.objects.due_for_a_retest(now)[:AT_ONCE]:
        often = timedelta(hours=settings.RETEST_HOURS)
        pause = min(often * 2 ** min(connection.failed_retests, 10), max(LONGEST_PAUSE, often))
        if connection.plan_retest(pauses.after(pause.total_seconds())) and connection.ask_for_test(None):
            tasks.test_later(connection.pk)
