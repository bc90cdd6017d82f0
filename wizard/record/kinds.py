"""What an event can be about, and how it can end."""

from django.db import models


class Kind(models.TextChoices):
    # A connection: what becomes of it, its tests, its changes.
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
    DELETED = "deleted", "Deleted"
    TEST_ASKED = "test_asked", "Test requested"
    TESTED = "tested", "Tested"
    RETESTED = "retested", "Tested on schedule"
    CHANGE_ASKED = "change_asked", "Change requested"
    CHANGE_SENT = "change_sent", "Change sent"
    CHANGE_HELD = "change_held", "Change held back"
    CHANGED = "changed", "Changed"
    CHANGE_FAILED = "change_failed", "Change failed"
    CONFLICT = "conflict", "Conflict"
    WITHDRAWN = "withdrawn", "Withdrawn"
    THEIRS = "theirs", "Changed at Adobe"
    # From a connection to its data.
    EXPLORED = "explored", "Explored"
    COLUMNS_CHOSEN = "columns_chosen", "Columns chosen"
    RESOURCE_ASKED = "resource_asked", "Resource requested"
    RESOURCE_SENT = "resource_sent", "Resource sent"
    RESOURCE_MADE = "resource_made", "Resource made"
    RESOURCE_FAILED = "resource_failed", "Resource failed"
    RESOURCE_UNKNOWN = "resource_unknown", "Outcome of resource unknown"
    RESOURCE_HELD = "resource_held", "Resource held back"
    RESOURCE_LOOKED = "resource_looked", "Resource looked up"
    # People.
    SIGNED_IN = "signed_in", "Signed in"
    SIGN_IN_FAILED = "sign_in_failed", "Sign-in refused"
    SIGNED_OUT = "signed_out", "Signed out"
    SESSIONS_ENDED = "sessions_ended", "Sessions ended"
    PASSWORD_CHANGED = "password_changed", "Password changed"
    FACTOR_ADDED = "factor_added", "Second step added"
    FACTOR_REMOVED = "factor_removed", "Second step removed"
    INVITED = "invited", "Invited"
    INVITATION_CLOSED = "invitation_closed", "Invitation withdrawn"
    JOINED = "joined", "Joined"
    ROLE_GIVEN = "role_given", "Role given"
    ROLE_TAKEN = "role_taken", "Role taken away"
    PERSON_CLOSED = "person_closed", "Account closed"
    PERSON_OPENED = "person_opened", "Account opened again"
    # Organizations, and what needs a second person there.
    ORGANIZATION_ADDED = "organization_added", "Organization added"
    ORGANIZATION_CHANGED = "organization_changed", "Organization changed"
    ORGANIZATION_CHECKED = "organization_checked", "Access checked"
    CREDENTIALS_REFUSED = "credentials_refused", "Credentials refused"
    CREDENTIALS_ACCEPTED = "credentials_accepted", "Credentials accepted"
    REMINDED = "reminded", "Reminder sent"
    LOOKED_AFTER = "looked_after", "Owner or end set"
    SANDBOX_CHANGED = "sandbox_changed", "Sandbox changed"
    APPROVAL_ASKED = "approval_asked", "Approval requested"
    APPROVED = "approved", "Approved"
    REJECTED = "rejected", "Rejected"
    # Who looked at what, the keys, and the record itself.
    VIEWED = "viewed", "Viewed"
    EXPORTED = "exported", "Exported"
    KEYS_ROTATED = "keys_rotated", "Keys rotated"
    RECOVERY_SHEET = "recovery_sheet", "Recovery sheet shown"
    HISTORY_PRUNED = "history_pruned", "Old history removed"
    BACKED_UP = "backed_up", "Backup made"
    RESTORED = "restored", "Restored from a backup"


class Outcome(models.TextChoices):
    SUCCEEDED = "succeeded", "Succeeded"
    FAILED = "failed", "Failed"
    UNKNOWN = "unknown", "Unknown"


# What a person thinks of as one, where events are looked for.
GROUPS: dict[str, tuple[str, tuple[Kind, ...]]] = {
    "connections": (
        "Connections",
        (
            *(Kind.ASKED, Kind.ASKED_AGAIN, Kind.CLAIMED, Kind.SENT, Kind.PUT_BACK, Kind.HELD, Kind.CONNECTED),
            *(Kind.FAILED, Kind.UNKNOWN, Kind.LOOKED, Kind.LOOK_ASKED, Kind.CHOSEN, Kind.LATE, Kind.STATE),
            Kind.DELETED,
        ),
    ),
    "tests": ("Tests", (Kind.TEST_ASKED, Kind.TESTED, Kind.RETESTED)),
    "changes": (
        "Changes",
        (
            *(Kind.CHANGE_ASKED, Kind.CHANGE_SENT, Kind.CHANGE_HELD, Kind.CHANGED, Kind.CHANGE_FAILED),
            *(Kind.CONFLICT, Kind.WITHDRAWN, Kind.THEIRS),
        ),
    ),
    "approvals": ("Approvals", (Kind.APPROVAL_ASKED, Kind.APPROVED, Kind.REJECTED)),
    "looks": ("Views and exports", (Kind.VIEWED, Kind.EXPLORED, Kind.EXPORTED)),
    "dataflows": (
        "Dataflows",
        (
            *(Kind.COLUMNS_CHOSEN, Kind.RESOURCE_ASKED, Kind.RESOURCE_SENT, Kind.RESOURCE_MADE),
            *(Kind.RESOURCE_FAILED, Kind.RESOURCE_UNKNOWN, Kind.RESOURCE_HELD, Kind.RESOURCE_LOOKED),
        ),
    ),
    "sign-ins": (
        "Sign-ins",
        (
            *(Kind.SIGNED_IN, Kind.SIGN_IN_FAILED, Kind.SIGNED_OUT, Kind.SESSIONS_ENDED, Kind.PASSWORD_CHANGED),
            *(Kind.FACTOR_ADDED, Kind.FACTOR_REMOVED),
        ),
    ),
    "people": (
        "People and roles",
        (
            *(Kind.INVITED, Kind.INVITATION_CLOSED, Kind.JOINED, Kind.ROLE_GIVEN, Kind.ROLE_TAKEN),
            *(Kind.PERSON_CLOSED, Kind.PERSON_OPENED),
        ),
    ),
    "organizations": (
        "Organizations",
        (
            *(Kind.ORGANIZATION_ADDED, Kind.ORGANIZATION_CHANGED, Kind.ORGANIZATION_CHECKED, Kind.SANDBOX_CHANGED),
            *(Kind.CREDENTIALS_REFUSED, Kind.CREDENTIALS_ACCEPTED, Kind.LOOKED_AFTER, Kind.REMINDED),
        ),
    ),
    "keys": (
        "Keys and the record",
        (*(Kind.KEYS_ROTATED, Kind.RECOVERY_SHEET, Kind.HISTORY_PRUNED), Kind.BACKED_UP, Kind.RESTORED),
    ),
}

# Where the kind alone says how it ended.
OUTCOMES = {
    Kind.CONNECTED: Outcome.SUCCEEDED,
    Kind.DELETED: Outcome.SUCCEEDED,
    Kind.CHANGED: Outcome.SUCCEEDED,
    Kind.RESOURCE_MADE: Outcome.SUCCEEDED,
    Kind.SIGNED_IN: Outcome.SUCCEEDED,
    Kind.CREDENTIALS_ACCEPTED: Outcome.SUCCEEDED,
    Kind.PUT_BACK: Outcome.FAILED,
    Kind.FAILED: Outcome.FAILED,
    Kind.CHANGE_FAILED: Outcome.FAILED,
    Kind.RESOURCE_FAILED: Outcome.FAILED,
    Kind.CONFLICT: Outcome.FAILED,
    Kind.SIGN_IN_FAILED: Outcome.FAILED,
    Kind.CREDENTIALS_REFUSED: Outcome.FAILED,
    Kind.UNKNOWN: Outcome.UNKNOWN,
    Kind.RESOURCE_UNKNOWN: Outcome.UNKNOWN,
}


def choices() -> list[tuple[str, str]]:
    """For the column: by name, so that a new kind is no migration."""
    return Kind.choices
