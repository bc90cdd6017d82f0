"""Gets a PostgreSQL for the tests: an installed one, else Debian's where we are root."""

import os
import shutil
import subprocess

from tests.postgres import programs, running_postgres


def main() -> None:
    if programs() is None and os.geteuid() == 0 and shutil.which("apt-get"):
        install_from_debian()
    with running_postgres():
        pass


def install_from_debian() -> None:
    """A refusal is no error yet: the start that follows says what is missing."""
    print("Installing PostgreSQL ...", flush=True)  # noqa: T201
    environment = os.environ | {"DEBIAN_FRONTEND": "noninteractive"}
    for arguments in (["update"], ["install", "--yes", "--no-install-recommends", "postgresql"]):
        command = ["apt-get", "--quiet", "--quiet", *arguments]
        subprocess.run(command, env=environment, stdout=subprocess.DEVNULL, check=False)


if __name__ == "__main__":
    main()
