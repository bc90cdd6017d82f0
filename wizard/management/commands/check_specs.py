"""`manage.py check_specs`: the drift report as text, with an exit code for a weekly job."""

import sys
from argparse import ArgumentParser
from collections.abc import Iterable, Iterator
from typing import Any

from django.core.management.base import BaseCommand

from wizard.catalog.datatypes import Source
from wizard.catalog.report import Report
from wizard.management.commands.sync_specs import chosen
from wizard.organizations.models import Organization
from wizard.sources.offered import drift_report

SAME, DIFFERENT, NEVER_READ = 0, 1, 2


class Command(BaseCommand):
    help = (
        "Compares the catalogs that sync_specs has read with our files. "
        "Ends with 0 where nothing differs, with 1 where something does, with 2 where a catalog was never read."
    )

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument("--organization", metavar="IMS_ORG_ID", help="this one alone")
        parser.add_argument("--strict", action="store_true", help="sources on one side only are differences too")

    def handle(self, *_args: Any, organization: str | None, strict: bool, **_options: Any) -> None:
        code = max(self._compare(found, strict) for found in chosen(organization))
        if code:
            sys.exit(code)

    def _compare(self, organization: Organization, strict: bool) -> int:
        report = drift_report(organization)
        if report is None:
            self.stderr.write(f"{organization}: its catalog was never read. Run manage.py sync_specs.")
            return NEVER_READ
        self.stdout.write(f"{organization}: sources compared: {report.compared}, differences: {report.number}.")
        for line in lines(report):
            self.stdout.write(line)
        return DIFFERENT if report.number or (strict and report.one_sided) else SAME


def lines(report: Report) -> Iterator[str]:
    """The report, one difference or source a line."""
    for source in report.drifted:
        yield f"\n{source.label} ({source.spec_id})"
        for found in source.differences:
            yield f"  {found.place or 'the whole source'}: {found.kind}: ours {found.ours}, live {found.theirs}"
    yield from _listed("Broken in the catalog", ((source, f": {source.fault}") for source in report.broken))
    yield from _listed("Only in the catalog", ((source, f" ({source.slug})") for source in report.unlisted))
    yield from _listed("Only in our files", ((source, f" ({source.id})") for source in report.absent))
    yield from _listed("Gone, as Adobe announced", ((source, f" ({source.id})") for source in report.gone))


def _listed(title: str, sources: Iterable[tuple[Source, str]]) -> Iterator[str]:
    found = [f"  {source.label}{more}" for source, more in sources]
    if found:
        yield f"\n{title}: {len(found)}"
        yield from found
