"""An organization whose breaker is open, as if trouble had been going on for a while."""

from datetime import timedelta

from django.utils import timezone

from wizard.organizations import breaker
from wizard.organizations.models import Organization


def opened(organization: Organization) -> Organization:
    for _ in range(breaker.TROUBLES):
        breaker.note_trouble(organization, "HTTP 503")
    organization.refresh_from_db()
    return organization


def as_if_open_for(organization: Organization, **ago: float) -> None:
    """A probe is due."""
    since = timezone.now() - timedelta(**ago)
    Organization.objects.filter(pk=organization.pk).update(trouble_since=since, probe_at=timezone.now())


def keep_open(organization: Organization) -> None:
    """No probe is due for as long as a test may take, on a busy machine too."""
    rows = Organization.objects.filter(pk=organization.pk).exclude(trouble_since=None)
    assert rows.update(probe_at=timezone.now() + timedelta(hours=1)), "It is not open."


def pause(organization: Organization) -> timedelta:
    """From now until the next probe."""
    organization.refresh_from_db()
    assert organization.probe_at
    return organization.probe_at - timezone.now()
