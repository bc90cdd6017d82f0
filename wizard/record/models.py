"""An event: who did what, when, from where, and how it ended."""

from typing import Any

from django.conf import settings
from django.db import models

from wizard.record.kinds import Kind


class Event(models.Model):
    """Append-only; never holds a secret. `details` are names and numbers, never what somebody typed."""

    kind = models.CharField(max_length=20, choices=Kind)
    at = models.DateTimeField(auto_now_add=True)
    actor = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.PROTECT, null=True, related_name="+")
    organization = models.ForeignKey(
        "organizations.Organization", on_delete=models.PROTECT, null=True, related_name="+"
    )
    sandbox_name = models.CharField(max_length=256, blank=True)
    message = models.CharField(max_length=2100, blank=True)
    outcome = models.CharField(max_length=40, blank=True)
    details = models.JSONField(default=dict)
    address = models.GenericIPAddressField(null=True)
    request_id = models.CharField(max_length=200, blank=True)
    duration_ms = models.PositiveIntegerField(null=True)

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
