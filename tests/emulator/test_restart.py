"""The process that `make run` starts: state that outlives it, and nothing secret in what it writes."""

import signal
import subprocess
import sys
from pathlib import Path

import pytest

from tests.emulator.running import running_emulator, running_process
from tests.emulator.service import CONNECTION_STRING, postgres_body


def started(*options: str, **variables: str) -> subprocess.CompletedProcess[str]:
    command = [sys.executable, "-m", "wizard.emulator", *options]
    env = {"SANDBOX_NAME": "prod", **variables}
    return subprocess.run(command, env=env, capture_output=True, text=True, timeout=30, check=False)


def test_connections_and_tokens_survive_kill_9(tmp_path: Path) -> None:
    with running_process(tmp_path) as (emulator, process):
        made = emulator.create(postgres_body())
        token = emulator.token
        process.send_signal(signal.SIGKILL)
        process.wait(timeout=10)
    with running_emulator(tmp_path) as emulator:
        headers: dict[str, str | None] = {"Authorization": f"Bearer {token}"}
        item = emulator.call("GET", f"/connections/{made['id']}", headers=headers).json()["items"][0]
    assert (item["name"], item["etag"]) == ("Shop", made["etag"])


def test_it_logs_one_line_a_request_without_query_and_secrets(tmp_path: Path) -> None:
    with running_process(tmp_path) as (emulator, process):
        emulator.create(postgres_body())
        emulator.call("GET", "/connections?property=name==canary-name")
        process.send_signal(signal.SIGTERM)
        _, log = process.communicate(timeout=10)
    assert process.returncode == 0
    assert "POST /data/foundation/flowservice/connections 201 " in log
    assert "GET /data/foundation/flowservice/connections 200 " in log
    for secret in (CONNECTION_STRING, "canary-name", emulator.token, emulator.client_secret):
        assert secret not in log


def test_it_says_which_variables_are_missing(tmp_path: Path) -> None:
    done = started("--data-dir", str(tmp_path))
    assert done.returncode == 1
    assert "IMS_ORG_ID, IMS_CLIENT_ID, IMS_CLIENT_SECRET" in done.stderr
    assert "Traceback" not in done.stderr


def test_it_says_that_its_port_is_taken(tmp_path: Path) -> None:
    with running_emulator(tmp_path) as emulator:
        port = emulator.ims_url.rpartition(":")[2]
        done = started(
            "--port", port, "--data-dir", str(tmp_path), IMS_ORG_ID="x", IMS_CLIENT_ID="x", IMS_CLIENT_SECRET="x"
        )
    assert done.returncode == 1
    assert f"127.0.0.1:{port}" in done.stderr
    assert "Traceback" not in done.stderr


@pytest.mark.parametrize("host", ["0.0.0.0", "192.0.2.7", "flow.example.com", "::", ""])  # noqa: S104 - refused
def test_it_listens_for_this_machine_alone(tmp_path: Path, host: str) -> None:
    credentials = {"IMS_ORG_ID": "x", "IMS_CLIENT_ID": "x", "IMS_CLIENT_SECRET": "x"}
    done = started("--host", host, "--port", "0", "--data-dir", str(tmp_path), **credentials)
    assert done.returncode == 1
    assert done.stderr == f"The local Flow Service is for this machine alone: --host {host} is no loopback address.\n"


def test_its_file_is_for_its_owner_alone(tmp_path: Path) -> None:
    with running_emulator(tmp_path):
        modes = {path.name: path.stat().st_mode & 0o777 for path in tmp_path.iterdir()}
    assert modes
    assert set(modes.values()) == {0o600}
