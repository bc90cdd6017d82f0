"""Debian's packages, for what the tests need beside Python."""

import os
import shutil
import subprocess


def install_from_debian(package: str) -> None:
    """Where we are root and have apt. A refusal is no error yet: the start that follows says what is missing."""
    if os.geteuid() != 0 or not shutil.which("apt-get"):
        return
    print(f"Installing {package} ...", flush=True)  # noqa: T201
    environment = os.environ | {"DEBIAN_FRONTEND": "noninteractive"}
    for arguments in (["update"], ["install", "--yes", "--no-install-recommends", package]):
        command = ["apt-get", "--quiet", "--quiet", *arguments]
        subprocess.run(command, env=environment, stdout=subprocess.DEVNULL, check=False)
