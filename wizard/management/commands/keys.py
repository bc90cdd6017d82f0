"""`manage.py keys`: which keys there are, what each seals, and what is to be done about it."""

from typing import Any

from django.core.management.base import BaseCommand, CommandError
from django.db import DatabaseError

from wizard.vault.overview import Line, overview

UNPREPARED = "The database cannot be read: {error}. If it is a new one, run: python manage.py prepare."


class Command(BaseCommand):
    help = "Shows the keys by their fingerprints, how many values each of them seals, and whether the canary opens."

    def handle(self, *_args: Any, **_options: Any) -> None:
        try:
            found = overview()
        except DatabaseError as error:
            raise CommandError(UNPREPARED.format(error=error)) from None
        for line in found.lines:
            self._show(line)
        if found.former:
            self.stdout.write(f"In the former format, bound to less of their place: {found.former}")
        self.stdout.write(f"Canary: {found.canary or 'it opens with these keys'}")
        for step in found.steps:
            self.stdout.write(step.words)

    def _show(self, line: Line) -> None:
        self.stdout.write(f"{line.fingerprint}  {role(line)}  {line.total} values")
        for field, number in line.fields:
            self.stdout.write(f"  {field}: {number}")


def role(line: Line) -> str:
    if line.seals:
        return "seals"
    return "opens" if line.is_on_ring else "is not on the ring"
