"""`manage.py prune_history`: removes old events, or all that is past its retention; the chain stays provable."""

import argparse
from datetime import UTC, date, datetime
from typing import Any

from django.core.management.base import BaseCommand, CommandError, CommandParser
from django.db import connection
from django.utils import timezone

from wizard.record.pruning import NotProven, Range, older_than, prune
from wizard.record.verifying import verify
from wizard.retention.removing import remove_all
from wizard.retention.rules import rules

NOT_PROVEN = (
    "Nothing was removed from there on: the record is not as it was written. {found} "
    "Run: python manage.py verify_history"
)


class Command(BaseCommand):
    help = (
        "Without a day: removes at once what the worker would remove by and by, all that is past its retention "
        "(KEEP_EVENTS_DAYS, KEEP_CALLS_DAYS, KEEP_DELETED_DAYS). With --before: the events from before that day, the "
        "oldest first, after it has verified the whole record. What stays can still be verified, and an event says "
        "what was removed. Take a backup first if you may want it back."
    )

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument("--before", type=past_day, metavar="YYYY-MM-DD", help="Events alone; that day stays.")
        parser.add_argument("--dry-run", action="store_true", help="Says what would be removed, and removes nothing.")
        parser.add_argument(
            "--vacuum",
            action="store_true",
            help="Gives what is free inside the SQLite file back to the disk. Nobody can write meanwhile, and it needs "
            "as much room again as the file takes: stop web server and workers first.",
        )

    def handle(self, *_args: Any, **options: Any) -> None:
        try:
            if options["before"]:
                self._remove_events(options["before"], is_dry=options["dry_run"])
            else:
                self._remove_what_is_over(is_dry=options["dry_run"])
        except NotProven as error:
            raise CommandError(NOT_PROVEN.format(found=error)) from None
        if options["vacuum"] and not options["dry_run"] and connection.vendor == "sqlite":
            _give_back()

    def _remove_events(self, before: datetime, *, is_dry: bool) -> None:
        report = verify()
        if not report.is_proven:
            raise NotProven(report.findings[0])
        found = older_than(before)
        if is_dry:
            self.stdout.write(f"{_events(found.count)} would be removed{_positions(found)}.")
        else:
            self.stdout.write(f"{_events(prune(before))} removed{_positions(found)}.")

    def _remove_what_is_over(self, *, is_dry: bool) -> None:
        now = timezone.now()
        for rule in rules():
            if rule.days is None:
                self.stdout.write(f"{rule.kind.label}: kept for ever. {rule.setting} is 0.")
            elif is_dry:
                self.stdout.write(f"{rule.kind.label}: {rule.over(rule.before(now))} would be removed.")
            else:
                self.stdout.write(f"{rule.kind.label}: {remove_all(rule)} removed.")


def _give_back() -> None:
    with connection.cursor() as cursor:
        cursor.execute("VACUUM")
        # It went into the log first.
        cursor.execute("PRAGMA wal_checkpoint(TRUNCATE)")


def past_day(text: str) -> datetime:
    """Its beginning. Raises argparse.ArgumentTypeError."""
    try:
        found = date.fromisoformat(text)
    except ValueError:
        raise argparse.ArgumentTypeError("a day is written as in 2025-12-31") from None
    moment = datetime(found.year, found.month, found.day, tzinfo=UTC)
    if moment > timezone.now():
        raise argparse.ArgumentTypeError("that day is still to come")
    return moment


def _events(count: int) -> str:
    return f"{count} event{'' if count == 1 else 's'}"


def _positions(found: Range) -> str:
    return f", positions {found.first} to {found.last}" if found.count else ""
