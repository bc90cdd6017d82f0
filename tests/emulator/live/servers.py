"""A real PostgreSQL and a real MariaDB, with a shop in each, and connections to them as auth.params describe them."""

import shutil
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import psycopg
import pymysql
import requests

from tests.emulator.live.certificates import self_made
from tests.emulator.running import Emulator
from tests.emulator.service import flow_code
from tests.mariadb import running_mariadb
from tests.postgres import running_postgres

POSTGRES = "74a1c565-4e59-48d7-9d67-7c03b8a13137"
MARIADB = "3000eb99-cd47-43f3-827c-43caf170f015"
MYSQL = "26d738e0-8963-47ea-aadf-c60de735468a"
ORACLE = "d6b52d86-f0f8-475f-89d4-ce54c8527328"
SQL_SERVER = "1f372ff9-38a4-4492-96f5-b9a4e4bd00ec"
WAY = "Connection String Based Authentication"
# Everything that has a meaning in one of the texts that it could be written into.
PASSWORD = "p@ss:w/ö%41rd&x=y?#'\"\\"
NAMES = ("localhost", "127.0.0.1")
PG_HBA = """
host     all  postgres   127.0.0.1/32  trust
hostssl  all  only_tls   127.0.0.1/32  scram-sha-256
host     all  only_tls   127.0.0.1/32  reject
host     all  only_plain 127.0.0.1/32  scram-sha-256
host     all  all        127.0.0.1/32  scram-sha-256
"""


@dataclass(frozen=True)
class Database:
    """A running server; `run` does as its administrator what no look may do."""

    spec_id: str
    port: int
    run: Callable[..., Any] = field(repr=False)
    name: str = "shop"
    user: str = "ann"
    host: str = "127.0.0.1"
    certificate: bytes = b""

    def pairs(self, **changes: object) -> dict[str, str]:
        """What a connection string says of it; None leaves a pair out."""
        pairs = {"Server": self.host, "Port": self.port, "Database": self.name, "UID": self.user, "Password": PASSWORD}
        return {key: str(value) for key, value in (pairs | changes).items() if value is not None}

    def text(self, **changes: object) -> str:
        return ";".join(f"{key}={quoted(value)}" for key, value in self.pairs(**changes).items())

    def body(self, **changes: object) -> dict[str, Any]:
        return body_of(self.spec_id, self.text(**changes))


def quoted(value: str) -> str:
    return '"' + value.replace('"', '""') + '"'


def body_of(spec_id: str, text: str, way: str = WAY) -> dict[str, Any]:
    auth = {"specName": way, "params": {"connectionString": text}}
    return {"name": "Shop", "auth": auth, "connectionSpec": {"id": spec_id, "version": "1.0"}}


def basic_body(database: Database, **changes: object) -> dict[str, Any]:
    """By separate params, as in the way of that name."""
    params = {"server": database.host, "port": str(database.port), "database": database.name}
    params |= {"username": database.user, "password": PASSWORD, "sslMode": "Prefer"}
    auth = {"specName": "Basic Authentication", "params": params | changes}
    return {"name": "Shop", "auth": auth, "connectionSpec": {"id": database.spec_id, "version": "1.0"}}


def outcome_of(emulator: Emulator, body: dict[str, Any]) -> requests.Response:
    return emulator.call("GET", f"/connections/{emulator.create(body)['id']}/test")


def explored(emulator: Emulator, body: dict[str, Any], **query: object) -> requests.Response:
    connection_id = emulator.create(body)["id"]
    return emulator.call("GET", f"/connections/{connection_id}/explore", params={"objectType": "root"} | query)


def table_of(emulator: Emulator, body: dict[str, Any], path: str, **query: object) -> dict[str, Any]:
    response = explored(emulator, body, objectType="table", object=path, **query)
    assert response.status_code == 200, response.text
    return dict(response.json())


def refusal(response: requests.Response) -> str:
    """The words of a connector's refusal; no password of ours is in it."""
    assert (response.status_code, flow_code(response)) == (400, "1308-400")
    assert PASSWORD not in response.text
    words = str(response.json()["errorMessage"])
    return words.removeprefix("The request could not be processed. Error message: ")


@contextmanager
def a_postgres() -> Iterator[Database]:
    files = self_made(*NAMES)
    with running_postgres() as url:
        port = int(url.rpartition(":")[2])

        def run(*statements: str, database: str = "postgres") -> list[Any]:
            with psycopg.connect(f"{url}/{database}", autocommit=True) as connection:
                cursors = [connection.execute(statement) for statement in statements]
                return cursors[-1].fetchall() if cursors and cursors[-1].description else []

        _lock(Path(run("SHOW data_directory")[0][0]), files)
        literal = PASSWORD.replace("'", "''")
        run("CREATE DATABASE shop", "ALTER SYSTEM SET ssl = on", "SELECT pg_reload_conf()")
        for name in ("ann", "only_tls", "nobody"):
            run(f"CREATE ROLE {name} LOGIN PASSWORD '{literal}'")
        run("GRANT CREATE, USAGE ON SCHEMA public TO ann", database="shop")
        yield Database(POSTGRES, port, run, certificate=files["server.crt"])


def _lock(directory: Path, files: dict[str, bytes]) -> None:
    """From now on passwords count, and TLS is spoken; the files are the server's, as PostgreSQL wants it."""
    owner = directory.stat()
    for name, content in {**files, "pg_hba.conf": PG_HBA.encode()}.items():
        (directory / name).write_bytes(content)
        (directory / name).chmod(0o600)
        shutil.chown(directory / name, owner.st_uid, owner.st_gid)


@contextmanager
def a_mariadb() -> Iterator[Database]:
    files = self_made(*NAMES)
    with running_mariadb("--ssl-cert={dir}/server.crt", "--ssl-key={dir}/server.key", files=files) as port:

        def run(*statements: str, database: str | None = None) -> list[Any]:
            found: list[Any] = []
            connection = pymysql.connect(host="127.0.0.1", port=port, user="root", database=database, autocommit=True)
            with connection, connection.cursor() as cursor:
                for statement in statements:
                    cursor.execute(statement)
                    found = list(cursor.fetchall())
            return found

        literal = PASSWORD.replace("\\", "\\\\").replace("'", "\\'")
        run("CREATE DATABASE shop CHARACTER SET utf8mb4", "CREATE DATABASE other")
        for name, rest in (("ann", ""), ("only_tls", "REQUIRE SSL"), ("nobody", "")):
            run(f"CREATE USER {name}@'127.0.0.1' IDENTIFIED BY '{literal}' {rest}")
        run("GRANT SELECT, SHOW VIEW ON shop.* TO ann@'127.0.0.1'", "GRANT SELECT ON shop.* TO only_tls@'127.0.0.1'")
        run("GRANT SELECT ON nowhere.* TO ann@'127.0.0.1'")
        yield Database(MARIADB, port, run, certificate=files["server.crt"])
