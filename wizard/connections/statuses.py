"""What a connection, its last test, its changes and its events can be."""

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


class Finding(models.TextChoices):
    """What a test found to be otherwise than it was left."""

    NONE = "", "As it was left"
    BROKE = "broke", "Broke"
    CHANGED = "changed", "Changed"
    VANISHED = "vanished", "Vanished"


class ChangeKind(models.TextChoices):
    EDIT = "edit", "Edit"
    ENABLE = "enable", "Enable"
    DISABLE = "disable", "Disable"
    DELETE = "delete", "Delete"
    # Made by somebody else at Adobe, and taken over from there.
    THEIRS = "theirs", "Changed at Adobe"


class ChangeStatus(models.TextChoices):
    WAITING = "waiting", "Waiting"
    SENDING = "sending", "Sending"
    UNANSWERED = "unanswered", "Being looked up"
    CONFLICT = "conflict", "In conflict"
    DONE = "done", "Done"
    FAILED = "failed", "Failed"
    WITHDRAWN = "withdrawn", "Withdrawn"


class EventKind(models.TextChoices):
    ASKED = "asked", "Requested"
    ASKED_AGAIN = "asked_again", "Requested again"
    CLAIMED = "claimed", "Started"
    SENT = "sent", "Sending"
    PUT_BACK = "put_back", "Queued again"
    HELD = "held", "Held back"
    CONNECTED = "connected", "Connected"
    FAILED = "failed", "Failed"
    UNKNOWN = "unknown", "Outcome unknown"
    LOOKED = "looked", "Checked"
    LOOK_ASKED = "look_asked", "Check requested"
    CHOSEN = "chosen", "Chosen by a person"
    LATE = "late", "Late answer"
    STATE = "state", "State at Adobe"
    TEST_ASKED = "test_asked", "Test requested"
    TESTED = "tested", "Tested"
    RETESTED = "retested", "Tested on schedule"
    CHANGE_ASKED = "change_asked", "Change requested"
    CHANGE_SENT = "change_sent", "Change sent"
    CHANGE_HELD = "change_held", "Change held back"
    CHANGED = "changed", "Changed"
    CHANGE_FAILED = "change_failed", "Change failed"
    CONFLICT = "conflict", "Conflict"
    WITHDRAWN = "withdrawn", "Change withdrawn"
    THEIRS = "theirs", "Changed at Adobe"
    DELETED = "deleted", "Deleted"


# What others want to hear of; the steps in between stand on the connection's own page.
NEWS = (
    *(EventKind.ASKED, EventKind.ASKED_AGAIN, EventKind.CONNECTED, EventKind.FAILED, EventKind.UNKNOWN),
    *(EventKind.LATE, EventKind.TESTED, EventKind.CHANGED, EventKind.CHANGE_FAILED, EventKind.CONFLICT),
    *(EventKind.THEIRS, EventKind.DELETED),
)
