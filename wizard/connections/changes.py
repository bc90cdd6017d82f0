"""A change of a connection that exists: wanted by a person and sent to Adobe, or made there by somebody else.

status:  waiting -> sending -> done | failed | conflict | unanswered, and withdrawn. One at a time is under way.
"""

import uuid
from datetime import datetime
from typing import TYPE_CHECKING, Any

from django.conf import settings
from django.db import models
from django.db.models import Q
from django.utils import timezone
from django.views.decorators.debug import sensitive_variables

from wizard.connections.statuses import ChangeKind, ChangeStatus
from wizard.vault.fields import SealedField
from wizard.vault.sealing import seal, unseal

if TYPE_CHECKING:
    from wizard.connections.models import BaseConnection

UNDER_WAY = (ChangeStatus.WAITING, ChangeStatus.SENDING, ChangeStatus.UNANSWERED)
OPEN = (*UNDER_WAY, ChangeStatus.CONFLICT)


class Change(models.Model):
    """`revision` is that of the connection when the change began, `before` what its form's values were then.

    `wanted` holds what the change is to make of it; its secrets are erased when the change has come to its end.
    """

    uuid = models.UUIDField(default=uuid.uuid4, unique=True, editable=False)
    connection = models.ForeignKey("connections.BaseConnection", on_delete=models.CASCADE, related_name="changes")
    kind = models.CharField(max_length=20, choices=ChangeKind)
    status = models.CharField(max_length=20, choices=ChangeStatus, default=ChangeStatus.WAITING)
    revision = models.PositiveIntegerField()
    before = SealedField(null=True)
    wanted = SealedField(null=True)
    # Labels of what it changes, secrets among them: never a value.
    labels = models.JSONField(default=list)
    attempts = models.PositiveIntegerField(default=0)
    stepped_at = models.DateTimeField(default=timezone.now)
    due_at = models.DateTimeField(null=True)
    sent_at = models.DateTimeField(null=True)

    error_kind = models.CharField(max_length=40, blank=True)
    error_status = models.PositiveIntegerField(null=True)
    error_code = models.CharField(max_length=100, blank=True)
    error_message = models.CharField(max_length=2000, blank=True)
    error_request_id = models.CharField(max_length=200, blank=True)

    created_by = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.PROTECT, null=True, related_name="+")
    created_at = models.DateTimeField(auto_now_add=True)

    class Meta:
        ordering = ("pk",)
        constraints = (
            models.UniqueConstraint(
                fields=("connection",), condition=Q(status__in=UNDER_WAY), name="one_change_under_way"
            ),
        )
        indexes = (models.Index(fields=("stepped_at",), condition=Q(status__in=UNDER_WAY), name="change_under_way"),)

    def __str__(self) -> str:
        return f"{self.get_kind_display()} of {self.connection}"

    @property
    def is_under_way(self) -> bool:
        return self.status in UNDER_WAY

    def step(self, status: ChangeStatus, origins: tuple[ChangeStatus, ...] = UNDER_WAY, **values: Any) -> bool:
        """One conditional UPDATE: True if the change was in one of the origins, and in the attempt that we know."""
        values = {"status": status, "stepped_at": timezone.now(), **values}
        rows = Change.objects.filter(pk=self.pk, status__in=origins, attempts=self.attempts)
        if not rows.update(**values):
            return False
        for name, value in values.items():
            setattr(self, name, value)
        return True

    def claim(self) -> bool:
        """waiting -> sending; True for the one process that is to send it."""
        if self.due_at and self.due_at > timezone.now():
            return False
        values = {"attempts": self.attempts + 1, "sent_at": timezone.now(), "due_at": None}
        return self.step(ChangeStatus.SENDING, (ChangeStatus.WAITING,), **values)

    def put_back(self, due_at: datetime, **error: Any) -> bool:
        """sending or unanswered -> waiting."""
        origins = (ChangeStatus.SENDING, ChangeStatus.UNANSWERED)
        return self.step(ChangeStatus.WAITING, origins, due_at=due_at, **error)

    @sensitive_variables()
    def seal(self, field: str, value: dict[str, Any]) -> None:
        """Sets a sealed field: before, or wanted."""
        setattr(self, field, seal(value, *self._place(self.connection, field)))

    @sensitive_variables()
    def unseal(self, field: str) -> dict[str, Any]:
        """The value of a sealed field; empty if there is none. Raises CannotOpen."""
        sealed = getattr(self, field)
        return unseal(sealed, *self._place(self.connection, field)) if sealed else {}

    def _place(self, connection: "BaseConnection", field: str) -> tuple[str, ...]:
        return (self._meta.label_lower, str(self.uuid), *connection.place(field))
