"""`manage.py recovery_drill`: proves that a copy of the database and a key belong together. It shows no secret."""

import sys
from argparse import ArgumentParser
from pathlib import Path
from typing import Any
from urllib.parse import urlsplit

from django.conf import settings
from django.core.management.base import BaseCommand, CommandError
from django.db import DatabaseError
from django.views.decorators.debug import sensitive_variables

from wizard.environment import exposed
from wizard.vault.drill import Proof, copy_at, prove
from wizard.vault.keyring import BadKey, KeyRing

NO_DATABASE = "This is no database of the Connection Wizard, or one of another version: {error}"

IN_ARGUMENTS = (
    "A password among the arguments is in the list of processes. Leave it out of the URL, and give it in PGPASSWORD or "
    "in the file that PGPASSFILE names."
)


class Command(BaseCommand):
    help = (
        "Opens every sealed value of a copy of the database, which is not changed. "
        "Ends with 0 if all of them open, and with 1 if not."
    )

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument("--database", required=True, metavar="COPY", help="a SQLite file, or a PostgreSQL URL")
        parser.add_argument("--keys-file", metavar="FILE", help="keys, with commas between; else CREDENTIAL_KEYS")

    def handle(self, *_args: Any, database: str, keys_file: str | None, **_options: Any) -> None:
        ring = read_ring(keys_file)
        if "://" in database and urlsplit(database).password:
            raise CommandError(IN_ARGUMENTS)
        if "://" not in database and not Path(database).is_file():
            raise CommandError(f"There is no file {database}.")
        try:
            with copy_at(database) as copy:
                proof = prove(copy, ring)
        except (DatabaseError, ValueError) as error:
            raise CommandError(NO_DATABASE.format(error=error)) from None
        self._tell(proof)
        if proof.unreadable or not proof.has_canary:
            sys.exit(1)

    def _tell(self, proof: Proof) -> None:
        for table, number in sorted(proof.opened.items()):
            self.stdout.write(f"{table}: {number} values open")
        for name in proof.unreadable:
            self.stdout.write(f"Does not open: {name}")
        if not proof.has_canary:
            self.stdout.write("Its key canary is gone, or it was never prepared: the wizard would not start with it.")
        counts = f"{proof.opened.total()} values open, {len(proof.unreadable)} do not."
        verdict = "can" if not proof.unreadable and proof.has_canary else "cannot"
        self.stdout.write(f"{counts} This copy {verdict} be recovered with these keys.")


@sensitive_variables()
def read_ring(keys_file: str | None) -> KeyRing:
    """Raises CommandError where the file is none, is open to others, or holds no keys."""
    texts = list(settings.CREDENTIAL_KEYS)
    if keys_file:
        if sentence := exposed("--keys-file", Path(keys_file)):
            raise CommandError(sentence)
        try:
            texts = Path(keys_file).read_text().strip().split(",")
        except (OSError, ValueError):
            raise CommandError(f"{keys_file} cannot be read.") from None
    try:
        return KeyRing(texts)
    except BadKey as error:
        raise CommandError(f"The keys cannot be used: {error}.") from None
