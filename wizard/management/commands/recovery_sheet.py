"""`manage.py recovery_sheet`: the sheet with the keys, to a terminal or into a file of its owner's alone."""

import os
import stat
import sys
from argparse import ArgumentParser
from pathlib import Path
from typing import Any

from django.conf import settings
from django.core.management.base import BaseCommand, CommandError
from django.views.decorators.debug import sensitive_variables

from wizard.keys.services import record_sheet
from wizard.keys.sheet import as_text, sheet
from wizard.management.commands.start import base_url

REFUSED = (
    "A sheet with keys goes to a terminal, or into a file that only you can read: use --output FILE. "
    "With --without-keys it can go anywhere."
)


class Command(BaseCommand):
    help = "Prints what is needed to recover, with the keys. Whoever has this sheet and the database has everything."

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument("--output", metavar="FILE", help="a new file, which gets the mode 0600")
        parser.add_argument("--without-keys", action="store_true", help="the fingerprints alone")

    @sensitive_variables()
    def handle(self, *_args: Any, output: str | None, without_keys: bool, **_options: Any) -> None:
        if not (output or without_keys or is_private(sys.stdout.fileno())):
            raise CommandError(REFUSED)
        keys = [] if without_keys else list(settings.CREDENTIAL_KEYS)
        text = as_text(sheet(base_url()), keys)
        if output:
            write(Path(output), text)
        record_sheet(None, f"By the command, {'without' if without_keys else 'with'} keys.")
        self.stdout.write(f"Written to {output}. Print it, and delete it." if output else text)


def is_private(descriptor: int) -> bool:
    """A terminal, or a regular file that nobody else can read."""
    mode = os.fstat(descriptor).st_mode
    return os.isatty(descriptor) or (stat.S_ISREG(mode) and not mode & 0o077)


@sensitive_variables()
def write(path: Path, text: str) -> None:
    """Into a new file: one that is there may be a link, or open to others. Raises CommandError."""
    try:
        descriptor = os.open(path, os.O_WRONLY | os.O_CREAT | os.O_EXCL | os.O_NOFOLLOW, 0o600)
    except OSError as error:
        raise CommandError(f"{path} cannot be made: {error.strerror}.") from None
    with os.fdopen(descriptor, "w", encoding="utf-8") as file:
        file.write(text)
