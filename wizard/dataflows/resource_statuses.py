"""What a resource beneath a base connection can be, and how far it can have come."""

from django.db import models


class ResourceKind(models.TextChoices):
    SOURCE_CONNECTION = "source_connection", "Source connection"
    TARGET_CONNECTION = "target_connection", "Target connection"
    MAPPING_SET = "mapping_set", "Mapping set"
    FLOW = "flow", "Dataflow"


class ResourceStatus(models.TextChoices):
    WAITING = "waiting", "Waiting"
    SENDING = "sending", "Sending"
    MADE = "made", "Made"
    FAILED = "failed", "Failed"
    UNKNOWN = "unknown", "Outcome unknown"


# What a dataflow is put together from.
NEEDS = ("source", "target", "mapping")
STANDING = {
    ResourceStatus.WAITING: "is waiting, too",
    ResourceStatus.SENDING: "is being made",
    ResourceStatus.FAILED: "was not made",
    ResourceStatus.UNKNOWN: "may have been made: that is not known yet",
}
