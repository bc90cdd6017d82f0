"""Backups of a SQLite file: where it lies, who uses it, and what is none."""

import sqlite3
from types import SimpleNamespace

import pytest
from django.core.exceptions import ImproperlyConfigured
from django.db import DatabaseError

from tests.backups.steps import Elsewhere, backup
from wizard.backups import restoring
from wizard.backups.copying import CannotCopy

pytestmark = pytest.mark.django_db(transaction=True)


def test_the_former_database_is_put_aside(house, tmp_path, settings):
    path, _ = backup(tmp_path / "copies")
    place = tmp_path / "elsewhere"
    elsewhere = Elsewhere(place, settings)
    elsewhere.run("prepare")
    code, said = elsewhere.run("restore", "--replace", str(path))

    assert code == 0, said
    assert len(list(place.glob("wizard.sqlite3.until-*"))) == 1
    assert not [left.name for left in place.iterdir() if "restoring" in left.name]


def test_one_that_is_in_use_stays(house, tmp_path, settings):
    path, _ = backup(tmp_path / "copies")
    elsewhere = Elsewhere(tmp_path / "elsewhere", settings)
    elsewhere.run("prepare")
    user = sqlite3.connect(tmp_path / "elsewhere" / "wizard.sqlite3")
    user.execute("SELECT count(*) FROM people_user").fetchone()
    code, said = elsewhere.run("restore", "--replace", str(path))
    user.close()

    assert (code, "is in use" in said) == (1, True), said


@pytest.mark.parametrize("content", [b"", b"no database at all", None])
def test_what_is_no_backup_is_refused(house, tmp_path, settings, content):
    path, _ = backup(tmp_path / "copies")
    whole = path.read_bytes()
    path.write_bytes(whole[: len(whole) // 2] if content is None else content)
    elsewhere = Elsewhere(tmp_path / "elsewhere", settings)
    code, said = elsewhere.run("restore", str(path))

    assert code == 1, said
    assert "Traceback" not in said
    assert not (tmp_path / "elsewhere" / "wizard.sqlite3").exists()


@pytest.mark.parametrize("error", [ImproperlyConfigured("The keys do not open it."), DatabaseError("disk full")])
def test_a_loaded_copy_that_is_not_settled_must_not_be_used(monkeypatch, tmp_path, error):
    """On PostgreSQL it stands in its place already: whoever starts on it would send twice."""

    def fail():
        raise error

    monkeypatch.setattr(restoring, "connection", SimpleNamespace(vendor="postgresql"))
    monkeypatch.setattr(restoring, "_load", lambda _path: None)
    monkeypatch.setattr(restoring, "_settled", fail)
    with pytest.raises(CannotCopy, match="do not start anything on it") as raised:
        restoring.restore(tmp_path / "a.dump", replace=False)
    assert str(error) in str(raised.value)
