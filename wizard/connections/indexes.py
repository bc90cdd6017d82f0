"""What the rows of connections are found by: by workers when something is due, by pages newest first."""

from django.db import models
from django.db.models import Q

INDEXES = (
    models.Index(fields=("status", "stepped_at")),
    models.Index(fields=("source", "-id")),
    # The history: each of its filters, and each place, newest first; the columns behind the key tell what
    # else is filtered without a look at the row.
    models.Index(fields=("status", "-id"), name="newest_of_status"),
    models.Index(fields=("source", "status", "-id"), name="newest_of_source_status"),
    models.Index(fields=("organization", "-id", "status", "source"), name="newest_of_organization"),
    models.Index(fields=("organization", "sandbox_name", "-id", "status", "source"), name="newest_of_sandbox"),
    models.Index(fields=("-id",), condition=~Q(finding=""), name="newest_found"),
    models.Index(fields=("-id",), condition=Q(is_unreadable=True), name="newest_unreadable"),
    models.Index(
        fields=("organization", "sandbox_name", "-id"), condition=~Q(finding=""), name="newest_found_in_sandbox"
    ),
    models.Index(
        fields=("organization", "sandbox_name", "-id"),
        condition=Q(is_unreadable=True),
        name="newest_unreadable_in_sandbox",
    ),
    models.Index(fields=("asked_by",), condition=Q(status="approval"), name="asks_of_a_person"),
    models.Index(fields=("credentials_expire_on",), condition=Q(credentials_expire_on__isnull=False), name="ending"),
    models.Index(fields=("test_status", "test_requested_at"), name="test_pending"),
    models.Index(fields=("follow_at",), condition=Q(follow_at__isnull=False), name="follow_due"),
    models.Index(fields=("retest_at",), condition=Q(status="connected"), name="retest_due"),
    models.Index(fields=("found_at",), condition=~Q(finding=""), name="found"),
    models.Index(fields=("destination",), condition=~Q(destination=""), name="same_destination"),
)
