"""A connection's test as a ladder of named steps, each with its result, its time, and what to do where it ends."""

import time
from datetime import datetime, timedelta
from typing import Any

from django.conf import settings

from wizard.connections import tasks
from wizard.connections.changes import AT_WORK
from wizard.connections.models import BaseConnection
from wizard.connections.statuses import Finding, Status, TestStatus
from wizard.flow_service.datatypes import RemoteConnection
from wizard.flow_service.errors import FlowServiceError, Refused, one_line
from wizard.flow_service.explanations import explain
from wizard.record.kinds import Kind
from wizard.record.models import Event
from wizard.reports import quietly
from wizard.work import pauses
from wizard.work.causes import TEST, because_of
from wizard.work.rungs import LABELS, Failed, Rungs, Skipped
from wizard.work.taking_over import take_over

SILENT = "The test ended without a result. Test again."
LONGEST_PAUSE = timedelta(days=7)
# Of those that are due, so many are queued at each sweep: Adobe's limits are for the people who work.
AT_ONCE = 2
LONGEST_WORDS = 1000  # characters of what a step found, and of what to do next


@quietly
@Event.objects.chained_together()
def run_test(pk: int) -> None:
    """Climbs the ladder, and keeps each step as it is done; a draft, or what was not made, gets its first part."""
    connection = BaseConnection.objects.select_related("organization").filter(pk=pk).first()
    if connection is None or not connection.is_being_tested or not connection.is_reachable:
        return
    with because_of(TEST, connection, "test"):
        _run_test(connection)


def _run_test(connection: BaseConnection) -> None:
    ladder = Ladder(connection)
    ladder.climb()
    values = {"failed_retests": connection.failed_retests + 1 if ladder.failed_step else 0}
    finding = _finding(connection, ladder)
    is_kept = connection.keep_test(ladder.result, ladder.words, ladder.steps, finding, **values)
    if is_kept and ladder.remote and connection.status == Status.CONNECTED:
        _keep_remote(connection, ladder.remote)


def _finding(connection: BaseConnection, ladder: "Ladder") -> Finding | None:
    """None where nothing was found out. That it was changed stays until a person has had it tested."""
    if ladder.is_gone:
        return Finding.VANISHED
    if ladder.result == TestStatus.FAILED:
        return Finding.BROKE
    asked = connection.events.filter(kind=Kind.TEST_ASKED).last()
    stays = connection.finding == Finding.CHANGED and asked is not None and asked.actor_id is None
    return None if ladder.failed_step or stays else Finding.NONE


def _keep_remote(connection: BaseConnection, remote: RemoteConnection) -> None:
    """What was read of it, unless the row has moved on since: then it was read too early."""
    as_read = {"etag": connection.etag, "remote_state": connection.remote_state, "status": Status.CONNECTED}
    if remote.etag == connection.etag:
        BaseConnection.objects.filter(pk=connection.pk, **as_read).update(remote_state=remote.state[:40])
        return
    is_quiet = connection.etag and not connection.changes.filter(status__in=AT_WORK).exists()
    if is_quiet and take_over(connection, remote):
        connection.keep_finding(Finding.CHANGED)


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
        # The last step ended in the source's or Adobe's own no, and not in a call that did not come to its end.
        self.is_refused = False

    @property
    def result(self) -> TestStatus:
        if not self.failed_step:
            return TestStatus.PASSED
        says_no = self.failed_step in ("test", "explore") and self.is_refused
        return TestStatus.FAILED if says_no or self.is_gone else TestStatus.ERROR

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
        if found is None and self._connection.status != Status.CONNECTED:
            return "Nothing stands in the way. Nothing was created."
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
            self.is_refused = True
        except FlowServiceError as error:
            result = {"status": "failed", **_explained(error)}
            self.is_refused = isinstance(error, Refused)
        step |= {name: one_line(words)[:LONGEST_WORDS] for name, words in result.items()}
        step |= {"seconds": round(time.monotonic() - started, 3)}
        if result["status"] == "failed":
            self.failed_step = step["key"]


def _explained(error: FlowServiceError) -> dict[str, str]:
    found = explain(code=error.code, status=error.status, error=type(error).__name__, message=error.message)
    return {
        "message": f"{found.what} ({error})"[:1000],
        "next": f"{found.who[:1].upper()}{found.who[1:]}: {found.next}",
    }


def give_up_silent_tests(asked_before: datetime) -> None:
    """Ends tests whose worker died."""
    silent = BaseConnection.objects.filter(test_status=TestStatus.PENDING, test_requested_at__lt=asked_before)
    for connection in silent:
        connection.keep_test(TestStatus.ERROR, SILENT, connection.test_steps)


def queue_due_retests(now: datetime) -> None:
    """With RETEST_HOURS: each connection that often, and ever less often while its tests fail."""
    if not settings.RETEST_HOURS:
        return
    for connection in BaseConnection.objects.reachable().due_for_a_retest(now)[:AT_ONCE]:
        often = timedelta(hours=settings.RETEST_HOURS)
        pause = min(often * 2 ** min(connection.failed_retests, 10), max(LONGEST_PAUSE, often))
        if connection.plan_retest(pauses.after(pause.total_seconds())) and connection.ask_for_test(None):
            tasks.test_later(connection.pk)
