"""manage.py recovery_sheet: with the keys only to a terminal, or into a file that only its owner can read."""

import os
import pty
import subprocess
import sys

import pytest

from tests.start.running import ROOT, House
from wizard.environment import new_credential_key
from wizard.keys.sheet import database
from wizard.management.commands.recovery_sheet import is_private


@pytest.fixture(scope="module")
def house(tmp_path_factory):
    """One that was prepared, with two keys."""
    found = House(tmp_path_factory.mktemp("sheet") / "data")
    found.settings["CREDENTIAL_KEYS"] = f"{new_credential_key()},{new_credential_key()}"
    assert found.run("prepare") == (0, "")
    return found


def keys_of(house):
    return house.settings["CREDENTIAL_KEYS"].split(",")


def test_through_a_pipe_it_shows_no_key(house):
    code, said = house.run("recovery_sheet")
    assert code == 1
    assert "goes to a terminal, or into a file" in said
    assert not [key for key in keys_of(house) if key in said]


def test_without_keys_it_goes_anywhere(house):
    code, said = house.run("recovery_sheet", "--without-keys")
    assert code == 0
    assert "Keys, the one that seals first:" in said
    assert "manage.py recovery_drill" in said
    assert str(house.data_dir / "wizard.sqlite3") in said
    assert not [key for key in keys_of(house) if key in said]


def test_into_a_new_file_for_its_owner_alone(house, tmp_path):
    path = tmp_path / "sheet"
    code, said = house.run("recovery_sheet", "--output", str(path))
    assert (code, "Print it, and delete it" in said) == (0, True)
    assert path.stat().st_mode & 0o777 == 0o600
    text = path.read_text()
    assert [text.index(key) for key in keys_of(house)] == sorted(text.index(key) for key in keys_of(house))
    assert not [key for key in keys_of(house) if key in said]

    for taken in (path, tmp_path / "link"):
        if not taken.exists():
            taken.symlink_to(tmp_path / "elsewhere")
        code, said = house.run("recovery_sheet", "--output", str(taken))
        assert (code, "cannot be made" in said) == (1, True)
    assert not (tmp_path / "elsewhere").exists()


def test_on_a_terminal_it_shows_the_keys_and_is_recorded(house):
    leader, follower = pty.openpty()
    environment = {"PATH": os.environ["PATH"]} | house.settings
    command = [sys.executable, "manage.py", "recovery_sheet"]
    subprocess.run(command, cwd=ROOT, env=environment, stdout=follower, check=True, timeout=60)
    os.close(follower)
    text = b""
    while b"compare the two" not in text:
        text += os.read(leader, 65536)
    os.close(leader)
    assert not [key for key in keys_of(house) if key.encode() not in text]
    count = "from wizard.record.models import Event; print(Event.objects.filter(kind='recovery_sheet').count() > 0)"
    assert house.run("shell", "--no-imports", "-c", count) == (0, "True\n")


@pytest.mark.parametrize(("mode", "private"), [(0o600, True), (0o640, False), (0o604, False)])
def test_a_redirection_is_good_for_a_private_file_only(tmp_path, mode, private):
    path = tmp_path / "sheet"
    path.touch()
    path.chmod(mode)
    with path.open("w") as file:
        assert is_private(file.fileno()) is private


def test_where_the_database_is_does_not_tell_its_password(settings, monkeypatch):
    found = {"NAME": "wizard", "USER": "w", "PASSWORD": "hidden", "HOST": "db"}
    monkeypatch.setitem(settings.DATABASES, "default", {"ENGINE": "django.db.backends.postgresql", **found})
    assert database() == "PostgreSQL database wizard at db:5432"
