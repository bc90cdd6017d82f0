"""Reads an organization's catalog of connection specs, and keeps it: all of it, or what was there before."""

from typing import Any, NamedTuple

from django.conf import settings
from django.db import transaction
from django.utils import timezone

from wizard.catalog import live
from wizard.catalog.loader import load_catalog
from wizard.flow_service.errors import FlowServiceError
from wizard.flow_service.explanations import explain
from wizard.organizations.models import Organization
from wizard.organizations.services import flow_service
from wizard.reports import quietly
from wizard.sources.models import LiveSpec, SpecSync

# Far more than an organization has: beyond that, something is wrong with the list.
MOST_SPECS = 10_000
BATCH = 100


class Kept(NamedTuple):
    """What is kept of one item."""

    document: str
    label: str
    category: str
    fault: str


@quietly
def sync_organization(pk: int) -> None:
    sync_specs(Organization.objects.get(pk=pk))


def sync_specs(organization: Organization) -> SpecSync:
    """Reads the catalog now. Where that fails, what was there stays, and the error is noted.

    Safe to run twice at once: the second run returns without having done anything.
    """
    sync, _ = SpecSync.objects.get_or_create(organization=organization)
    if not sync.start():
        return sync
    try:
        with flow_service(organization, _sandbox_name(organization)) as client:
            items = client.list_connection_specs()
    except FlowServiceError as error:
        explained = explain(code=error.code, status=error.status, error=type(error).__name__)
        sync.fail(f"{explained.what} {explained.next} ({error})")
        return sync
    if len(items) > MOST_SPECS:
        sync.fail(f"The list has more than {MOST_SPECS} connection specs.")
        return sync
    found = _kept(items)
    with transaction.atomic():
        if sync.succeed(len(found), len(items) - len(found)):
            _keep(organization, found)
    return sync


def _sandbox_name(organization: Organization) -> str:
    """Any will do, as all have the same specs: the first one that the last check found open."""
    found = organization.sandboxes.filter(is_open=True).first()
    return found.name if found else settings.SANDBOX_NAME


def _kept(items: list[Any]) -> dict[str, Kept]:
    """By id: sources, what our files know, and what cannot be told; destinations are left out.

    Of two with one id the first counts that can be used.
    """
    catalog, found = load_catalog(), dict[str, Kept]()
    for item in items:
        spec_id = live.id_of(item)
        if not isinstance(item, dict) or live.is_source(item) or catalog.with_id(spec_id):
            new = Kept(live.document(item), live.label_of(item), live.category_of_item(item), live.fault_of(item))
            known = found.setdefault(spec_id, new)
            if known.fault and not new.fault:
                found[spec_id] = new
    return found


def _keep(organization: Organization, found: dict[str, Kept]) -> None:
    """Makes the rows what was found. Rows that are as they have to be are left alone."""
    known = {row.spec_id: row for row in organization.live_specs.all()}
    gone = [row.pk for spec_id, row in known.items() if spec_id not in found]
    organization.live_specs.filter(pk__in=gone).delete()
    new = [
        LiveSpec(organization=organization, spec_id=spec_id, **kept._asdict())
        for spec_id, kept in found.items()
        if spec_id not in known
    ]
    LiveSpec.objects.bulk_create(new, batch_size=BATCH)
    changed = [row for spec_id, row in known.items() if spec_id in found and _update(row, found[spec_id])]
    LiveSpec.objects.bulk_update(changed, [*Kept._fields, "changed_at"], batch_size=BATCH)


def _update(row: LiveSpec, new: Kept) -> bool:
    """True if anything of the row had to be changed."""
    if row.document != new.document:
        row.changed_at = timezone.now()
    differing = [name for name, value in new._asdict().items() if getattr(row, name) != value]
    for name in differing:
        setattr(row, name, getattr(new, name))
    return bool(differing)
