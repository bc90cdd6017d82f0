"""The units for systemd are right, closed, and run what there is to run."""

import re
import signal
from collections.abc import Iterator
from pathlib import Path

import pytest
import requests

from tests.deploy.units import DIRECTORY, HOST, SERVICES, UNITS, Installed, analyse, settings_of
from tests.emulator.running import running_emulator
from tests.story.running import wait_for
from wizard.settings import FLOW_SERVICE_TIMEOUT

# Of 100; systemd calls 20 OK, and what is closed to nobody has 96.
EXPOSED_AT_MOST = 15
WEB, WORKER = "wizard-web.service", "wizard-worker.service"
PLACES = {
    "User": "wizard",
    "WorkingDirectory": "/opt/wizard",
    "EnvironmentFile": "/etc/wizard/wizard.env",
    "StateDirectory": "wizard",
}


@pytest.fixture(scope="module")
def installed(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Installed]:
    directory = tmp_path_factory.mktemp("machine")
    with running_emulator(directory) as emulator:
        found = Installed(directory, emulator)
        assert found.manage("prepare") == (0, "")
        yield found


@pytest.mark.parametrize("unit", UNITS)
def test_systemd_finds_nothing_wrong_with_it(unit: str, tmp_path: Path) -> None:
    assert analyse(tmp_path, "verify", "--man=no", unit) == (0, "")


@pytest.mark.parametrize("unit", SERVICES)
def test_it_is_closed(unit: str, tmp_path: Path) -> None:
    offline = ("--offline=true", "--no-pager", f"--threshold={EXPOSED_AT_MOST}")
    code, said = analyse(tmp_path, "security", *offline, unit)
    assert code == 0, said


def test_all_of_them_are_closed_in_the_same_way_and_live_in_the_same_places() -> None:
    web = settings_of(WEB)
    fence = web[web.index(("NoNewPrivileges", "yes")) : web.index(("UMask", "0077")) + 1]
    assert len(fence) > 20
    for unit in SERVICES:
        settings = settings_of(unit)
        begin = settings.index(fence[0])
        assert settings[begin : begin + len(fence)] == fence
        assert PLACES.items() <= dict(settings).items()


def test_no_secret_is_among_the_settings_that_everybody_may_read() -> None:
    lines = (DIRECTORY / "wizard.env").read_text().splitlines()
    names = {line.removeprefix("#").partition("=")[0] for line in lines if re.match(r"#?[A-Z_]+=", line)}
    assert {"SECRET_KEY_FILE", "CREDENTIAL_KEYS_FILE", "IMS_CLIENT_SECRET_FILE", "DATABASE_URL_FILE"} <= names
    assert not names & {"SECRET_KEY", "CREDENTIAL_KEYS", "IMS_CLIENT_SECRET", "ACCESS_TOKEN", "DATABASE_URL"}


def test_there_is_time_to_finish_what_is_under_way() -> None:
    seconds = {unit: int(dict(settings_of(unit))["TimeoutStopSec"]) for unit in (WEB, WORKER)}
    assert seconds[WEB] > FLOW_SERVICE_TIMEOUT
    assert seconds[WORKER] > 3 * FLOW_SERVICE_TIMEOUT


def test_the_target_starts_stops_and_restarts_both_parts() -> None:
    for unit in (WEB, WORKER):
        settings = dict(settings_of(unit))
        assert (settings["WantedBy"], settings["PartOf"]) == ("wizard.target", "wizard.target")


@pytest.mark.parametrize("timer", [unit for unit in UNITS if unit.endswith(".timer")])
def test_each_timer_starts_a_unit_that_is_there(timer: str) -> None:
    assert timer.replace(".timer", ".service") in SERVICES


def test_the_web_server_answers_and_ends_when_it_is_told_to(installed: Installed) -> None:
    def ready() -> bool:
        try:
            url = f"http://127.0.0.1:{installed.port}/health/ready"
            return requests.get(url, headers={"Host": HOST, "X-Forwarded-Proto": "https"}, timeout=5).status_code == 200
        except requests.ConnectionError:
            return False

    with installed.popen(WEB) as web, installed.popen(WORKER) as worker:
        wait_for(ready, "the web server")
        for process in (web, worker):
            process.send_signal(signal.SIGTERM)
            said, _ = process.communicate(timeout=60)
            assert process.returncode == 0, said
            assert "Traceback" not in said


@pytest.mark.parametrize(
    ("arguments", "words"),
    [
        (["first_link"], r"https://wizard\.example\.com/first/\S+/"),
        (["keys"], "Canary: it opens with these keys"),
        (["rotate_keys", "--dry-run"], ""),
    ],
)
def test_a_command_by_hand_has_the_settings_of_the_units(
    installed: Installed, arguments: list[str], words: str
) -> None:
    code, said = installed.manage(*arguments)
    assert code == 0, said
    assert re.search(words, said)


def test_a_setting_may_have_spaces_in_it(installed: Installed) -> None:
    with (installed.directory / "etc" / "wizard.env").open("a") as file:
        file.write("OIDC_NAME=our  single `sign-on`\n")
    code = "from django.conf import settings; print(settings.OIDC_NAME)"
    assert installed.manage("shell", "--no-imports", "-c", code) == (0, "our  single `sign-on`\n")


def test_the_record_is_verified(installed: Installed) -> None:
    code, said = installed.run("wizard-verify-history.service")
    assert code == 0, said


def test_the_backup_of_the_night_is_a_file_for_its_owner_alone(installed: Installed) -> None:
    code, said = installed.run("wizard-backup.service")
    assert code == 0, said
    (copy,) = (installed.directory / "backups").iterdir()
    assert copy.stat().st_mode & 0o077 == 0
