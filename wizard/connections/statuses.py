"""What a connection, its last test and its events can be."""

from django.db import models


class Status(models.TextChoices):
    DRAFT = "draft", "Draft"
    WAITING = "waiting", "Waiting"
    CONNECTING = "connecting", "Connecting"
    CONNECTED = "connected", "Connected"
    FAILED = "failed", "Failed"
    UNKNOWN = "unknown", "Outcome unknown"
    DELETED = "deleted", "Deleted"


class TestStatus(models.TextChoices):
    NONE = "", "Not tested"
    PENDING = "pending", "Testing"
    PASSED = "passed", "Passed"
    FAILED = "failed", "Failed"
    ERROR = "error", "No result"


class EventKind(models.TextChoices):
    ASKED = "asked", "Requested"
    ASKED_AGAIN = "asked_again", "Requested again"
    CLAIMED = "claimed", "Started"
    SENT = "sent", "Sending"
    PUT_BACK = "put_back", "Queued again"
    CONNECTED = "connected", "Connected"
    FAILED = "failed", "Failed"
    UNKNOWN = "unknown", "Outcome unknown"
    LOOKED = "looked", "Checked"
    LOOK_ASKED = "look_asked", "Check requested"
    LATE = "late", "Late answer"
    TEST_ASKED = "test_asked", "Test requested"
    TESTED = "tested", "Tested"


# What others want to hear of; the steps in between stand on the connection's own page.
NEWS = (
    *(EventKind.ASKED, EventKind.ASKED_AGAIN, EventKind.CONNECTED, EventKind.FAILED, EventKind.UNKNOWN),
    *(EventKind.LATE, EventKind.TESTED),
)
