"""The product's own commands with its own DATABASE_URL. Collected only when named, as tests/on_postgres.py does."""

import os
from pathlib import Path
from urllib.parse import urlsplit

import psycopg
import pytest
from django.db import connection

from tests.start.running import House
from tests.vault.rotating import Rotation, assert_all_is_there, prove
from wizard.environment import new_credential_key, new_secret

READY = """
from django.test import Client
response = Client(headers={"host": "wizard.example.com"}).get("/health/ready", secure=True)
print(response.status_code, *(response.json()[name] for name in ("database", "keys")))
"""


# The database that every new cluster has; those of the tests have others.
POSTGRES = "/postgres"


def url_of(path: str) -> str:
    return urlsplit(os.environ["TEST_DATABASE_URL"])._replace(path=path).geturl()


@pytest.fixture
def house(tmp_path: Path) -> House:
    return house_at(url_of(POSTGRES), tmp_path)


def house_at(url: str, tmp_path: Path) -> House:
    secrets = {"SECRET_KEY": new_secret(), "CREDENTIAL_KEYS": new_credential_key()}
    return House(tmp_path / "data", DATABASE_URL=url, ALLOWED_HOSTS="wizard.example.com", **secrets)


def test_the_tests_beside_this_one_run_on_postgres() -> None:
    assert connection.vendor == "postgresql"


def test_it_prepares_an_empty_database_and_is_ready(house: House) -> None:
    assert house.run("prepare") == (0, "")
    assert house.run("prepare") == (0, "")
    code, output = house.run("check", "--database", "default", "--fail-level", "WARNING")
    assert code == 0, output
    code, output = house.run("shell", "--no-imports", "-c", READY)
    assert (code, output.splitlines()[-1]) == (0, "200 True True")
    assert not list(house.data_dir.glob("*.sqlite3"))


def test_ten_thousand_values_rotate_while_others_write_and_it_is_killed_three_times(tmp_path: Path) -> None:
    with psycopg.connect(url_of(POSTGRES), autocommit=True) as server:
        server.execute("CREATE DATABASE rotation")
    rotation = Rotation(house_at(url_of("/rotation"), tmp_path))
    with rotation.writers(2, tmp_path) as written:
        prove(rotation)
    assert min(written) > 1
    assert_all_is_there(rotation, sum(written) + len(written))
