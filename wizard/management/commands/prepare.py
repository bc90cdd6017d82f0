"""`manage.py prepare`: everything that has to be there before a start. Does no harm when it all is."""

import os
from typing import Any

from django.core.management import call_command
from django.core.management.base import BaseCommand, CommandError
from django.db import OperationalError

from wizard.organizations.services import ensure_first_organization
from wizard.vault import canary

# django-htmx brings every version of htmx; compressing those that no page loads would take most of a start.
UNUSED = ["htmx-4*", "htmax-*", "ext"]


class Command(BaseCommand):
    help = "Brings database, static files, key canary and the first organization up to date."

    def handle(self, *_args: Any, **_options: Any) -> None:
        # The SQLite file holds sessions and sealed credentials: for its owner alone.
        umask = os.umask(0o077)
        try:
            call_command("migrate", interactive=False, verbosity=0)
        except OperationalError as error:
            raise CommandError(f"The database cannot be used: {error}") from error
        finally:
            os.umask(umask)
        call_command("createcachetable", verbosity=0)
        call_command("collectstatic", interactive=False, verbosity=0, ignore_patterns=UNUSED)
        canary.ensure()
        ensure_first_organization()
