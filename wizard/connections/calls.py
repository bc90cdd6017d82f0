"""The calls to the Flow Service that were made for a connection: what each was and how it ended, never a body."""

import logging

from django.db import Error, models
from django.utils import timezone

from wizard.flow_service.http import Exchange

log = logging.getLogger(__name__)


class CallQuerySet(models.QuerySet["Call", "Call"]):
    def note(self, connection_pk: int, exchange: Exchange) -> None:
        """Keeps what was just exchanged. Never raises: the answer that it is about matters more."""
        try:
            self.create(
                connection_id=connection_pk,
                method=exchange.method,
                path=exchange.path[:300],
                status=exchange.status,
                outcome=exchange.outcome,
                duration_ms=exchange.milliseconds,
                request_id=exchange.request_id,
                answer_id=exchange.answer_id,
            )
        except Error:
            log.warning("A call for connection %s could not be noted.", connection_pk)


class Call(models.Model):
    """`status` is that of the answer, None where there was none; `outcome` says then why, as an error's class does."""

    connection = models.ForeignKey("connections.BaseConnection", on_delete=models.CASCADE, related_name="calls")
    at = models.DateTimeField(default=timezone.now)
    method = models.CharField(max_length=10)
    # Without the query.
    path = models.CharField(max_length=300)
    status = models.PositiveIntegerField(null=True)
    outcome = models.CharField(max_length=40, blank=True)
    duration_ms = models.PositiveIntegerField()
    # The one that we sent along; and another one, if the answer has that instead.
    request_id = models.CharField(max_length=64)
    answer_id = models.CharField(max_length=128, blank=True, default="", db_default="")

    objects = CallQuerySet.as_manager()

    class Meta:
        indexes = (models.Index(fields=("connection", "-id"), name="calls_of_a_connection"),)

    def __str__(self) -> str:
        return f"{self.method} {self.path}"
