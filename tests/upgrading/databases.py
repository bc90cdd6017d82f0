"""Houses that share a database: an SQLite file with its DATA_DIR, or a PostgreSQL with a DATA_DIR each."""

import uuid
from pathlib import Path
from typing import Any

import psycopg

from tests.start.running import House
from wizard.environment import new_credential_key, new_secret

SQLITE, POSTGRES = "sqlite", "postgresql"
HOST = "wizard.example.com"


class Places:
    """Makes them, in one directory and at one PostgreSQL server."""

    def __init__(self, directory: Path, server: str) -> None:
        self.directory, self._server = directory, server

    def houses(self, kind: str, number: int) -> list[House]:
        secrets = {"SECRET_KEY": new_secret(), "CREDENTIAL_KEYS": new_credential_key()}
        if kind == SQLITE:
            return [House(self.directory / "data", ALLOWED_HOSTS=HOST, **secrets) for _ in range(number)]
        with psycopg.connect(f"{self._server}/postgres", autocommit=True) as server:
            name = f"wizard_{uuid.uuid4().hex}"
            server.execute(f"CREATE DATABASE {name}")
        shared = {"DATABASE_URL": f"{self._server}/{name}", "ALLOWED_HOSTS": HOST, **secrets}
        return [House(self.directory / f"machine {one}", **shared) for one in range(number)]


def rows(house: House, query: str) -> list[tuple[Any, ...]]:
    """What a query finds in its PostgreSQL."""
    with psycopg.connect(house.settings["DATABASE_URL"]) as server:
        return server.execute(query).fetchall()
