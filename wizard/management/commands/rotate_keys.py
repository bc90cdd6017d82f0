"""`manage.py rotate_keys`: seals everything anew with the first key, while the wizard goes on working."""

import sys
from argparse import ArgumentParser
from typing import Any

from django.core.management.base import BaseCommand, CommandError
from django.db import DatabaseError

from wizard.record.kinds import Kind, Outcome
from wizard.record.models import Event
from wizard.vault.overview import overview
from wizard.vault.rotation import Tally, rotate

BEHIND = (
    "Still sealed with another key: {number}. A process that still has the former keys has written meanwhile: "
    "restart it, and run this again."
)

STOPPED = "The database does not answer: {error}. Nothing is lost; run this again, and it goes on."


class Command(BaseCommand):
    help = (
        "Seals every value anew that is not sealed with the first key of CREDENTIAL_KEYS. It can be run while people "
        "work, be killed, and be run again. Ends with 1 if something does not open, or is left to do."
    )

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument("--dry-run", action="store_true", help="opens everything, and writes nothing")
        parser.add_argument("--batch", type=int, default=200, metavar="ROWS", help="rows in one transaction (200)")

    def handle(self, *_args: Any, dry_run: bool, batch: int, **_options: Any) -> None:
        if batch < 1:
            raise CommandError("--batch has to be at least 1.")
        try:
            tally = rotate(batch=batch, dry_run=dry_run, tell=self._tell)
        except DatabaseError as error:
            raise CommandError(STOPPED.format(error=error)) from None
        self._tell(f"{'To be sealed anew' if dry_run else 'Sealed anew'}: {tally.anew}")
        self._tell(f"Already current: {tally.current}")
        self._tell(f"Unreadable: {len(tally.unreadable)}")
        for name in tally.unreadable:
            self._tell(f"  {name}")
        left = 0 if dry_run else overview().left
        if left and not tally.unreadable:
            self._tell(BEHIND.format(number=left))
        if not dry_run:
            record(tally, left)
        if left or tally.unreadable:
            sys.exit(1)

    def _tell(self, words: str) -> None:
        """At once, for whoever watches it, or wants to know how far it came."""
        self.stdout.write(words)
        self.stdout.flush()


def record(tally: Tally, left: int) -> None:
    counts = {"sealed_anew": tally.anew, "already_current": tally.current, "unreadable": len(tally.unreadable)}
    outcome = Outcome.FAILED if tally.unreadable or left else Outcome.SUCCEEDED
    message = f"Sealed anew: {tally.anew}. Already current: {tally.current}. Unreadable: {len(tally.unreadable)}."
    Event.objects.create(kind=Kind.KEYS_ROTATED, message=message, outcome=outcome, details={**counts, "left": left})
