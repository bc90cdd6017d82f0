"""A version meets a database that another one has prepared; and several of them prepare it at once."""

import sqlite3
from pathlib import Path

import pytest
from django.core.exceptions import ImproperlyConfigured
from django.db import connection
from django.db.migrations.recorder import MigrationRecorder

from tests.start.running import House
from tests.start.test_keys import web_server
from tests.upgrading.databases import POSTGRES, SQLITE, Places
from wizard.upgrading.fitting import demand_prepared


@pytest.fixture
def applied(db) -> MigrationRecorder:
    return MigrationRecorder(connection)


@pytest.mark.parametrize("part", ["work", "serve", "web server"])
def test_neither_web_server_nor_worker_starts_before_the_database_is_prepared(tmp_path: Path, part: str) -> None:
    house = House(tmp_path / "data")
    house.data_dir.mkdir()
    said = web_server(house, PORT=str(house.port)) if part == "web server" else house.run(part)[1]
    assert "The database is not prepared for this version: access.0001_initial, " in said
    assert "more are missing. Run: python manage.py prepare." in said
    assert "Traceback" not in said


def test_one_migration_that_is_missing_is_named(applied: MigrationRecorder) -> None:
    applied.record_unapplied("connections", "0001_initial")
    with pytest.raises(ImproperlyConfigured, match=r"this version: connections\.0001_initial is missing\. Run:"):
        demand_prepared()


def test_of_many_that_are_missing_three_are_named(applied: MigrationRecorder) -> None:
    for app in ("access", "connections", "organizations", "people", "vault"):
        applied.record_unapplied(app, "0001_initial")
    with pytest.raises(ImproperlyConfigured, match=r"organizations\.0001_initial and 2 more are missing"):
        demand_prepared()


def test_a_database_that_a_newer_version_prepared_is_fine_and_the_log_says_so(
    applied: MigrationRecorder, caplog: pytest.LogCaptureFixture
) -> None:
    demand_prepared()
    assert caplog.messages == []
    applied.record_applied("connections", "9999_later")
    applied.record_applied("an_app_that_was_here_once", "0001_initial")
    demand_prepared()
    assert caplog.messages == [
        "The database was prepared by a newer version (connections.9999_later). This one goes on; "
        "bring it up to date soon."
    ]


def test_an_older_version_prepares_a_newer_database_and_changes_nothing_of_it(tmp_path: Path) -> None:
    house = House(tmp_path / "data")
    assert house.run("prepare") == (0, "")
    with sqlite3.connect(house.data_dir / "wizard.sqlite3") as database:
        database.execute("ALTER TABLE connections_baseconnection ADD COLUMN later text")
        database.execute(
            "INSERT INTO django_migrations (app, name, applied) VALUES ('connections', '9999_later', '2030')"
        )
    code, said = house.run("prepare")

    assert code == 0, said
    assert "prepared by a newer version (connections.9999_later)" in said
    with sqlite3.connect(house.data_dir / "wizard.sqlite3") as database:
        assert database.execute("SELECT count(later) FROM connections_baseconnection").fetchone() == (0,)


@pytest.mark.parametrize("kind", [SQLITE, POSTGRES])
def test_several_prepare_an_empty_database_at_once(kind: str, places: Places) -> None:
    """On PostgreSQL as several machines do, each with a DATA_DIR of its own."""
    first, second = places.houses(kind, 2)
    with first.popen("prepare") as one, second.popen("prepare") as other:
        said = [process.communicate(timeout=120)[0] for process in (one, other)]
    assert said == ["", ""]
    assert (one.returncode, other.returncode) == (0, 0)
    code, output = first.run("showmigrations", "--plan")
    assert code == 0
    assert "[ ]" not in output
