"""What an operator does with the keys, and what the database holds."""

from io import StringIO

from django.core.management import call_command

from wizard.environment import new_credential_key
from wizard.vault import registry

NEW = new_credential_key()


def rotate(*options):
    """Exit code and lines of the command."""
    said = StringIO()
    try:
        call_command("rotate_keys", *options, stdout=said)
    except SystemExit as end:
        return end.code, said.getvalue().splitlines()
    return 0, said.getvalue().splitlines()


def all_bytes():
    found = {}
    for table in registry.sealed_tables():
        for row in table.rows():
            found |= {(table.called(row), name): value for name, value in table.values(row).items()}
    return found
