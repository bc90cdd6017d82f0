"""The way back from a copy: opened with our keys, brought up to date and settled, and only then in its place."""

import os
import shutil
import sqlite3
from collections.abc import Iterator
from contextlib import closing, contextmanager
from pathlib import Path

from django.conf import settings
from django.core.exceptions import ImproperlyConfigured
from django.core.management import CommandError, call_command
from django.db import DatabaseError, connection
from django.utils import timezone

from wizard.backups.copying import CannotCopy, run_postgres, taken_at
from wizard.backups.settling import settle
from wizard.vault import canary

IN_USE = "{path} is in use. Stop web server and workers first."
THERE = "There is a database already. With --replace it is put aside."
UNSETTLED = (
    "The database holds the copy now, and what may have been sent since would be sent again: do not start anything on "
    "it. Make a new one, and restore into that."
)
NOT_EMPTY = "The database is not empty. Make a new one, name it in DATABASE_URL, and restore into that."


def restore(path: Path, *, replace: bool) -> int:
    """Makes the copy our database; returns how many creates are to be looked up.

    Raises CannotCopy, and ImproperlyConfigured where our keys do not open it; a SQLite file is as it was then.
    """
    if connection.vendor == "sqlite":
        with _in_its_place(path, replace=replace):
            return _settled()
    _load(path)
    try:
        return _settled()
    except (CannotCopy, CommandError, DatabaseError, ImproperlyConfigured) as error:
        raise CannotCopy(f"{error} {UNSETTLED}") from None


def _settled() -> int:
    try:
        canary.verify()
    except DatabaseError as error:
        raise CannotCopy(f"This is no backup of the Connection Wizard: {error}") from None
    moment = taken_at() or timezone.now()
    call_command("migrate", interactive=False, verbosity=0)
    call_command("createcachetable", verbosity=0)
    return settle(moment)


@contextmanager
def _in_its_place(path: Path, *, replace: bool) -> Iterator[None]:
    """Meanwhile the default database is a copy of the copy; it takes its place at the end, if nothing was raised."""
    place, staged = settings.SQLITE_FILE, settings.SQLITE_FILE.with_suffix(".restoring")
    if place.exists():
        _demand_unused(place, replace=replace)
    try:
        _check_sqlite(path)
        staged.parent.mkdir(mode=0o700, parents=True, exist_ok=True)
        shutil.copyfile(path, staged)
        staged.chmod(0o600)
        with _default_database(staged):
            yield
        if place.exists():
            place.rename(place.with_name(f"{place.name}.until-{timezone.now():%Y%m%dT%H%M%SZ}"))
        staged.rename(place)
    finally:
        for left in (staged, *(staged.with_name(f"{staged.name}{end}") for end in ("-wal", "-shm"))):
            left.unlink(missing_ok=True)


@contextmanager
def _default_database(path: Path) -> Iterator[None]:
    connection.close()
    kept = connection.settings_dict["NAME"]
    connection.settings_dict["NAME"] = path
    try:
        yield
    finally:
        # The last one that closes it leaves one file.
        connection.close()
        connection.settings_dict["NAME"] = kept


def _demand_unused(place: Path, *, replace: bool) -> None:
    if not replace:
        raise CannotCopy(THERE)
    connection.close()
    with closing(sqlite3.connect(place)) as probe:
        probe.execute("SELECT 1 FROM sqlite_master").fetchone()
    # SQLite's last connection takes its index of the log away with it.
    if place.with_name(f"{place.name}-shm").exists():
        raise CannotCopy(IN_USE.format(path=place))


def _check_sqlite(path: Path) -> None:
    try:
        with closing(sqlite3.connect(f"{path.resolve().as_uri()}?mode=ro", uri=True)) as copy:
            found = copy.execute("PRAGMA integrity_check").fetchone()[0]
    except sqlite3.Error as error:
        raise CannotCopy(f"{path} is no SQLite database: {error}.") from None
    if found != "ok":
        raise CannotCopy(f"{path} is damaged: {str(found)[:200]}.")


def _load(path: Path) -> None:
    if not os.access(path, os.R_OK):
        raise CannotCopy(f"{path} cannot be read.")
    if connection.introspection.table_names():
        raise CannotCopy(NOT_EMPTY)
    connection.close()
    target = f"--dbname={connection.settings_dict['NAME']}"
    run_postgres(
        "pg_restore", "--no-owner", "--no-comments", "--single-transaction", "--exit-on-error", target, str(path)
    )
