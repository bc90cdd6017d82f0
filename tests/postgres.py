"""A PostgreSQL that lives as long as a `with`: a cluster of its own, in a temporary directory, on loopback alone."""

import os
import pwd
import shutil
import signal
import subprocess
import sys
import time
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Any

import psycopg

from tests.start.running import free_port, process_table

HOW = "The tests need PostgreSQL: apt-get install postgresql, or put the directory of its initdb and postgres on PATH."
# Debian keeps the programs off PATH, each version in a directory of its own.
DEBIAN = Path("/usr/lib/postgresql")
# No socket file.
CONFIGURATION = """
port = {port}
listen_addresses = '127.0.0.1'
unix_socket_directories = ''
"""
# And no care for a power cut, nor for a kill.
CARELESS = """
fsync = off
synchronous_commit = off
full_page_writes = off
"""


class Postgres:
    """A server that can be killed and started again on the same directory."""

    _process: subprocess.Popen[bytes]

    def __init__(self, bin_dir: Path, directory: Path) -> None:
        self._bin_dir, self._directory, self._port = bin_dir, directory, free_port()

    @property
    def url(self) -> str:
        """Without a database."""
        return f"postgresql://postgres@127.0.0.1:{self._port}"

    def create(self, configuration: str) -> None:
        if os.geteuid() == 0:
            shutil.chown(self._directory, "postgres")
        roles = ("--username=postgres", "--auth-host=trust", "--auth-local=reject")
        command = [*self._command("initdb"), *roles, "--encoding=UTF8", "--locale=C", "--no-sync"]
        subprocess.run(command, cwd=self._directory, capture_output=True, text=True, check=True, **_owner())
        with (self._directory / "data" / "postgresql.conf").open("a") as file:
            file.write(CONFIGURATION.format(port=self._port) + configuration)

    def start(self) -> None:
        """Until it takes connections: after a kill it reads its log first. Raises RuntimeError when it ends instead."""
        # As a child of ours, so that the end of one that was killed is seen at once.
        with (self._directory / "log").open("ab") as log:
            command = self._command("postgres")
            self._process = subprocess.Popen(command, cwd=self._directory, stdout=log, stderr=log, **_owner())
        while not self._takes_connections():
            if self._process.poll() is not None:
                raise RuntimeError((self._directory / "log").read_text())
            time.sleep(0.05)

    def kill(self) -> None:
        """SIGKILL to all of it, as by a power cut."""
        family = [pid for pid, (parent, _) in process_table().items() if parent == self._process.pid]
        for pid in (self._process.pid, *family):
            with suppress(ProcessLookupError):
                os.kill(pid, signal.SIGKILL)
        self._process.wait()

    def stop(self) -> None:
        # What it calls an immediate shutdown.
        self._process.send_signal(signal.SIGQUIT)
        self._process.wait()

    def _takes_connections(self) -> bool:
        try:
            psycopg.connect(f"{self.url}/postgres", connect_timeout=5).close()
        except psycopg.OperationalError:
            return False
        return True

    def _command(self, program: str) -> list[str]:
        return [str(self._bin_dir / program), "-D", str(self._directory / "data")]


@contextmanager
def running_postgres() -> Iterator[str]:
    """The URL of a new server, without a database. Where none starts, the process ends with a sentence."""
    with running_cluster(CARELESS) as server:
        yield server.url


@contextmanager
def running_cluster(configuration: str = "") -> Iterator[Postgres]:
    """A new server that keeps what it has confirmed, unless the configuration says otherwise."""
    bin_dir = programs()
    if bin_dir is None:
        sys.exit(HOW)
    with TemporaryDirectory(prefix="wizard-postgres-") as name:
        server = Postgres(bin_dir, Path(name))
        _start(server, configuration)
        try:
            yield server
        finally:
            server.stop()


def programs() -> Path | None:
    """Where initdb and postgres are: on PATH, else the newest of Debian's; None without them."""
    on_path = shutil.which("initdb")
    found = [Path(on_path).parent] if on_path else []
    found += sorted(DEBIAN.glob("[0-9]*/bin"), key=lambda path: float(path.parent.name), reverse=True)
    return next((path for path in found if (path / "initdb").exists() and (path / "postgres").exists()), None)


def _start(server: Postgres, configuration: str) -> None:
    try:
        server.create(configuration)
        server.start()
    except subprocess.CalledProcessError as error:
        sys.exit(f"{HOW} ({' '.join(error.stderr.split())})")
    except RuntimeError as error:
        sys.exit(f"{HOW} ({' '.join(str(error).split())})")
    except (OSError, LookupError) as error:
        sys.exit(f"{HOW} ({error})")


def _owner() -> dict[str, Any]:
    """PostgreSQL refuses to run as root; its own user does it then."""
    if os.geteuid() != 0:
        return {}
    user = pwd.getpwnam("postgres")
    return {"user": user.pw_uid, "group": user.pw_gid, "extra_groups": []}
