"""A PostgreSQL that lives as long as a `with`: a cluster of its own, in a temporary directory, on loopback alone."""

import os
import pwd
import shutil
import subprocess
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Any

from tests.start.running import free_port

HOW = "The tests need PostgreSQL: apt-get install postgresql, or put the directory of its initdb and pg_ctl on PATH."
# Debian keeps the programs off PATH, each version in a directory of its own.
DEBIAN = Path("/usr/lib/postgresql")
# No socket file, and no care for a power cut.
CONFIGURATION = """
port = {port}
listen_addresses = '127.0.0.1'
unix_socket_directories = ''
fsync = off
synchronous_commit = off
full_page_writes = off
"""


@contextmanager
def running_postgres() -> Iterator[str]:
    """The URL of a new server, without a database. Where none starts, the process ends with a sentence."""
    bin_dir = programs()
    if bin_dir is None:
        sys.exit(HOW)
    with TemporaryDirectory(prefix="wizard-postgres-") as name:
        directory = Path(name)
        port = free_port()
        try:
            _start(bin_dir, directory, port)
            yield f"postgresql://postgres@127.0.0.1:{port}"
        finally:
            if (directory / "data" / "postmaster.pid").exists():
                _run(bin_dir / "pg_ctl", directory, "stop", "--mode=immediate")


def programs() -> Path | None:
    """Where initdb and pg_ctl are: on PATH, else the newest of Debian's; None without them."""
    on_path = shutil.which("initdb")
    found = [Path(on_path).parent] if on_path else []
    found += sorted(DEBIAN.glob("[0-9]*/bin"), key=lambda path: float(path.parent.name), reverse=True)
    return next((path for path in found if (path / "initdb").exists() and (path / "pg_ctl").exists()), None)


def _start(bin_dir: Path, directory: Path, port: int) -> None:
    try:
        if os.geteuid() == 0:
            shutil.chown(directory, "postgres")
        roles = ("--username=postgres", "--auth-host=trust", "--auth-local=reject")
        _run(bin_dir / "initdb", directory, *roles, "--encoding=UTF8", "--locale=C", "--no-sync")
        with (directory / "data" / "postgresql.conf").open("a") as file:
            file.write(CONFIGURATION.format(port=port))
        _run(bin_dir / "pg_ctl", directory, "start", "--wait", "--log", str(directory / "log"))
    except subprocess.CalledProcessError as error:
        log = directory / "log"
        said = error.stderr + (log.read_text() if log.exists() else "")
        sys.exit(f"{HOW} ({' '.join(said.split())})")
    except (OSError, LookupError) as error:
        sys.exit(f"{HOW} ({error})")


def _run(program: Path, directory: Path, *arguments: str) -> None:
    command = [str(program), "--pgdata", str(directory / "data"), *arguments]
    subprocess.run(command, cwd=directory, capture_output=True, text=True, check=True, **_owner())


def _owner() -> dict[str, Any]:
    """PostgreSQL refuses to run as root; its own user does it then."""
    if os.geteuid() != 0:
        return {}
    user = pwd.getpwnam("postgres")
    return {"user": user.pw_uid, "group": user.pw_gid, "extra_groups": []}
