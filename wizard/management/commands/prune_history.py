"""`manage.py prune_history`: removes old events, and keeps the chain of the others provable."""

import argparse
from datetime import UTC, date, datetime
from typing import Any

from django.core.management.base import BaseCommand, CommandError, CommandParser
from django.utils import timezone

from wizard.record.pruning import Range, older_than, prune
from wizard.record.verifying import verify


class Command(BaseCommand):
    help = (
        "Removes the events from before a day, the oldest first, after it has verified the whole record. What stays "
        "can still be verified, and an event says what was removed. Take a backup first if you may want them back."
    )

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument("--before", type=past_day, required=True, metavar="YYYY-MM-DD", help="That day stays.")
        parser.add_argument("--dry-run", action="store_true", help="Says what would be removed, and removes nothing.")

    def handle(self, *_args: Any, **options: Any) -> None:
        if not verify().is_proven:
            raise CommandError(
                "Nothing was removed: the record is not as it was written. Run: python manage.py verify_history"
            )
        found = older_than(options["before"])
        if options["dry_run"]:
            self.stdout.write(f"{_events(found.count)} would be removed{_positions(found)}.")
        else:
            self.stdout.write(f"{_events(prune(options['before']))} removed{_positions(found)}.")


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
