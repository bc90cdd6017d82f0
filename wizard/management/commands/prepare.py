"""`manage.py prepare`: everything that has to be there before a start. Does no harm when it all is."""

from typing import Any

from django.conf import settings
from django.core.management import call_command
from django.core.management.base import BaseCommand
from django.db import connection

from wizard.management.refusals import in_a_sentence
from wizard.management.static_files import collect
from wizard.organizations.models import Organization
from wizard.organizations.services import ensure_first_organization
from wizard.record.models import Event
from wizard.upgrading.fitting import demand_prepared
from wizard.upgrading.turns import one_at_the_database, one_on_this_machine
from wizard.values.destinations import fill_in_missing
from wizard.vault import canary

# Of each index: enough to tell a rare value from a common one, in a moment.
ROWS_LOOKED_AT = 1000


class Command(BaseCommand):
    help = "Brings database, static files, key canary and the first organization up to date."

    def handle(self, *_args: Any, **_options: Any) -> None:
        with in_a_sentence():
            settings.DATA_DIR.mkdir(mode=0o700, parents=True, exist_ok=True)
            keep_for_owner()
            with one_on_this_machine(settings.DATA_DIR):
                collect()
                with one_at_the_database():
                    prepare_database()


def prepare_database() -> None:
    call_command("migrate", interactive=False, verbosity=0)
    demand_prepared()
    call_command("createcachetable", verbosity=0)
    call_command("clearsessions")
    canary.ensure(is_new=not Organization.objects.exists())
    ensure_first_organization()
    fill_in_missing()
    Event.objects.chain()
    look_at_tables()


def look_at_tables() -> None:
    """SQLite chooses between indexes by what it has seen of the rows, and looks only when it is told to."""
    if connection.vendor == "sqlite":
        with connection.cursor() as cursor:
            cursor.execute(f"PRAGMA analysis_limit = {ROWS_LOOKED_AT}")
            cursor.execute("ANALYZE")


def keep_for_owner() -> None:
    """The SQLite files hold sessions and sealed credentials: for their owner alone, whoever made them."""
    for path in settings.DATA_DIR.glob(f"{settings.SQLITE_FILE.name}*"):
        path.chmod(0o600)
