"""How it is started to look into real databases, and how that ends where it cannot."""

import os
import subprocess
import sys
from pathlib import Path
from typing import Any

import pytest

from tests.emulator.live.servers import Database, outcome_of, refusal
from tests.emulator.running import _credentials, running_emulator, running_process
from tests.start.running import ROOT, House
from wizard.emulator import __main__ as command
from wizard.emulator.live.kept import NAME
from wizard.emulator.live.probing import Prober
from wizard.management.commands import start


def test_it_looks_into_real_databases_with_live_alone(postgres: Database, tmp_path: Path) -> None:
    with running_process(tmp_path, "--live") as (emulator, _):
        assert "authentication failed" in refusal(outcome_of(emulator, postgres.body(Password="wrong")))
        assert (tmp_path / NAME).exists()
    with running_process(tmp_path) as (emulator, _):
        assert outcome_of(emulator, postgres.body(Password="wrong")).json() == {"result": True}


def test_a_password_is_in_no_argument_and_in_no_environment(postgres: Database, tmp_path: Path) -> None:
    """While a look is under way, what every process of this machine shows of itself."""
    secret = "canary-4711-secret"
    seen = []
    with running_process(tmp_path, "--live", "--live-deadline", "2") as (emulator, _):
        made = emulator.create(postgres.body(Password=secret))
        asking = subprocess.Popen([sys.executable, "-c", "import time; time.sleep(0)"])
        asking.wait()
        for _number in range(3):
            emulator.call("GET", f"/connections/{made['id']}/test")
            for directory in Path("/proc").glob("[0-9]*"):
                for name in ("cmdline", "environ"):
                    try:
                        seen.append((directory / name).read_bytes())
                    except OSError:
                        continue
    assert seen
    assert not any(secret.encode() in content for content in seen)


def test_without_the_packages_it_says_how_to_get_them(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    for name, value in zip(command.VARIABLES, _credentials(), strict=True):
        monkeypatch.setenv(name, value)
    monkeypatch.setattr(command, "missing_packages", lambda: ["sqlalchemy", "pytds"])
    monkeypatch.setattr(sys, "argv", ["emulator", "--port", "0", "--data-dir", str(tmp_path), "--live"])
    with pytest.raises(SystemExit, match=r"sqlalchemy, pytds.*requirements/live\.txt"):
        command.main()


def test_without_live_no_driver_is_imported() -> None:
    code = "import sys, wizard.emulator.__main__; print({'sqlalchemy', 'psycopg', 'pymysql'} & set(sys.modules))"
    found = subprocess.run([sys.executable, "-c", code], cwd=ROOT, env=os.environ, capture_output=True, text=True)
    assert (found.returncode, found.stdout) == (0, "set()\n")


def test_a_listed_host_may_be_connected_to(tmp_path: Path, postgres: Database) -> None:
    with running_emulator(tmp_path, prober=Prober(hosts=("192.0.2.1",), deadline=1)) as emulator:
        assert "LIVE_HOSTS" not in refusal(outcome_of(emulator, postgres.body(Server="192.0.2.1")))
        assert "LIVE_HOSTS" in refusal(outcome_of(emulator, postgres.body(Server="192.0.2.2")))


def test_the_start_hands_it_on(settings: Any) -> None:
    settings.LIVE_HOSTS = ["db.example.com", "10.0.0.5"]
    argv, _ = start.commands(is_live=True)["local Flow Service"]
    assert argv[-3:] == ["--live", "--live-hosts", "db.example.com,10.0.0.5"]
    assert start.commands(is_live=True)["web server"][1] == {"LIVE": "true"}
    assert "--live" not in start.commands()["local Flow Service"][0]


def test_it_is_refused_where_another_flow_service_is_named(tmp_path: Path) -> None:
    adobe = {"FLOW_SERVICE_URL": "https://platform.adobe.io/data/foundation/flowservice", "ACCESS_TOKEN": "t"}
    adobe |= {"IMS_ORG_ID": "0123456789ABCDEF@AdobeOrg", "IMS_CLIENT_ID": "client"}
    code, said = House(tmp_path, **adobe).run("start", "--live")
    assert code
    assert "FLOW_SERVICE_URL names another one" in said
    code, said = House(tmp_path, **adobe, LIVE="true").run("check")
    assert code
    assert "LIVE is for the local Flow Service" in said


def test_the_pages_say_whether_databases_are_connected_to(client: Any, settings: Any) -> None:
    settings.PRACTICE = settings.LIVE = True
    assert "connect to real databases" in client.get("/sign-in/").content.decode()
    settings.LIVE = False
    assert "credentials are not checked" in client.get("/sign-in/").content.decode()
