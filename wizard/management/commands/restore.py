"""`manage.py restore`: makes a backup the database, and has looked up what may have been done since."""

from argparse import ArgumentParser
from pathlib import Path
from typing import Any

from django.core.exceptions import ImproperlyConfigured
from django.core.management.base import BaseCommand, CommandError

from wizard.backups.copying import CannotCopy
from wizard.backups.restoring import restore

DONE = (
    "Restored. Everybody has to sign in again. {number} creates that were not decided then are looked up at Adobe, and "
    "not sent again. What was made since the backup is not known here any more: look at Adobe before you make it anew."
)


class Command(BaseCommand):
    help = "Makes a backup the database: the SQLite file, or an empty PostgreSQL database. Stop everything first."
    # It need not be there, nor be of this version.
    requires_system_checks = ()

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument("backup", type=Path)
        parser.add_argument(
            "--replace", action="store_true", help="of an SQLite database that is there already: it is put aside"
        )

    def handle(self, *_args: Any, backup: Path, replace: bool, **_options: Any) -> None:
        try:
            number = restore(backup, replace=replace)
        except (CannotCopy, ImproperlyConfigured) as error:
            raise CommandError(str(error)) from None
        self.stdout.write(DONE.format(number=number))
