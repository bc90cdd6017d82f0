"""What is kept beside a connection: what happened to it, and the forms that were submitted for it."""

from typing import Any

from django.conf import settings
from django.db import models

from wizard.connections.statuses import EventKind


class KeptError(models.Model):
    """An error of the Flow Service as a row keeps it; never a secret, and never a request body."""

    error_kind = models.CharField(max_length=40, blank=True)
    error_status = models.PositiveIntegerField(null=True)
    error_code = models.CharField(max_length=100, blank=True)
    error_message = models.CharField(max_length=2000, blank=True)
    error_request_id = models.CharField(max_length=200, blank=True)

    class Meta:
        abstract = True


NO_ERROR: dict[str, Any] = {
    "error_kind": "",
    "error_status": None,
    "error_code": "",
    "error_message": "",
    "error_request_id": "",
}


class ConnectionEvent(models.Model):
    """One thing that happened. Append-only; never holds a secret."""

    connection = models.ForeignKey("connections.BaseConnection", on_delete=models.PROTECT, related_name="events")
    kind = models.CharField(max_length=20, choices=EventKind)
    message = models.CharField(max_length=2100, blank=True)
    details = models.JSONField(default=dict)
    actor = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.PROTECT, null=True, related_name="+")
    at = models.DateTimeField(auto_now_add=True)

    class Meta:
        ordering = ("pk",)

    def __str__(self) -> str:
        return f"{self.get_kind_display()}: {self.message}"

    def save(self, *args: Any, **kwargs: Any) -> None:
        if self.pk:
            raise TypeError("Events are append-only.")
        super().save(*args, **kwargs)

    def delete(self, *_args: Any, **_kwargs: Any) -> Any:
        raise TypeError("Events are append-only.")


class Submission(models.Model):
    """The single-use id of a form that was submitted: the same form again makes nothing new."""

    id = models.UUIDField(primary_key=True)
    connection = models.ForeignKey("connections.BaseConnection", on_delete=models.PROTECT, related_name="submissions")
    created_at = models.DateTimeField(auto_now_add=True)

    def __str__(self) -> str:
        return str(self.id)
