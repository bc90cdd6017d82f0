"""Every step that a resource beneath a base connection can take at the Flow Service.

status:  waiting -> sending -> made | failed | unknown. A dataflow waits until its source connection, its target
connection and its mapping set are made. Each step is a conditional UPDATE and one event of the connection.
"""

from collections.abc import Collection, Mapping
from datetime import datetime
from typing import Any

from django.utils import timezone

from wizard.connections.models import look_lease
from wizard.connections.records import NO_ERROR
from wizard.dataflows.resource_queries import ResourceQuerySet
from wizard.dataflows.resource_row import ResourceRow
from wizard.dataflows.resource_statuses import ResourceKind, ResourceStatus
from wizard.people.models import User
from wizard.record.kinds import Kind

__all__ = ["Resource", "ResourceKind", "ResourceStatus"]

WAITING, SENDING, MADE = ResourceStatus.WAITING, ResourceStatus.SENDING, ResourceStatus.MADE
FAILED, UNKNOWN = ResourceStatus.FAILED, ResourceStatus.UNKNOWN
NOT_HELD: dict[str, Any] = {"due_at": None, "due_reason": "", "is_held": False}


class Resource(ResourceRow):
    objects = ResourceQuerySet.as_manager()

    def claim(self) -> bool:
        """waiting -> sending; True for the one process that is to send it. Not while it waits on purpose."""
        if self.due_at and self.due_at > timezone.now():
            return False
        values = {"attempts": self.attempts + 1, "sent_at": None, **NOT_HELD}
        return self._step(SENDING, (WAITING,), None, values)

    def mark_sent(self, reason: str = "", **values: Any) -> bool:
        """Notes, before the first byte, that a create is under way. False: this attempt is no longer ours."""
        return self._step(SENDING, (SENDING,), Kind.RESOURCE_SENT, {"sent_at": timezone.now(), **values}, reason)

    def put_back(
        self, reason: str, due_at: datetime | None = None, due_reason: str = "", *, is_held: bool = False
    ) -> bool:
        """sending -> waiting, for an attempt after which it may be sent again; at `due_at`, or now.

        `is_held`: it waits for the circuit breaker, and that was no attempt of its own.
        """
        values: dict[str, Any] = {"due_at": due_at, "due_reason": due_reason[:300], "is_held": is_held}
        values |= {"put_backs": self.put_backs + (not is_held)}
        return self._step(WAITING, (SENDING,), Kind.RESOURCE_HELD, values, reason)

    def hold(self, reason: str, due_at: datetime) -> bool:
        """waiting -> waiting, not before `due_at`. An event only when that begins."""
        values = {"due_at": due_at, "due_reason": reason[:300], "is_held": True}
        return self._step(WAITING, (WAITING,), None if self.is_held else Kind.RESOURCE_HELD, values, reason)

    def mark_made(self, remote_id: str, etag: str = "", version: int | None = None, reason: str = "") -> bool:
        """sending or unknown -> made; also of a failed one, when the answer of that attempt comes late.

        Raises IntegrityError if another row has this resource already.
        """
        values: dict[str, Any] = {"remote_id": remote_id, "etag": etag, "version": version, "made_at": timezone.now()}
        values |= {"candidates": [], **NOT_HELD, **NO_ERROR}
        return self._step(MADE, (SENDING, UNKNOWN, FAILED), Kind.RESOURCE_MADE, values, reason)

    def mark_failed(self, reason: str, **error: Any) -> bool:
        """sending or unknown -> failed: nothing was made."""
        values = {"candidates": [], **NOT_HELD, **error}
        return self._step(FAILED, (SENDING, UNKNOWN), Kind.RESOURCE_FAILED, values, reason)

    def mark_unknown(self, reason: str, **error: Any) -> bool:
        """sending -> unknown: it was sent, and the answer is missing. The caller looks at once."""
        values = {"looks": 0, "candidates": [], **NOT_HELD, **error, "due_at": look_lease()}
        return self._step(UNKNOWN, (SENDING,), Kind.RESOURCE_UNKNOWN, values, reason)

    def doubt(self, since: datetime, reason: str) -> bool:
        """Asked for and not decided -> unknown: it may have been sent since then, by what we know nothing of."""
        values = {"looks": 0, "candidates": [], "sent_at": self.sent_at or since, **NOT_HELD, **NO_ERROR}
        values |= {"due_at": timezone.now()}
        return self._step(UNKNOWN, (WAITING, SENDING), Kind.RESOURCE_UNKNOWN, values, reason)

    def plan_look(self, next_look_at: datetime | None, looks: int, reason: str, **values: Any) -> bool:
        """unknown -> unknown: it was looked up to no end; again at that time, or not by itself (None)."""
        values |= {"looks": looks, "due_at": next_look_at, "due_reason": reason[:300]}
        # What a look finds once more, or fails for once more, is no news.
        kind = None if reason[:300] == self.due_reason else Kind.RESOURCE_LOOKED
        return self._step(UNKNOWN, (UNKNOWN,), kind, values, reason)

    def claim_look(self) -> bool:
        """True for the one process that is to look now; should it die, the look is due again after a while."""
        rows = Resource.objects.filter(pk=self.pk, status=UNKNOWN, due_at=self.due_at)
        return rows.update(due_at=look_lease()) == 1

    def ask_for_look(self, person: User) -> bool:
        """unknown -> unknown: somebody wants it looked up now."""
        values = {"due_at": look_lease(), "due_reason": "", "candidates": []}
        return self._step(UNKNOWN, (UNKNOWN,), Kind.LOOK_ASKED, values, actor=person)

    def requeue(self) -> bool:
        """Still waiting: True for the one process that is to queue it once more."""
        rows = Resource.objects.filter(pk=self.pk, status=WAITING, stepped_at=self.stepped_at, due_at=self.due_at)
        return rows.update(stepped_at=timezone.now(), due_at=None) == 1

    def ask_again(self, person: User) -> bool:
        """failed -> waiting, in this person's name."""
        values = {"asked_by": person, "sent_at": None, "put_backs": 0, **NOT_HELD, **NO_ERROR}
        return self._step(WAITING, (FAILED,), Kind.RESOURCE_ASKED, values, "Once more.", person)

    def take_over(self, person: User) -> bool:
        """Waiting still: it is sent in this person's name, who has asked for a part of it again."""
        return self._step(WAITING, (WAITING,), None, {"asked_by": person})

    @property
    def times_put_back(self) -> int:
        """Since somebody asked for it last."""
        return self.put_backs

    def note(self, kind: Kind, words: str = "", actor: User | None = None) -> None:
        """An event about it that changes nothing here."""
        self.connection.events.create(kind=kind, message=self._said(words), actor=actor, details=self._details)

    def _step(
        self,
        status: ResourceStatus,
        origins: Collection[ResourceStatus],
        kind: Kind | None,
        values: Mapping[str, Any],
        message: str = "",
        actor: User | None = None,
    ) -> bool:
        words = self._said(message)
        return self.take_step(self.connection, status, origins, kind, values, words, actor, details=self._details)

    def _said(self, words: str) -> str:
        return f"{self}: {words}" if words else f"{self}."

    @property
    def _details(self) -> dict[str, str]:
        return {"resource": str(self.uuid), "kind": self.kind}
