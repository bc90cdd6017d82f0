"""Which secrets are kept for later looks, where, and for how long."""

import sqlite3
from pathlib import Path
from typing import Any

from tests.emulator.live.servers import PASSWORD, Database, basic_body, refusal
from tests.emulator.running import Emulator, running_emulator
from wizard.emulator.live.kept import NAME
from wizard.emulator.live.probing import Prober


def outcome(emulator: Emulator, made: dict[str, Any]) -> Any:
    return emulator.call("GET", f"/connections/{made['id']}/test")


def replaced(emulator: Emulator, made: dict[str, Any], path: str, value: object) -> dict[str, Any]:
    response = emulator.patch(made, [{"op": "replace", "path": path, "value": value}])
    assert response.status_code == 200, response.text
    return dict(response.json())


def in_files(directory: Path, secret: str) -> list[str]:
    return sorted(path.name for path in directory.iterdir() if secret.encode() in path.read_bytes())


def test_after_a_restart_a_connection_can_still_be_tested(postgres: Database, tmp_path: Path) -> None:
    with running_emulator(tmp_path, prober=Prober()) as emulator:
        made = emulator.create(postgres.body())
    with running_emulator(tmp_path, prober=Prober()) as emulator:
        assert outcome(emulator, made).json() == {"result": True}


def test_a_changed_password_is_taken_and_the_others_stay(live: Emulator, postgres: Database) -> None:
    made = live.create(basic_body(postgres))
    made = replaced(live, made, "/name", "Renamed")
    assert outcome(live, made).json() == {"result": True}
    made = replaced(live, made, "/auth/params/password", "wrong")
    assert "password authentication failed" in refusal(outcome(live, made))
    made = replaced(live, made, "/auth/params/password", PASSWORD)
    made = replaced(live, made, "/auth/params/database", "nowhere")
    assert "does not exist" in refusal(outcome(live, made))
    replaced(live, made, "/auth/params", basic_body(postgres)["auth"]["params"])
    assert outcome(live, made).json() == {"result": True}


def test_a_refused_change_changes_no_secret(live: Emulator, postgres: Database) -> None:
    made = live.create(basic_body(postgres))
    operations = [{"op": "replace", "path": "/auth/params/password", "value": "wrong"}]
    assert live.patch(made, operations, etag='"stale"').status_code == 412
    assert outcome(live, made).json() == {"result": True}


def test_what_is_deleted_is_erased(postgres: Database, tmp_path: Path) -> None:
    secret = "only-here-4711"
    with running_emulator(tmp_path, prober=Prober()) as emulator:
        made = emulator.create(postgres.body(Password=secret))
        assert in_files(tmp_path, secret) == [NAME]
        made |= replaced(emulator, made, "/auth/params/connectionString", postgres.text(Password="another-4712"))
        assert in_files(tmp_path, secret) == []
        assert in_files(tmp_path, "another-4712") == [NAME]
        assert emulator.call("DELETE", f"/connections/{made['id']}").status_code == 204
        assert in_files(tmp_path, "another-4712") == []


def test_the_file_is_its_owners_alone(tmp_path: Path) -> None:
    (tmp_path / NAME).touch(mode=0o644)
    with running_emulator(tmp_path, prober=Prober()):
        assert (tmp_path / NAME).stat().st_mode & 0o077 == 0


def test_an_ordinary_run_keeps_nothing_and_leaves_nothing(postgres: Database, tmp_path: Path) -> None:
    with running_emulator(tmp_path, prober=Prober()) as emulator:
        made = emulator.create(postgres.body(Password="only-here-4711"))
    with running_emulator(tmp_path) as emulator:
        assert not (tmp_path / NAME).exists()
        assert outcome(emulator, made).json() == {"result": True}
        later = emulator.create(postgres.body(Password="only-here-4711"))
    assert in_files(tmp_path, "only-here-4711") == []
    with running_emulator(tmp_path, prober=Prober()) as emulator:
        for connection in (made, later):
            assert "not kept" in refusal(outcome(emulator, connection))


def test_the_sample_stands_behind_what_no_driver_reaches(live: Emulator) -> None:
    auth = {"specName": "Basic Authentication", "params": {"server": "s", "port": "1", "database": "d"}}
    auth["params"] |= {"username": "u", "password": PASSWORD}
    spec = {"id": "3416976c-a9ca-4bba-901a-1f08f66978ff", "version": "1.0"}
    made = live.create({"name": "Redshift", "auth": auth, "connectionSpec": spec})
    assert outcome(live, made).json() == {"result": True}
    entries = live.call("GET", f"/connections/{made['id']}/explore?objectType=root").json()
    assert all(entry["path"].startswith("sample.") for entry in entries)


def test_no_secret_stands_in_a_log_or_in_the_journal(live: Emulator, postgres: Database, caplog) -> None:
    secret = "never-to-be-read-4711"
    made = live.create(postgres.body(Password=secret))
    assert secret not in refusal(outcome(live, made))
    assert secret not in caplog.text
    assert secret not in str(live.requests())


def test_the_store_of_connections_has_no_secret(postgres: Database, tmp_path: Path) -> None:
    with running_emulator(tmp_path, prober=Prober()) as emulator:
        emulator.create(postgres.body(Password="only-here-4711"))
        assert in_files(tmp_path, "only-here-4711") == [NAME]
        with sqlite3.connect(tmp_path / NAME) as db:
            assert db.execute("SELECT count(*) FROM secret").fetchone() == (1,)
