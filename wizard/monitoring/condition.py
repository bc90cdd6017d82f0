"""How the background work is, as the database alone knows it for all machines: workers, queue, access tokens."""

from dataclasses import dataclass
from datetime import datetime
from typing import Any

from django.conf import settings
from django.db.models import Count, DateTimeField, F, Min, Q, QuerySet
from django.db.models.functions import Coalesce
from django.utils import timezone

from wizard.connections.changes import Change
from wizard.connections.models import BaseConnection
from wizard.connections.statuses import ChangeStatus, Status
from wizard.dataflows.models import Resource, ResourceStatus
from wizard.monitoring.beating import number_alive
from wizard.organizations.models import Organization

# Seconds after which somebody who waits would ask what is wrong.
LATE_AFTER = 60
TOKEN_STATES = ("fresh", "expired", "refused", "never_asked_for")


@dataclass(frozen=True)
class Waiting:
    """Rows of one kind that a worker could take up now: how many, and for how long the oldest has waited (seconds)."""

    number: int = 0
    seconds: float = 0.0


@dataclass(frozen=True)
class Tokens:
    """How many organizations have a token in which state; seconds to the end of the one that ends first."""

    numbers: dict[str, int]
    ends_in: float | None

    @property
    def state(self) -> str:
        """The worst that matters: one that has come to its end is renewed by whoever needs it."""
        order = ("refused", "fresh", "expired")
        return next((state for state in order if self.numbers[state]), "never_asked_for")


def waiting() -> dict[str, Waiting]:
    """By what waits: creates, changes, resources. What waits on purpose does not count before its time."""
    rows = {
        "create": BaseConnection.objects.reachable().filter(status=Status.WAITING),
        "change": _reachable_changes().filter(status=ChangeStatus.WAITING),
        "resource": Resource.objects.reachable().ready().filter(status=ResourceStatus.WAITING),
    }
    now = timezone.now()
    return {of: _waiting(found, now) for of, found in rows.items()}


def oldest_create() -> float:
    """For how many seconds the create has waited that has waited longest. Counts nothing: home asks for it."""
    now = timezone.now()
    rows = _due(BaseConnection.objects.reachable().filter(status=Status.WAITING), now)
    return _seconds_since(rows.order_by("since").values_list("since", flat=True).first(), now)


def workers() -> int:
    """How many are alive."""
    return number_alive()


def tokens() -> Tokens:
    """Of the organizations that take new connections."""
    now, numbers, ends = timezone.now(), dict.fromkeys(TOKEN_STATES, 0), []
    rows = Organization.objects.open_for_use().values_list("ims_org_id", "token_expires_at", "token_trouble_since")
    for ims_org_id, expires_at, trouble_since in rows:
        is_ready = bool(settings.ACCESS_TOKEN) and ims_org_id == settings.IMS_ORG_ID
        numbers[_token_state(expires_at, trouble_since, now, is_ready=is_ready)] += 1
        if expires_at and not is_ready:
            ends.append(max(0.0, (expires_at - now).total_seconds()))
    return Tokens(numbers, min(ends, default=None))


def _token_state(expires_at: datetime | None, trouble_since: datetime | None, now: datetime, *, is_ready: bool) -> str:
    if trouble_since is not None:
        return "refused"
    if is_ready:
        return "fresh"
    if expires_at is None:
        return "never_asked_for"
    return "fresh" if expires_at > now else "expired"


def _reachable_changes() -> QuerySet[Change]:
    return Change.objects.filter(connection__organization__is_practice=settings.PRACTICE)


def _waiting(rows: QuerySet[Any], now: datetime) -> Waiting:
    found = _due(rows, now).aggregate(number=Count("pk"), first=Min("since"))
    return Waiting(found["number"], _seconds_since(found["first"], now))


def _due(rows: QuerySet[Any], now: datetime) -> QuerySet[Any]:
    since = Coalesce(F("due_at"), F("stepped_at"), output_field=DateTimeField())
    return rows.filter(Q(due_at=None) | Q(due_at__lte=now)).order_by().annotate(since=since)


def _seconds_since(first: datetime | None, now: datetime) -> float:
    return max(0.0, (now - first).total_seconds()) if first else 0.0
