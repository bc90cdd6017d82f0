"""Opens every value of a copy of the database, and changes nothing there: a backup is one that has been opened."""

from collections import Counter
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import dj_database_url
from django.db import connections
from django.db.utils import load_backend
from django.views.decorators.debug import sensitive_variables

from wizard.vault.keyring import CannotOpen, KeyRing
from wizard.vault.models import KeyCanary
from wizard.vault.registry import sealed_tables
from wizard.vault.rotation import batches
from wizard.vault.tables import SealedTable

ALIAS = "recovery_drill"
BATCH = 500


@dataclass
class Proof:
    """`opened` by table; `unreadable` are named by table, row and field."""

    opened: Counter[str] = field(default_factory=Counter)
    unreadable: list[str] = field(default_factory=list)
    has_canary: bool = False


@contextmanager
def copy_at(place: str) -> Iterator[str]:
    """A copy as a database of Django's, read-only: a SQLite file, or the URL of a PostgreSQL database."""
    found = _postgres(place) if "://" in place else _sqlite(Path(place).resolve())
    values = {**connections["default"].settings_dict, "CONN_MAX_AGE": 0, **found}
    connections[ALIAS] = load_backend(values["ENGINE"]).DatabaseWrapper(values, ALIAS)
    try:
        yield ALIAS
    finally:
        connections[ALIAS].close()
        del connections[ALIAS]


def _postgres(url: str) -> dict[str, Any]:
    found: dict[str, Any] = dict(dj_database_url.parse(url))
    return found | {"OPTIONS": found.get("OPTIONS", {}) | {"options": "-c default_transaction_read_only=on"}}


def _sqlite(path: Path) -> dict[str, Any]:
    """Without a write-ahead log beside it nothing can be missing, and nothing at all is written, no lock either."""
    log = path.with_name(f"{path.name}-wal")
    mode = "mode=ro" if log.exists() and log.stat().st_size else "mode=ro&immutable=1"
    options = {"init_command": "PRAGMA query_only=1;"}
    return {"ENGINE": "django.db.backends.sqlite3", "NAME": f"{path.as_uri()}?{mode}", "OPTIONS": options}


def prove(database: str, ring: KeyRing) -> Proof:
    """Opens all there is. Raises DatabaseError where the copy is no database of this version."""
    proof = Proof(has_canary=KeyCanary.objects.using(database).exists())
    for table in sealed_tables():
        for rows in batches(table, BATCH, database):
            for row in rows:
                _open(table, row, ring, proof)
    return proof


@sensitive_variables()
def _open(table: SealedTable, row: Any, ring: KeyRing, proof: Proof) -> None:
    for name in table.values(row):
        try:
            table.open(ring, row, name)
        except CannotOpen:
            proof.unreadable.append(f"{table.called(row)}: {name}")
        else:
            proof.opened[table.label] += 1
