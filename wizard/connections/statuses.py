"""What a connection, its last test and its changes can be, and which of its events are news."""

from django.db import models

from wizard.record.kinds import Kind

# Why none of several can be ruled out.
UNSEEN = "Others have been found since. Look at them first."


class NotNow(Exception):
    """The connection, or what is made beneath it, is not in a state for that; the message says so to the person."""


class Status(models.TextChoices):
    DRAFT = "draft", "Draft"
    APPROVAL = "approval", "Waiting for approval"
    WAITING = "waiting", "Waiting"
    CONNECTING = "connecting", "Connecting"
    CONNECTED = "connected", "Connected"
    FAILED = "failed", "Failed"
    UNKNOWN = "unknown", "Outcome unknown"
    DELETED = "deleted", "Deleted"


NO_NAME_OF_ITS_OWN = (Status.DRAFT, Status.FAILED, Status.DELETED)
# In these nothing else is going on that a test could get in the way of.
TESTABLE = (Status.DRAFT, Status.CONNECTED, Status.FAILED, Status.UNKNOWN)


class Keeps(models.TextChoices):
    """What is kept here of a connection's credentials."""

    SEALED = "sealed", "A sealed copy"
    NOTHING = "nothing", "Nothing, once Adobe has accepted them"
    REFERENCES = "references", "Only references"


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
    APPROVAL = "approval", "Waiting for approval"
    WAITING = "waiting", "Waiting"
    SENDING = "sending", "Sending"
    UNANSWERED = "unanswered", "Being looked up"
    CONFLICT = "conflict", "In conflict"
    DONE = "done", "Done"
    FAILED = "failed", "Failed"
    WITHDRAWN = "withdrawn", "Withdrawn"


# What others want to hear of; the steps in between stand on the connection's own page.
NEWS = (
    *(Kind.ASKED, Kind.ASKED_AGAIN, Kind.CONNECTED, Kind.FAILED, Kind.UNKNOWN),
    *(Kind.LATE, Kind.TESTED, Kind.CHANGED, Kind.CHANGE_FAILED, Kind.CONFLICT),
    *(Kind.THEIRS, Kind.DELETED, Kind.APPROVAL_ASKED, Kind.APPROVED, Kind.REJECTED),
    *(Kind.RESOURCE_MADE, Kind.RESOURCE_FAILED, Kind.RESOURCE_UNKNOWN),
)
