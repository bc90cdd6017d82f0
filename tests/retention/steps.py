"""Rows that are as old as a test needs them, and a worker's turns."""

from datetime import timedelta
from typing import Any

from django.utils import timezone

from wizard.connections.models import BaseConnection, Call
from wizard.connections.statuses import Status
from wizard.organizations.models import Organization
from wizard.people.models import User
from wizard.record.kinds import Kind
from wizard.record.models import Event
from wizard.retention.models import Chore
from wizard.retention.removing import remove_due


def days_ago(days: float) -> Any:
    return timezone.now() - timedelta(days=days)


def row(organization: Organization, person: User, status: Status = Status.DELETED, days: float = 100, **values: Any):
    """A connection that took its last step so many days ago."""
    known = {"organization": organization, "sandbox_name": "prod", "source": "postgres", "source_label": "PostgreSQL"}
    known |= {"created_by": person, "name": "Orders", "status": status, "stepped_at": days_ago(days), **values}
    return BaseConnection.objects.create(**known)


def call_of(connection: BaseConnection, days: float = 100) -> Call:
    known = {"method": "GET", "path": "/connections", "status": 200, "duration_ms": 12, "request_id": "r"}
    return Call.objects.create(connection=connection, at=days_ago(days), **known)


def events(*ages: float) -> list[int]:
    """One of each age in days, chained; gives their keys."""
    keys = [Event.objects.create(kind=Kind.SIGNED_IN, at=days_ago(age)).pk for age in ages]
    Event.objects.chain()
    return keys


def pruned(of: str) -> list[dict[str, Any]]:
    """What the record says of removals."""
    found = Event.objects.filter(kind=Kind.HISTORY_PRUNED).order_by("pk")
    return [event.details for event in found if event.details["of"] == of]


def tomorrow() -> None:
    """As if a day had gone by since each chore was done."""
    Chore.objects.update(due_at=days_ago(0), claimed_until=None)


def turn() -> None:
    remove_due()
