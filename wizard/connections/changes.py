"""A change of a connection that exists: wanted by a person and sent to Adobe, or made there by somebody else.

status:  (approval ->) waiting -> sending -> done | failed | conflict | unanswered, and withdrawn. One at a time is
under way; one that waits for another person's approval is, too, and no worker takes it up.
"""

import uuid
from datetime import datetime
from typing import Any

from django.conf import settings
from django.db import models
from django.db.models import Q
from django.utils import timezone

from wizard.connections.records import KeptError
from wizard.connections.statuses import ChangeKind, ChangeStatus
from wizard.connections.stepping import Stepping
from wizard.people.models import User
from wizard.record.kinds import Kind
from wizard.vault.fields import SealedField
from wizard.vault.sealed import Sealed

# What a worker takes up, and ends.
AT_WORK = (ChangeStatus.WAITING, ChangeStatus.SENDING, ChangeStatus.UNANSWERED)
UNDER_WAY = (ChangeStatus.APPROVAL, *AT_WORK)


class Change(Sealed, Stepping, KeptError):
    """`revision` is that of the connection when the change began, `before` what its form's values were then.

    `wanted` holds what the change is to make of it; its secrets are erased when the change has come to its end.
    """

    place_relations = ("connection__organization",)

    uuid = models.UUIDField(default=uuid.uuid4, unique=True, editable=False)
    connection = models.ForeignKey("connections.BaseConnection", on_delete=models.CASCADE, related_name="changes")
    kind = models.CharField(max_length=20, choices=ChangeKind)
    status = models.CharField(max_length=20, choices=ChangeStatus, default=ChangeStatus.WAITING)
    revision = models.PositiveIntegerField()
    before = SealedField(null=True)
    wanted = SealedField(null=True)
    # Labels of what it changes, secrets among them: never a value.
    labels = models.JSONField(default=list)
    looks = models.PositiveIntegerField(default=0)
    # An attempt was left without an answer: it may have been carried out.
    may_be_done = models.BooleanField(default=False)
    due_at = models.DateTimeField(null=True)

    created_by = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.PROTECT, null=True, related_name="+")
    created_at = models.DateTimeField(auto_now_add=True)

    class Meta:
        ordering = ("pk",)
        constraints = (
            models.UniqueConstraint(
                fields=("connection",), condition=Q(status__in=UNDER_WAY), name="one_change_under_way"
            ),
        )
        indexes = (models.Index(fields=("status", "stepped_at"), name="change_under_way"),)

    def __str__(self) -> str:
        return f"{self.get_kind_display()} of {self.connection}"

    @property
    def is_under_way(self) -> bool:
        return self.status in UNDER_WAY

    # --- Its steps ---

    def claim(self) -> bool:
        """waiting -> sending; True for the one process that is to send it."""
        if self.due_at and self.due_at > timezone.now():
            return False
        values: dict[str, Any] = {"attempts": self.attempts + 1, "sent_at": None, "due_at": None}
        return self.step(ChangeStatus.SENDING, (ChangeStatus.WAITING,), None, **values)

    def mark_sent(self) -> bool:
        """Notes, before the first byte, that it is under way. False: this attempt is no longer ours."""
        kind = None if self.sent_at else Kind.CHANGE_SENT
        message = self.get_kind_display()
        return self.step(ChangeStatus.SENDING, (ChangeStatus.SENDING,), kind, message, sent_at=timezone.now())

    def mark_unanswered(self, due_at: datetime, reason: str, **error: Any) -> bool:
        """sending -> unanswered: it may have been carried out, and is read back at `due_at`."""
        values = {"due_at": due_at, "may_be_done": True, **error}
        return self.step(ChangeStatus.UNANSWERED, (ChangeStatus.SENDING,), Kind.CHANGE_HELD, reason, **values)

    def claim_look(self, until: datetime) -> bool:
        """True for the one process that is to read it back now; should it die, that is due again then."""
        rows = Change.objects.filter(pk=self.pk, status=ChangeStatus.UNANSWERED, due_at=None, looks=self.looks)
        return rows.update(due_at=until, looks=self.looks + 1) == 1

    def put_back(self, due_at: datetime, reason: str, **error: Any) -> bool:
        """sending or unanswered -> waiting, for what was not carried out."""
        origins = (ChangeStatus.SENDING, ChangeStatus.UNANSWERED)
        return self.step(ChangeStatus.WAITING, origins, Kind.CHANGE_HELD, reason, due_at=due_at, **error)

    def requeue(self) -> bool:
        """Waiting or unanswered, and due: True for the one process that is to queue it."""
        known = {"status": self.status, "due_at": self.due_at, "stepped_at": self.stepped_at}
        rows = Change.objects.filter(pk=self.pk, **known)
        return rows.update(due_at=None, stepped_at=timezone.now()) == 1

    def step(
        self,
        status: ChangeStatus,
        origins: tuple[ChangeStatus, ...],
        kind: Kind | None,
        message: str = "",
        actor: User | None = None,
        **values: Any,
    ) -> bool:
        """True in one of the origins, and in our attempt."""
        return self.take_step(self.connection, status, origins, kind, values, message, actor)

    # --- Its secrets ---

    def place(self, field: str) -> tuple[str, ...]:
        """What a sealed value (before, or wanted) is bound to: its connection's lasting place, and this change alone.

        Not to the destination: a change lives on while that of its connection becomes another, by this change itself
        among others. Where its secrets were meant to be sent to is sealed together with them.
        """
        return (self._meta.label_lower, str(self.uuid), *self.connection.lasting_place(field))
