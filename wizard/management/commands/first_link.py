"""`manage.py first_link`: how the first person gets in, where no `start` has said it."""

from typing import Any

from django.core.management.base import BaseCommand

from wizard.management.commands.start import invitation


class Command(BaseCommand):
    help = "Prints the link that makes the first account, once and within 24 hours; later, where to sign in."

    def handle(self, *_args: Any, **_options: Any) -> None:
        self.stdout.write(invitation())
