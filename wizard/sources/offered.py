"""What one can connect in an organization: its live specs, explained by our files; the files alone before a sync."""

import json
from dataclasses import replace

from wizard.catalog import live
from wizard.catalog.datatypes import ConnectionSpec, Source
from wizard.catalog.loader import load_catalog
from wizard.catalog.report import Report, report
from wizard.catalog.report import absent as absent_from
from wizard.organizations.models import Organization
from wizard.sources.models import LiveSpec, SpecSync


def sync_of(organization: Organization | None) -> SpecSync | None:
    """How the reading of its catalog stands; None if nobody has asked for it yet."""
    return SpecSync.objects.filter(organization=organization).first() if organization else None


def is_synced(organization: Organization) -> bool:
    """Whether its catalog has been read, however long ago."""
    return SpecSync.objects.filter(organization=organization, finished_at__isnull=False).exists()


def sources(organization: Organization | None) -> list[Source]:
    """What the chooser shows, by label; broken live specs too, with their fault."""
    catalog = load_catalog()
    if organization is None or not is_synced(organization):
        return list(catalog.specs)
    found: list[Source] = []
    labels = set()
    columns = ("spec_id", "label", "category", "fault")
    for spec_id, label, category, fault in organization.live_specs.values_list(*columns):
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


def connection_spec(organization: Organization | None, slug: str) -> ConnectionSpec | None:
    """The source with all that its form needs: as it is live, else as our file has it. None if unknown or broken."""
    catalog = load_catalog()
    file = catalog.get(slug)
    spec_id = file.id if file else slug
    if organization is None or not spec_id or (file and file.instead):
        return file
    row = LiveSpec.objects.filter(organization=organization, spec_id=spec_id).first()
    if row is None:
        return file
    return None if row.fault else live.connection_spec(json.loads(row.document), catalog.with_id(spec_id), slug)


def drift_report(organization: Organization) -> Report | None:
    """Our files beside its live specs, broken ones included; None as long as its catalog was not read."""
    if not is_synced(organization):
        return None
    rows = organization.live_specs.all()
    broken = [live.unlisted(row.spec_id, row.label, row.category, row.fault) for row in rows if row.fault]
    return report(load_catalog(), [json.loads(row.document) for row in rows if not row.fault], broken)
