"""manage.py backup and restore: all of it comes back elsewhere, opens, and does nothing twice."""

import stat
from io import StringIO

import pytest
from django.core.management import CommandError, call_command
from django.db import connection

from tests.backups.steps import Elsewhere, backup, content
from tests.conftest import CANARY
from wizard.backups import copying
from wizard.connections.models import BaseConnection
from wizard.environment import new_credential_key
from wizard.record.models import Event
from wizard.work import submitting

pytestmark = pytest.mark.django_db(transaction=True)


def test_a_backup_says_what_it_holds_and_what_it_does_not(house, tmp_path):
    path, said = backup(tmp_path)

    assert stat.S_IMODE(path.stat().st_mode) == 0o600
    assert str(path) in said
    assert "The keys are not in it" in said
    if connection.vendor == "sqlite":
        assert "This copy can be recovered with these keys." in said
    assert CANARY.encode() not in content(path)
    assert b"Orders" in content(path)
    assert Event.objects.filter(kind="backed_up").count() == 1


def test_nobody_is_signed_in_by_what_is_copied(house, signed_in, tmp_path):
    path, _ = backup(tmp_path)
    session = signed_in.session.session_key.encode()

    assert session not in content(path)
    assert signed_in.get("/").status_code == 200


def test_all_of_it_comes_back_elsewhere_and_opens(house, tmp_path, settings):
    path, _ = backup(tmp_path / "copies")
    elsewhere = Elsewhere(tmp_path / "elsewhere", settings)
    code, said = elsewhere.run("restore", str(path))

    assert (code, "Restored." in said, "1 creates" in said) == (0, True, True), said
    names = (
        "import wizard.connections.models as m; print(sorted(m.BaseConnection.objects.values_list('name', 'status')))"
    )
    assert "[('Customers', 'unknown'), ('Orders', 'connected')]" in elsewhere.run("shell", "-c", names)[1]
    code, said = elsewhere.run("recovery_drill", "--database", elsewhere.database)
    assert (code, "0 do not" in said) == (0, True), said
    code, said = elsewhere.run("verify_history")
    assert code == 0, said


def test_what_was_sent_since_the_backup_is_found_and_not_sent_again(house, tmp_path, settings, flow_service):
    path, _ = backup(tmp_path / "copies")
    made = BaseConnection.objects.get(name="Customers")
    submitting.submit(made.pk)
    made.refresh_from_db()
    elsewhere = Elsewhere(tmp_path / "elsewhere", settings)
    assert elsewhere.run("restore", str(path))[0] == 0
    look = (
        "from wizard.connections.models import BaseConnection as B; from wizard.work.reconciling import reconcile; "
        "b = B.objects.get(name='Customers'); reconcile(b.pk); b.refresh_from_db(); "
        "print(b.status, b.base_connection_id)"
    )

    assert f"connected {made.base_connection_id}" in elsewhere.run("shell", "-c", look)[1]
    assert flow_service.names().count("Customers") == 1


def test_other_keys_do_not_become_its_keys(house, tmp_path, settings):
    path, _ = backup(tmp_path / "copies")
    elsewhere = Elsewhere(tmp_path / "elsewhere", settings, CREDENTIAL_KEYS=new_credential_key())
    code, said = elsewhere.run("restore", str(path))

    assert (code, "does not open this database" in said) == (1, True), said
    assert not (tmp_path / "elsewhere" / "wizard.sqlite3").exists()


def test_only_the_newest_are_kept(house, tmp_path, monkeypatch):
    suffix = copying.SUFFIXES[connection.vendor]
    for day in ("20240101", "20240102"):
        (tmp_path / f"wizard-{day}T000000Z{suffix}").touch()
    (tmp_path / "something else").touch()
    _, said = backup(tmp_path, keep=2)

    assert f"Removed wizard-20240101T000000Z{suffix}." in said
    assert len(list(tmp_path.glob("wizard-*"))) == 2
    assert (tmp_path / "something else").exists()


def test_a_place_that_cannot_be_written_is_told_and_nothing_is_left(house, tmp_path):
    (tmp_path / "file").touch()
    with pytest.raises(CommandError, match="cannot be written"):
        call_command("backup", directory=tmp_path / "file", stdout=StringIO())
    with pytest.raises(CommandError, match="--keep"):
        call_command("backup", directory=tmp_path, keep=0, stdout=StringIO())
    assert not list(tmp_path.glob("*wizard-*"))


def test_a_database_that_is_there_is_not_overwritten_unasked(house, tmp_path, settings):
    path, _ = backup(tmp_path / "copies")
    elsewhere = Elsewhere(tmp_path / "elsewhere", settings)
    assert elsewhere.run("restore", str(path))[0] == 0
    code, said = elsewhere.run("restore", str(path))

    words = "There is a database already" if connection.vendor == "sqlite" else "The database is not empty"
    assert (code, words in said) == (1, True), said
