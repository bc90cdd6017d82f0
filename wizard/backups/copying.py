"""A copy of the database as it is at one moment: SQLite's online backup, or pg_dump. No session is in it."""

import os
import shutil
import sqlite3
import subprocess  # nosec B404  # PostgreSQL's own programs
from collections.abc import Iterator
from contextlib import closing, contextmanager, suppress
from datetime import datetime
from pathlib import Path

from django.db import connection
from django.utils import timezone

from wizard.record.kinds import Kind
from wizard.record.models import Event

SUFFIXES = {"sqlite": ".sqlite3", "postgresql": ".dump"}
# Whoever steals a copy shall not be signed in by it, and nothing that was queued then is to be done twice.
EMPTIED = ("django_session", "usersessions_usersession", "cache", "django_q_ormq")
PAGES = 10_000


class CannotCopy(Exception):
    """What stands in the way, in a sentence."""


def write_backup(directory: Path) -> Path:
    """Makes the copy, for its owner alone, in a new file there; it is there whole or not at all. Raises CannotCopy."""
    Event.objects.create(kind=Kind.BACKED_UP, message="The keys are not in it.")
    path = directory / f"wizard-{timezone.now():%Y%m%dT%H%M%SZ}{SUFFIXES[connection.vendor]}"
    with _staged(path) as staged:
        (_copy_sqlite if connection.vendor == "sqlite" else _dump)(staged)
    return path


def remove_all_but(number: int, directory: Path) -> list[Path]:
    """Removes the oldest backups there, and returns them."""
    found = sorted(directory.glob(f"wizard-*Z{SUFFIXES[connection.vendor]}"))
    old = found[: max(len(found) - number, 0)]
    for path in old:
        path.unlink()
    return old


@contextmanager
def _staged(path: Path) -> Iterator[Path]:
    staged = path.with_name(f".{path.name}.{os.getpid()}")
    try:
        path.parent.mkdir(mode=0o700, parents=True, exist_ok=True)
        os.close(os.open(staged, os.O_CREAT | os.O_EXCL | os.O_WRONLY, 0o600))
        yield staged
        with staged.open("rb") as file:
            os.fsync(file.fileno())
        os.link(staged, path)
    except OSError as error:
        raise CannotCopy(f"{path} cannot be written: {error.strerror or error}.") from None
    finally:
        with suppress(OSError):
            staged.unlink()


def _copy_sqlite(path: Path) -> None:
    connection.ensure_connection()
    try:
        with closing(sqlite3.connect(path)) as copy:
            connection.connection.backup(copy, pages=PAGES)
            for table in sorted({*EMPTIED} & {*connection.introspection.table_names()}):
                copy.execute(f"DELETE FROM {table}")  # noqa: S608  # nosec B608  # our own names
            copy.commit()
            # One file, and nothing in it of what was deleted.
            copy.execute("PRAGMA journal_mode=DELETE")
            copy.execute("VACUUM")
    except sqlite3.Error as error:
        raise CannotCopy(f"{path} cannot be written: {error}.") from None


def _dump(path: Path) -> None:
    run_postgres(
        "pg_dump", "--format=custom", *(f"--exclude-table-data={table}" for table in EMPTIED), f"--file={path}"
    )


def run_postgres(program: str, *arguments: str) -> None:
    """One of PostgreSQL's own programs, on our database. The password goes by its environment. Raises CannotCopy."""
    found, options = connection.settings_dict, connection.settings_dict.get("OPTIONS", {})
    places = {"PGHOST": "HOST", "PGPORT": "PORT", "PGUSER": "USER", "PGPASSWORD": "PASSWORD", "PGDATABASE": "NAME"}
    environment = {name: str(found[key]) for name, key in places.items() if found.get(key)}
    environment |= {f"PG{name.upper()}": str(value) for name, value in options.items() if name.startswith("ssl")}
    if not (path := shutil.which(program)):
        raise CannotCopy(f"{program} is not on PATH: it comes with PostgreSQL’s client programs.")
    done = subprocess.run(  # noqa: S603  # nosec B603  # arguments of ours
        [path, *arguments], env=os.environ | environment, capture_output=True, text=True, check=False
    )
    if done.returncode:
        raise CannotCopy(f"{program} ended with {done.returncode}: {' '.join(done.stderr.split())[:500]}")


def taken_at() -> datetime | None:
    """When the copy that is the database now was made, as it says itself; by its last event, where it does not say."""
    last = Event.objects.filter(kind=Kind.BACKED_UP).last() or Event.objects.last()
    return last.at if last else None
