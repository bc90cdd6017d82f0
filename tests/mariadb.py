"""A MariaDB that lives as long as a `with`: a server of its own, in a temporary directory, on loopback alone."""

import os
import pwd
import shutil
import subprocess
import sys
import time
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Any

import pymysql

from tests.start.running import free_port

HOW = "The tests need MariaDB: apt-get install mariadb-server, or put mariadbd and mariadb-install-db on PATH."
# Debian keeps the server off the PATH of everybody but root.
PLACES = (*os.environ.get("PATH", "").split(os.pathsep), "/usr/sbin", "/usr/local/sbin")
STARTUP = 60


@contextmanager
def running_mariadb(*options: str, files: dict[str, bytes] | None = None) -> Iterator[int]:
    """The port of a new server, where root has no password; {dir} in an option is where `files` lie.

    Where none starts, the process ends with a sentence.
    """
    server, installer = programs()
    if server is None or installer is None:
        sys.exit(HOW)
    with TemporaryDirectory(prefix="wizard-mariadb-") as name:
        directory, port = Path(name), free_port()
        for path, content in (files or {}).items():
            (directory / path).write_bytes(content)
        _give_away(directory)
        _install(installer, directory)
        command = _command(server, directory, port, [option.format(dir=directory) for option in options])
        with (directory / "log").open("wb") as log:
            process = subprocess.Popen(command, cwd=directory, stdout=log, stderr=log, **_owner())
        try:
            _wait(process, port, directory)
            yield port
        finally:
            process.terminate()
            process.wait(timeout=STARTUP)


def programs() -> tuple[Path | None, Path | None]:
    """The server, and what makes its data directory; None for what is not there."""
    found = [shutil.which(name, path=os.pathsep.join(PLACES)) for name in ("mariadbd", "mariadb-install-db")]
    server, installer = (Path(path) if path else None for path in found)
    return server, installer


def _install(installer: Path, directory: Path) -> None:
    options = ["--auth-root-authentication-method=normal", "--skip-test-db", "--skip-name-resolve"]
    command = [str(installer), "--no-defaults", f"--datadir={directory / 'data'}", *options]
    made = subprocess.run(command, cwd=directory, capture_output=True, text=True, check=False, **_owner())
    if made.returncode:
        sys.exit(f"{HOW} ({' '.join((made.stdout + made.stderr).split())[-500:]})")


def _command(server: Path, directory: Path, port: int, options: list[str]) -> list[str]:
    """No care for a power cut, no socket file where others could find it."""
    return [
        *(str(server), "--no-defaults", f"--datadir={directory / 'data'}", f"--socket={directory / 'socket'}"),
        *("--bind-address=127.0.0.1", f"--port={port}", "--skip-name-resolve", f"--pid-file={directory / 'pid'}"),
        *("--innodb-flush-log-at-trx-commit=0", "--innodb-buffer-pool-size=32M", "--skip-log-bin"),
        *options,
    ]


def _wait(process: subprocess.Popen[bytes], port: int, directory: Path) -> None:
    end = time.monotonic() + STARTUP
    while time.monotonic() < end and process.poll() is None:
        with suppress(pymysql.err.OperationalError):
            pymysql.connect(host="127.0.0.1", port=port, user="root").close()
            return
        time.sleep(0.1)
    sys.exit(f"{HOW} ({' '.join((directory / 'log').read_text('utf-8', 'replace').split())[-500:]})")


def _give_away(directory: Path) -> None:
    if os.geteuid() == 0:
        for path in (directory, *directory.iterdir()):
            shutil.chown(path, "mysql")


def _owner() -> dict[str, Any]:
    """MariaDB refuses to run as root; its own user does it then."""
    if os.geteuid() != 0:
        return {}
    user = pwd.getpwnam("mysql")
    return {"user": user.pw_uid, "group": user.pw_gid, "extra_groups": []}
