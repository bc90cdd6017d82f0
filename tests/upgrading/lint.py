"""Migrations that a running older version would not survive: `python -m tests.upgrading.lint`.

What PostgreSQL would be told is rendered without a server, and looked at by django-migration-linter. What came with the
first release, and what somebody has looked at, stands in migrations.toml.
"""

import os
import re
import sys
import tomllib
from pathlib import Path
from typing import Any

import django
from django.db import ConnectionHandler, OperationalError, connection
from django.db.migrations import Migration
from django.db.migrations.loader import MigrationLoader
from django_migration_linter.migration_linter import MigrationLinter
from django_migration_linter.sql_analyser.base import Check, CheckMode, CheckType
from django_migration_linter.sql_analyser.postgresql import PostgresqlAnalyser
from psycopg.sql import quote

RECORD = Path(__file__).with_name("migrations.toml")
NOWHERE = {"ENGINE": "django.db.backends.postgresql", "NAME": "nowhere", "HOST": "127.0.0.1", "PORT": "1"}
# The eldest that Django supports: its rules hold for newer ones.
POSTGRESQL_14 = 14_00_00
# How a data migration names its variables is a matter of taste.
TASTE = ["RUNPYTHON_ARGS_NAMING_CONVENTION", "RUNPYTHON_MODEL_VARIABLE_NAME"]
REFUSED = "A running older version would not survive this. docs/operations.md, “Change the database in two steps”."
LOOK = f"whether a running older version survives it, somebody has to see, and to write into {RECORD.name}."


class Analyser(PostgresqlAnalyser):
    # The older version writes what it always wrote, and knows nothing of a new rule.
    migration_checks = [
        *PostgresqlAnalyser.migration_checks,
        Check(
            code="ADD_CHECK",
            fn=lambda sql, **_more: re.search("ALTER TABLE .* ADD CONSTRAINT .* CHECK", sql),
            message="ADDING a check constraint",
            mode=CheckMode.ONE_LINER,
            type=CheckType.ERROR,
        ),
    ]


class Linter(MigrationLinter):
    """Looks at the migrations that are on no record."""

    def __init__(self, record: dict[str, Any]) -> None:
        quiet = ["ok", "ignore"]
        super().__init__(no_cache=True, quiet=quiet, exclude_migration_tests=TASTE, analyser_string="postgresql")
        self.sql_analyser_class = Analyser
        self._first_release, self._looked_at = record["first_release"], record["looked_at"]

    def should_ignore_migration(self, app_label: str, migration_name: str, *_args: Any, **_options: Any) -> bool:
        came_with_the_first = migration_name <= self._first_release.get(app_label, "")
        return came_with_the_first or f"{app_label}.{migration_name}" in self._looked_at

    def get_sql(self, app_label: str, migration_name: str) -> list[str]:
        try:
            return rendered(self.migration_loader.disk_migrations[app_label, migration_name])
        except OperationalError:
            sys.exit(f"{app_label}.{migration_name} changes what has to be looked up in a database: {LOOK}")


def rendered(migration: Migration) -> list[str]:
    """What PostgreSQL would be told. Raises OperationalError where that depends on what a database has."""
    database = ConnectionHandler({"default": NOWHERE})["default"]
    database.__dict__["pg_version"] = POSTGRESQL_14
    # Django has a connection put values into a statement.
    database.ops.compose_sql = lambda sql, params: sql % tuple(quote(value) for value in params or ())
    state = MigrationLoader(None).project_state((migration.app_label, migration.name), at_end=False)
    with database.schema_editor(collect_sql=True, atomic=False) as editor:
        migration.apply(state, editor, collect_sql=True)
    statements = [line for text in editor.collected_sql for line in text.splitlines()]
    return ["BEGIN;", *statements, "COMMIT;"] if migration.atomic else statements


def main() -> int:
    """The exit code; says which migration is refused, and why."""
    linter = Linter(tomllib.loads(RECORD.read_text()))
    linter.lint_all_migrations()
    connection.close()
    if linter.has_errors:
        sys.stdout.write(f"{REFUSED}\n")
    else:
        seen = linter.nb_total - linter.nb_ignored
        sys.stdout.write(f"Migrations since the first release: {seen}. A running older version survives them.\n")
    return int(linter.has_errors)


if __name__ == "__main__":
    os.environ.setdefault("DJANGO_SETTINGS_MODULE", "tests.settings")
    django.setup()
    sys.exit(main())
