"""Every step that a base connection can take.

status:  draft -> (approval ->) waiting -> connecting -> connected | failed | unknown, and deleted. Every step is one
method here: a conditional UPDATE, so that of two processes only one takes it, and one event in the same transaction.
"""

from datetime import datetime, timedelta
from typing import Any

from django.conf import settings
from django.db import transaction
from django.db.models import Q
from django.utils import timezone

from wizard.access.rules import EVERYTHING
from wizard.connections.calls import Call
from wizard.connections.changes import Change
from wizard.connections.queries import BaseConnectionQuerySet
from wizard.connections.records import NO_ERROR, Submission
from wizard.connections.statuses import ChangeStatus, Keeps, Status
from wizard.connections.tested import TestedConnection
from wizard.people.models import User
from wizard.record.kinds import Kind

__all__ = ["NO_ERROR", "BaseConnection", "BaseConnectionQuerySet", "Call", "Change", "Submission"]

ERASED = "No copy of its credentials is kept: they were erased here."


def look_lease() -> datetime:
    """Until then a look that has begun is left alone."""
    return timezone.now() + timedelta(seconds=2 * settings.FLOW_SERVICE_TIMEOUT)


class BaseConnection(TestedConnection):
    objects = BaseConnectionQuerySet.as_manager()

    def claim(self) -> bool:
        """waiting -> connecting; True for the one process that is to send it. Not while it waits on purpose."""
        if self.due_at and self.due_at > timezone.now():
            return False
        values = {"attempts": self.attempts + 1, "sent_at": None, **NOT_HELD}
        return self._step(Status.CONNECTING, (Status.WAITING,), Kind.CLAIMED, values)

    def mark_sent(self) -> bool:
        """Notes, before the first byte, that a create is under way. False: this attempt is no longer ours."""
        values = {"sent_at": timezone.now()}
        return self._step(Status.CONNECTING, (Status.CONNECTING,), Kind.SENT, values)

    def put_back(
        self, reason: str, due_at: datetime | None = None, due_reason: str = "", *, is_held: bool = False
    ) -> bool:
        """connecting -> waiting, for an attempt that is known to have made nothing; to be sent at `due_at`, or now.

        `is_held`: it waits for the circuit breaker, and that was no attempt of its own.
        """
        values = {"due_at": due_at, "due_reason": due_reason[:300], "is_held": is_held}
        kind = Kind.HELD if is_held else Kind.PUT_BACK
        return self._step(Status.WAITING, (Status.CONNECTING,), kind, values, reason)

    def hold(self, reason: str, due_at: datetime) -> bool:
        """waiting -> waiting, not before `due_at`. An event only when that begins."""
        values: dict[str, Any] = {"due_at": due_at, "due_reason": reason[:300], "is_held": True}
        if not self.is_held:
            return self._step(Status.WAITING, (Status.WAITING,), Kind.HELD, values, reason)
        rows = BaseConnection.objects.filter(pk=self.pk, status=Status.WAITING, attempts=self.attempts)
        return rows.update(**values) == 1

    def mark_connected(self, base_connection_id: str, etag: str, reason: str = "", **values: Any) -> bool:
        """connecting or unknown -> connected; also of a failed one, when the answer of that attempt comes late.

        Raises IntegrityError if another row has this base connection already.
        """
        origins = (Status.CONNECTING, Status.UNKNOWN, Status.FAILED)
        values |= {"base_connection_id": base_connection_id, "etag": etag, "connected_at": timezone.now()}
        # The caller has it followed at once; should that get lost, the sweep does.
        values |= {"follow_at": look_lease(), "next_look_at": None, "candidates": [], **NO_ERROR, **NOT_TESTED}
        if self.keeps == Keeps.NOTHING:
            values |= {"auth_params": None, "is_unreadable": False}
            reason = f"{reason} {ERASED}".strip()
        return self._step(Status.CONNECTED, origins, Kind.CONNECTED, values, reason)

    def mark_failed(self, reason: str, **error: Any) -> bool:
        """connecting or unknown -> failed: nothing was made."""
        origins = (Status.CONNECTING, Status.UNKNOWN)
        values = {"next_look_at": None, "candidates": [], **error}
        return self._step(Status.FAILED, origins, Kind.FAILED, values, reason)

    def mark_unknown(self, reason: str, **error: Any) -> bool:
        """connecting -> unknown: it was sent, and the answer is missing. The caller looks at once."""
        values = {"looks": 0, "next_look_at": look_lease(), "candidates": [], **error}
        return self._step(Status.UNKNOWN, (Status.CONNECTING,), Kind.UNKNOWN, values, reason)

    def doubt(self, since: datetime, reason: str) -> bool:
        """Asked for and not decided -> unknown: it may have been sent since then, by what we know nothing of."""
        origins = (Status.APPROVAL, Status.WAITING, Status.CONNECTING)
        values = {"looks": 0, "next_look_at": timezone.now(), "sent_at": self.sent_at or since, "candidates": []}
        return self._step(Status.UNKNOWN, origins, Kind.UNKNOWN, {**values, **NOT_HELD, **NO_ERROR}, reason)

    def plan_look(self, next_look_at: datetime | None, looks: int, reason: str, **values: Any) -> bool:
        """unknown -> unknown: it was looked up to no end; again at that time, or not by itself (None)."""
        values |= {"looks": looks, "next_look_at": next_look_at}
        return self._step(Status.UNKNOWN, (Status.UNKNOWN,), Kind.LOOKED, values, reason)

    def delay_look(self, next_look_at: datetime) -> bool:
        """Once more later, for the reason that the last event gives."""
        rows = BaseConnection.objects.filter(pk=self.pk, status=Status.UNKNOWN, next_look_at=self.next_look_at)
        return rows.update(next_look_at=next_look_at) == 1

    def claim_look(self) -> bool:
        """True for the one process that is to look now; should it die, the look is due again after a while."""
        rows = BaseConnection.objects.filter(pk=self.pk, status=Status.UNKNOWN, next_look_at=self.next_look_at)
        return rows.update(next_look_at=look_lease()) == 1

    def ask_for_look(self, person: User) -> bool:
        """unknown -> unknown: somebody wants it looked up now."""
        values = {"next_look_at": look_lease(), "candidates": []}
        return self._step(Status.UNKNOWN, (Status.UNKNOWN,), Kind.LOOK_ASKED, values, actor=person)

    def requeue(self) -> bool:
        """Still waiting: True for the one process that is to queue it once more."""
        rows = BaseConnection.objects.filter(pk=self.pk, status=Status.WAITING, stepped_at=self.stepped_at)
        values = {"stepped_at": timezone.now(), "due_at": None}
        return rows.filter(due_at=self.due_at).update(**values) == 1

    def claim_follow(self) -> bool:
        """True for the one process that is to ask for Adobe's state now."""
        rows = BaseConnection.objects.filter(pk=self.pk, follow_at=self.follow_at)
        return rows.update(follow_at=look_lease()) == 1

    @property
    def times_put_back(self) -> int:
        """Since somebody asked for it last."""
        asked = self.events.filter(kind__in=(Kind.ASKED, Kind.ASKED_AGAIN)).last()
        return self.events.filter(kind=Kind.PUT_BACK, pk__gt=asked.pk if asked else 0).count()

    def ask(self, person: User, status: Status = Status.WAITING, message: str = "") -> bool:
        """draft or failed -> waiting (or approval), with the values that the caller has set on this row.

        `message` goes on record.
        """
        values = {name: getattr(self, name) for name in ASKED_FOR}
        values |= {"asked_by": person, "sent_at": None, **NOT_HELD, **NO_ERROR, **NOT_TESTED}
        if self.status == Status.DRAFT:
            values |= {"created_at": timezone.now()}
            return self._step(status, (Status.DRAFT,), Kind.ASKED, values, message, person)
        return self._step(status, (Status.FAILED,), Kind.ASKED_AGAIN, values, message, person)

    def approve(self, person: User, message: str) -> bool:
        """approval -> waiting; the caller queues the create. False if it is not what was asked for when it was read."""
        return self._decide(Status.WAITING, Kind.APPROVED, {}, message, person)

    def turn_down(self, person: User | None, kind: Kind, message: str, words: str) -> bool:
        """approval -> failed, for the reason in `words`: nothing is sent; it can be corrected and asked for again."""
        return self._decide(Status.FAILED, kind, {**NO_ERROR, "error_message": words[:2000]}, message, person)

    def _decide(self, status: Status, kind: Kind, values: dict[str, Any], message: str, person: User | None) -> bool:
        # It may have been taken back and asked for anew with other values: nobody has decided about those.
        unchanged = Q(stepped_at=self.stepped_at)
        return self._step(status, (Status.APPROVAL,), kind, values, message, person, unchanged)

    def mark_deleted(self, reason: str) -> bool:
        """connected -> deleted. The sealed secrets are erased, those of its changes too, which end by that."""
        with transaction.atomic():
            ended = (ChangeStatus.CONFLICT, ChangeStatus.FAILED)
            self.changes.filter(status__in=ended).update(status=ChangeStatus.WITHDRAWN)
            self.changes.exclude(wanted=None).update(wanted=None)
            values: dict[str, Any] = {"auth_params": None, "is_unreadable": False, "follow_at": None, "retest_at": None}
            values |= {"finding": "", "found_at": None, **NOT_TESTED}
            return self._step(Status.DELETED, (Status.CONNECTED,), Kind.DELETED, values, reason)

    def _step(
        self,
        status: Status,
        origins: tuple[Status, ...],
        kind: Kind,
        values: dict[str, Any],
        message: str = "",
        actor: User | None = None,
        unchanged: Q = EVERYTHING,
    ) -> bool:
        return self.take_step(self, status, origins, kind, values, message, actor, unchanged)


# What a form sets.
ASKED_FOR = (
    *("organization", "sandbox_name", "name", "description", "source", "source_label"),
    *("connection_spec_id", "connection_spec_version", "auth_spec_name", "auth_spec_key", "body_extras"),
    *("auth_params", "form_values", "destination", "is_unreadable", "credentials_changed_at", "keeps"),
)
NOT_TESTED: dict[str, Any] = {"test_status": "", "test_steps": [], "test_message": "", "tested_at": None}
NOT_HELD: dict[str, Any] = {"due_at": None, "due_reason": "", "is_held": False}
