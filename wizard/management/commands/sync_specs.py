"""`manage.py sync_specs`: reads the catalog of each organization, or of one, now."""

from argparse import ArgumentParser
from typing import Any

from django.core.management.base import BaseCommand, CommandError

from wizard.organizations.models import Organization
from wizard.sources.sync import sync_specs


class Command(BaseCommand):
    help = "Reads the organizations' catalogs of sources. Ends with 1 if one of them could not be read."

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument("--organization", metavar="IMS_ORG_ID", help="this one alone")

    def handle(self, *_args: Any, organization: str | None, **_options: Any) -> None:
        failed = [found for found in chosen(organization) if not self._sync(found)]
        if failed:
            raise CommandError(f"Not read: {', '.join(map(str, failed))}.")

    def _sync(self, organization: Organization) -> bool:
        sync = sync_specs(organization)
        if sync.is_under_way:
            self.stderr.write(f"{organization}: another process is reading it.")
        elif sync.error:
            self.stderr.write(f"{organization}: {sync.error}")
        else:
            counts = f"sources kept: {sync.number_of_specs}, destinations left out: {sync.number_left_out}"
            self.stdout.write(f"{organization}: {counts}.")
        return not (sync.is_under_way or sync.error)


def chosen(ims_org_id: str | None) -> list[Organization]:
    """The organizations that we can reach, or the one with that id. Raises CommandError where there is none."""
    found = Organization.objects.reachable()
    if ims_org_id is not None:
        found = found.filter(ims_org_id=ims_org_id)
    if not found:
        raise CommandError("There is no such organization.")
    return list(found)
