"""manage.py recovery_drill: a copy and a key are proved to belong together, and nothing is changed or shown."""

from io import StringIO
from pathlib import Path

import pytest
from django.core.management import CommandError, call_command
from django.db import DatabaseError, connection, connections
from django.db.utils import ConnectionDoesNotExist

from tests.conftest import CANARY
from wizard.connections.models import BaseConnection
from wizard.environment import new_credential_key
from wizard.vault import canary, drill
from wizard.vault.models import KeyCanary

pytestmark = pytest.mark.django_db(transaction=True)


@pytest.fixture
def house(asked_for, settings):
    canary.ensure(is_new=True)
    asked_for()
    return settings


def copied(directory: Path) -> str:
    """A copy of the database as it is; on PostgreSQL itself, which is read as well."""
    if connection.vendor == "postgresql":
        found = connection.settings_dict
        return f"postgresql://{found['USER']}@{found['HOST']}:{found['PORT']}/{found['NAME']}"
    path = directory / "copy.sqlite3"
    with connection.cursor() as cursor:
        cursor.execute("VACUUM INTO %s", [str(path)])
    return str(path)


def keys_file(directory: Path, *keys: str, mode: int = 0o600) -> str:
    path = directory / "keys"
    path.write_text(",".join(keys) + "\n")
    path.chmod(mode)
    return str(path)


def run(*arguments: str) -> tuple[int, str]:
    said = StringIO()
    try:
        call_command("recovery_drill", *arguments, stdout=said)
    except SystemExit as end:
        return int(str(end.code)), said.getvalue()
    return 0, said.getvalue()


def test_every_value_opens_with_the_right_keys(house, tmp_path):
    keys = house.CREDENTIAL_KEYS
    house.CREDENTIAL_KEYS = [new_credential_key()]
    code, said = run("--database", copied(tmp_path), "--keys-file", keys_file(tmp_path, *keys))

    assert code == 0
    assert "connections.baseconnection: 2 values open" in said
    assert said.endswith("5 values open, 0 do not. This copy can be recovered with these keys.\n")
    assert CANARY not in said
    assert not [key for key in keys if key in said]


def test_without_a_file_the_keys_are_those_of_the_environment(house, tmp_path):
    assert run("--database", copied(tmp_path))[0] == 0


def test_with_other_keys_nothing_opens(house, tmp_path):
    code, said = run("--database", copied(tmp_path), "--keys-file", keys_file(tmp_path, new_credential_key()))
    assert code == 1
    assert said.endswith("0 values open, 5 do not. This copy cannot be recovered with these keys.\n")


def test_one_value_that_does_not_open_is_named(house, tmp_path):
    row = BaseConnection.objects.get()
    BaseConnection.objects.update(auth_params=b"\x02" + 60 * b"x")
    code, said = run("--database", copied(tmp_path))
    assert code == 1
    assert f"Does not open: connections.baseconnection {row.uuid}: auth_params" in said
    row.refresh_from_db()
    assert not row.is_unreadable


def test_a_copy_without_a_canary_proves_nothing(house, tmp_path):
    KeyCanary.objects.all().delete()
    code, said = run("--database", copied(tmp_path))
    assert (code, "Its key canary is gone" in said) == (1, True)


def test_the_copy_cannot_be_written_to(house, tmp_path):
    with drill.copy_at(copied(tmp_path)) as copy, pytest.raises(DatabaseError):
        BaseConnection.objects.using(copy).update(name="changed")
    assert BaseConnection.objects.get().name == "Orders"
    with pytest.raises(ConnectionDoesNotExist):
        connections[drill.ALIAS]


@pytest.mark.parametrize(
    ("arguments", "words"),
    [
        (("--database", "/nowhere/at/all"), "There is no file"),
        (("--database", "postgresql://w:hidden@db.example.com/wizard"), "PGPASSWORD"),
        (("--database", __file__), "no database of the Connection Wizard"),
        (("--database", __file__, "--keys-file", "/nowhere/at/all"), "cannot be read"),
    ],
)
def test_what_cannot_be_used_is_refused_with_a_sentence(house, arguments, words):
    with pytest.raises(CommandError, match=words) as refused:
        run(*arguments)
    assert "hidden" not in str(refused.value)


def test_a_file_of_keys_that_others_can_read_is_refused(house, tmp_path):
    path = keys_file(tmp_path, *house.CREDENTIAL_KEYS, mode=0o644)
    with pytest.raises(CommandError, match="others can read"):
        run("--database", copied(tmp_path), "--keys-file", path)


def test_a_file_that_holds_no_key_is_refused(house, tmp_path):
    with pytest.raises(CommandError, match="32 random bytes"):
        run("--database", copied(tmp_path), "--keys-file", keys_file(tmp_path, "nonsense"))
