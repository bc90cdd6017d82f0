"""The steps of a connection's tests: asked for, going on, ended; and what a scheduled one finds."""

from datetime import datetime
from typing import Any

from django.db import models, transaction
from django.utils import timezone

from wizard.connections.row import ConnectionRow
from wizard.connections.statuses import TESTABLE, Finding, Status, TestStatus
from wizard.people.models import User
from wizard.record.kinds import Kind, Outcome
from wizard.record.models import milliseconds_since

SCHEDULED = "It was time for it: RETEST_HOURS has passed since the last one."

OUTCOMES = {
    TestStatus.PASSED: Outcome.SUCCEEDED,
    TestStatus.FAILED: Outcome.FAILED,
    TestStatus.ERROR: Outcome.UNKNOWN,
}


class TestedConnection(ConnectionRow):
    class Meta(ConnectionRow.Meta):
        abstract = True

    def ask_for_test(self, person: User | None) -> bool:
        """A test is going to run, because a person wants it, or because it is time. False if one is already."""
        values = {"test_status": TestStatus.PENDING, "test_requested_at": timezone.now()}
        values |= {"test_message": "", "test_steps": [], "tested_at": None}
        with transaction.atomic():
            rows = self._rows().filter(status__in=TESTABLE).exclude(test_status=TestStatus.PENDING)
            if not rows.update(**values):
                return False
            if self.status != Status.DRAFT:
                self.events.create(kind=Kind.TEST_ASKED, actor=person, message="" if person else SCHEDULED)
            return True

    def keep_test_steps(self, steps: list[dict[str, Any]]) -> bool:
        """How far the test that is going on has come. False if it was given up meanwhile."""
        rows = self._rows().filter(test_status=TestStatus.PENDING, test_requested_at=self.test_requested_at)
        return rows.update(test_steps=steps) == 1

    def keep_test(
        self,
        result: TestStatus,
        message: str,
        steps: list[dict[str, Any]],
        finding: Finding | None = None,
        **values: Any,
    ) -> bool:
        """Keeps the result of the test that is going on, and what it found; None leaves that as it is."""
        values |= {"test_status": result, "test_message": message[:2000], "tested_at": timezone.now()}
        with transaction.atomic():
            rows = self._rows().filter(test_status=TestStatus.PENDING, test_requested_at=self.test_requested_at)
            if not rows.update(test_steps=steps, **values):
                return False
            if self.status != Status.DRAFT:
                words = f"{result.label}: {message}"
                took, kind = milliseconds_since(self.test_requested_at), self._kind_of_test()
                known = {"outcome": OUTCOMES.get(result, ""), "duration_ms": took, "details": {"steps": steps}}
                self.events.create(kind=kind, message=words, **known)
            if finding is not None:
                self.keep_finding(finding)
            return True

    def _kind_of_test(self) -> Kind:
        """Of a test that nobody asked for only what it finds is news."""
        asked = self.events.filter(kind=Kind.TEST_ASKED).last()
        return Kind.RETESTED if asked and asked.actor_id is None else Kind.TESTED

    def keep_finding(self, finding: Finding) -> None:
        """What is otherwise than it was left; the time is that of the first test that saw it."""
        rows = self._rows().filter(status=Status.CONNECTED).exclude(finding=finding)
        rows.update(finding=finding, found_at=timezone.now() if finding else None)

    def plan_retest(self, at: datetime) -> bool:
        """True for the one process that has claimed the test that is due; the next one is at that time."""
        return self._rows().filter(retest_at=self.retest_at).update(retest_at=at) == 1

    def _rows(self) -> models.QuerySet[Any]:
        return type(self)._default_manager.filter(pk=self.pk)
