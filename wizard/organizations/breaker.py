"""A circuit breaker for each organization: after repeated trouble new sends wait, and one at a time tries.

    closed ── TROUBLES in a row ──► open, until probe_at ──► one probe ──► closed, or open for longer

Its state is in the database: all processes share it. See Nygard, Release It!, on circuit breakers.
"""

from datetime import datetime, timedelta

from django.conf import settings
from django.db.models import F
from django.utils import timezone

from wizard.organizations.models import Organization

TROUBLES = 3
# Of the pause before a probe; less than that where a call may not last as long as usual.
SHORTEST, LONGEST = timedelta(seconds=10), timedelta(minutes=5)
SHORTEST_IN_CALLS, LONGEST_IN_CALLS = 1 / 6, 5
STATE = ("troubles", "trouble_since", "trouble_reason", "probe_at")


def wait_until(organization: Organization) -> datetime | None:
    """None for one that may send now: nothing is known to be wrong, or it is the one that probes. Else when to ask."""
    organization.refresh_from_db(fields=STATE)
    if organization.trouble_since is None:
        return None
    now = timezone.now()
    due = Organization.objects.filter(pk=organization.pk, trouble_since__isnull=False, probe_at__lte=now)
    lease = now + timedelta(seconds=4 * settings.FLOW_SERVICE_TIMEOUT)
    if due.update(probe_at=lease):
        organization.probe_at = lease
        return None
    return organization.probe_at or now


def note_trouble(organization: Organization, reason: str) -> None:
    """A send that met a 5xx, silence, or no token. What is open already stays so for as long again as it has been."""
    rows = Organization.objects.filter(pk=organization.pk)
    rows.update(troubles=F("troubles") + 1, trouble_reason=reason[:300])
    organization.refresh_from_db(fields=STATE)
    if organization.troubles < TROUBLES:
        return
    now = timezone.now()
    since = organization.trouble_since or now
    organization.trouble_since, organization.probe_at = since, now + _pause(now - since)
    rows.update(trouble_since=since, probe_at=organization.probe_at)


def _pause(open_for: timedelta) -> timedelta:
    call = timedelta(seconds=settings.FLOW_SERVICE_TIMEOUT)
    return min(max(open_for, min(SHORTEST, SHORTEST_IN_CALLS * call)), LONGEST, LONGEST_IN_CALLS * call)


def note_success(organization: Organization) -> bool:
    """A send that was answered. True if the sends that wait may go on now."""
    rows = Organization.objects.filter(pk=organization.pk)
    # Asked first: an UPDATE that finds nothing would still wait for all others who write.
    organization.refresh_from_db(fields=STATE)
    if organization.trouble_since is None and not organization.troubles:
        return False
    was_open = rows.exclude(trouble_since=None).update(trouble_since=None, troubles=0, probe_at=None, trouble_reason="")
    rows.exclude(troubles=0).update(troubles=0, trouble_reason="")
    organization.trouble_since = None
    return was_open == 1


def release(organization: Organization) -> None:
    """The one that was to probe did not: the next one may. Nothing for one that was not to probe."""
    if organization.trouble_since is not None:
        leased = Organization.objects.filter(pk=organization.pk, probe_at=organization.probe_at)
        leased.exclude(trouble_since=None).update(probe_at=timezone.now())
