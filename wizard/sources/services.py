"""Who has an organization's catalog read: a person who asks, and the worker when it is time."""

from django.db import transaction
from django.db.models import Q
from django.utils import timezone

from wizard.organizations.models import Organization
from wizard.sources import tasks
from wizard.sources.models import SpecSync


@transaction.atomic
def request_sync(organization: Organization) -> bool:
    """Has the catalog read in the background; False if that is under way already."""
    sync, _ = SpecSync.objects.get_or_create(organization=organization)
    asked = sync.ask()
    if asked:
        tasks.sync_later(organization.pk)
    return asked


def request_due_syncs() -> None:
    """For each organization whose catalog was never read, or too long ago: database only, every few seconds."""
    due = Q(spec_sync=None) | Q(spec_sync__next_at__lte=timezone.now())
    for organization in Organization.objects.open_for_use().filter(due):
        request_sync(organization)
