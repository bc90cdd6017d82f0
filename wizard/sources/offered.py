"""What one can connect in an organization: its live specs, explained by our files; the files alone before a sync."""

import json
from dataclasses import replace
from datetime import datetime

from django.db.models import Q

from wizard.catalog import live
from wizard.catalog.datatypes import ConnectionSpec, Source
from wizard.catalog.loader import load_catalog
from wizard.catalog.report import Report, report
from wizard.catalog.report import absent as absent_from
from wizard.organizations.models import Organization
from wizard.sources.models import LiveSpec, SpecSync

# All of a live spec but its JSON, which may be large.
COLUMNS = ("spec_id", "label", "category", "fault")


def sync_of(organization: Organization | None) -> SpecSync | None:
    """How the reading of its catalog stands; None if nobody has asked for it yet. One query for each organization."""
    return getattr(organization, "spec_sync", None)


def is_synced(organization: Organization) -> bool:
    """Whether its catalog has been read, however long ago."""
    sync = sync_of(organization)
    return sync is not None and sync.finished_at is not None


def sources(organization: Organization | None) -> list[Source]:
    """What the chooser shows, by label; broken live specs too, with their fault."""
    catalog = load_catalog()
    if organization is None or not is_synced(organization):
        return list(catalog.specs)
    found: list[Source] = []
    labels = set()
    for spec_id, label, category, fault in organization.live_specs.values_list(*COLUMNS):
        labels.add(label.lower())
        files = [file for file in catalog.with_id(spec_id) if not file.instead]
        found += [replace(file, fault=fault) if fault else file for file in files]
        if not catalog.with_id(spec_id):
            found.append(live.unlisted(spec_id, label, category, fault))
    elsewhere = (file for file in catalog.specs if file.instead)
    found += [file for file in elsewhere if file.id or file.label.lower() not in labels]
    return sorted(found, key=lambda source: source.label.lower())


def absent(organization: Organization | None) -> list[ConnectionSpec]:
    """Our sources that this organization's catalog lacks; none as long as it was not read."""
    if organization is None or not is_synced(organization):
        return []
    return absent_from(load_catalog(), organization.live_specs.values_list("spec_id", flat=True))


def is_offered(organization: Organization | None, spec_id: str) -> bool:
    """Whether its own catalog has that spec, and it can be used; True as long as the catalog was not read."""
    if organization is None or not is_synced(organization):
        return True
    return organization.live_specs.filter(spec_id=spec_id, fault="").exists()


def live_since(organization: Organization | None, spec_id: str) -> datetime | None:
    """Since when its live spec is as it is; None where it has none."""
    found = LiveSpec.objects.filter(organization=organization, spec_id=spec_id)
    return found.values_list("changed_at", flat=True).first()


def connection_spec(organization: Organization | None, slug: str) -> ConnectionSpec | None:
    """The source with all that its form needs: as it is live, else as our file has it. None if unknown or broken.

    Without a file it is another organization's that we can reach, so that nobody who changes the target loses the form.
    """
    catalog = load_catalog()
    file = catalog.get(slug)
    spec_id = file.id if file else slug
    if not spec_id or (file and file.instead):
        return file
    row = LiveSpec.objects.filter(organization=organization, spec_id=spec_id).first()
    if file is None and (row is None or row.fault):
        row = _elsewhere(spec_id)
    if row is None:
        return file
    return None if row.fault else live.connection_spec(json.loads(row.document), catalog.with_id(spec_id), slug)


def _elsewhere(spec_id: str) -> LiveSpec | None:
    reachable = Organization.objects.reachable()
    return LiveSpec.objects.filter(organization__in=reachable, spec_id=spec_id, fault="").first()


def drift_report(organization: Organization) -> Report | None:
    """Our files beside its live specs, broken ones included; None as long as its catalog was not read."""
    if not is_synced(organization):
        return None
    catalog = load_catalog()
    # Only these are compared; to parse all the others takes long.
    described = Q(fault="", spec_id__in={spec.id for spec in catalog.specs})
    documents = organization.live_specs.filter(described).values_list("document", flat=True)
    others = organization.live_specs.exclude(described).values_list(*COLUMNS)
    return report(catalog, map(json.loads, documents), (live.unlisted(*columns) for columns in others))


def first_seen(organization: Organization) -> dict[str, datetime]:
    """When each of its live specs came, by their ids."""
    return dict(organization.live_specs.values_list("spec_id", "first_seen_at"))
