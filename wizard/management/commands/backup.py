"""`manage.py backup`: a copy of the database while everything runs, proved to open."""

from argparse import ArgumentParser
from pathlib import Path
from typing import Any

from django.conf import settings
from django.core.management import call_command
from django.core.management.base import BaseCommand, CommandError
from django.db import connection

from wizard.backups.copying import CannotCopy, remove_all_but, write_backup

KEYS = "The keys are not in it, on purpose: keep {place} elsewhere, or nobody can open what it holds."


class Command(BaseCommand):
    help = (
        "Copies the database while everything runs, without the sessions, and opens every value of the copy (on "
        "PostgreSQL restore it elsewhere, and run recovery_drill there). The keys are left out."
    )

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument(
            "--directory", type=Path, default=settings.DATA_DIR / "backups", help="else DATA_DIR/backups"
        )
        parser.add_argument("--keep", type=int, metavar="NUMBER", help="removes all but that many backups there")

    def handle(self, *_args: Any, directory: Path, keep: int | None, **_options: Any) -> None:
        if keep is not None and keep < 1:
            raise CommandError("--keep: at least the new one has to be kept.")
        try:
            path = write_backup(directory)
        except CannotCopy as error:
            raise CommandError(str(error)) from None
        self.stdout.write(f"{path}, {path.stat().st_size:,} bytes.")
        self.stdout.write(KEYS.format(place=settings.CREDENTIAL_KEYS_FROM))
        if connection.vendor == "sqlite":
            call_command("recovery_drill", database=str(path), stdout=self.stdout)
        # Only now: the new one is good.
        for old in remove_all_but(keep, directory) if keep else ():
            self.stdout.write(f"Removed {old.name}.")
