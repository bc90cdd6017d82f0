"""`manage.py verify_history`: is the record as it was written? Says which event was changed, removed or put in."""

import argparse
from typing import Any

from django.core.management.base import BaseCommand, CommandError, CommandParser

from wizard.parsing import whole_number
from wizard.record.verifying import Report, verify


class Command(BaseCommand):
    help = (
        "Verifies the keyed hash of every event, and the chain of them. Ends with 0 if all is as it was written, and "
        "with 1 if not. Prints the head of the chain: note it down elsewhere, and give it to a later run as --expect. "
        "Only that finds a whole database that was put back to an older state."
    )

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument(
            "--expect",
            type=head_of,
            metavar="POSITION:LINK",
            help="A head that was printed earlier: it has to be on the chain still.",
        )

    def handle(self, *_args: Any, **options: Any) -> None:
        report = verify(options["expect"])
        for words in report.findings:
            self.stdout.write(words)
        if hidden := report.number_of_findings - len(report.findings):
            self.stdout.write(f"And {hidden} more like these.")
        self.stdout.write(summary(report))
        if not report.is_proven:
            raise CommandError("The record is not as it was written.", returncode=1)


def head_of(text: str) -> tuple[int, str]:
    """Raises argparse.ArgumentTypeError."""
    number, _, link = text.strip().partition(":")
    position = whole_number(number)
    if position is None:
        raise argparse.ArgumentTypeError("a head is a number, a colon and a link, as verify_history prints it")
    return position, link


def summary(report: Report) -> str:
    if report.head is None:
        return "No event was read."
    events = f"{report.count} event{'' if report.count == 1 else 's'} read"
    floor = report.head.floor_position
    removed = f", after {floor} that {'was' if floor == 1 else 'were'} removed on purpose" if floor else ""
    return f"{events}{removed}. Head: {report.head}"
