"""What is kept beside a connection: an error, and the forms that were submitted for it."""

from collections.abc import Mapping
from datetime import datetime
from typing import Any

from django.db import models

from wizard.record.kinds import Kind
from wizard.record.models import milliseconds_since


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


# The events that say how an attempt ended: of a create, of a change, of what is made beneath a connection.
ENDS = (
    *(Kind.CONNECTED, Kind.FAILED, Kind.UNKNOWN, Kind.PUT_BACK),
    *(Kind.CHANGED, Kind.CHANGE_FAILED, Kind.CHANGE_HELD, Kind.CONFLICT),
    *(Kind.RESOURCE_MADE, Kind.RESOURCE_FAILED, Kind.RESOURCE_UNKNOWN, Kind.RESOURCE_HELD),
)


def end_of_attempt(kind: Kind, sent_at: datetime | None, values: Mapping[str, Any]) -> dict[str, Any]:
    """What its event says beside the words: how long it took, and the Flow Service's id of its request."""
    if kind not in ENDS:
        return {}
    request_id = values.get("error_request_id")
    details = {"adobe_request_id": request_id} if request_id else {}
    return {"duration_ms": milliseconds_since(sent_at), "details": details}


class Submission(models.Model):
    """The single-use id of a form that was submitted: the same form again makes nothing new."""

    id = models.UUIDField(primary_key=True)
    connection = models.ForeignKey("connections.BaseConnection", on_delete=models.PROTECT, related_name="submissions")
    created_at = models.DateTimeField(auto_now_add=True)

    def __str__(self) -> str:
        return str(self.id)
