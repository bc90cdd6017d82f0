"""Whether the database has what this version needs, by the migrations that were applied to it."""

import logging
import pkgutil
from collections.abc import Iterator
from importlib import import_module

from django.apps import apps
from django.core.exceptions import ImproperlyConfigured
from django.db import connection
from django.db.migrations.loader import MigrationLoader
from django.db.migrations.recorder import MigrationRecorder

logger = logging.getLogger(__name__)

BEHIND = (
    "The database is not prepared for this version: {names} missing. Run: python manage.py prepare. Where the version "
    "before is still at work, it goes on meanwhile."
)
AHEAD = "The database was prepared by a newer version ({names}). This one goes on; bring it up to date soon."
# So many are named, and the rest is counted.
NAMED = 3


def demand_prepared() -> None:
    """Raises ImproperlyConfigured where this version needs more than the database has.

    A database that has more is fine: a migration is such that the version before survives it. The log says so.
    """
    ours, applied = set(_ours()), set(MigrationRecorder(connection).applied_migrations())
    if missing := ours - applied:
        names = _names(missing)
        raise ImproperlyConfigured(BEHIND.format(names=f"{names} {'is' if len(missing) == 1 else 'are'}"))
    # Of apps that we have: others may have been there once.
    labels = {label for label, _ in ours}
    if unknown := {key for key in applied - ours if key[0] in labels}:
        logger.warning(AHEAD.format(names=_names(unknown)))


def _ours() -> Iterator[tuple[str, str]]:
    """App and name of each migration of this version. By the files' names: importing them would take a while."""
    for app in apps.get_app_configs():
        name, _ = MigrationLoader.migrations_module(app.label)
        try:
            package = import_module(name or "")
        except (ModuleNotFoundError, ValueError):
            continue
        for module in pkgutil.iter_modules(package.__path__):
            if not module.ispkg and module.name[0] not in "_~":
                yield app.label, module.name


def _names(migrations: set[tuple[str, str]]) -> str:
    names = [".".join(key) for key in sorted(migrations)]
    rest = len(names) - NAMED
    return ", ".join(names[:NAMED]) + (f" and {rest} more" if rest > 0 else "")
