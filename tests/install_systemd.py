"""Gets systemd-analyze for the tests: an installed one, else Debian's where we are root. Nothing has to run."""

import shutil
import sys

from tests.debian import install_from_debian


def main() -> None:
    if not shutil.which("systemd-analyze"):
        install_from_debian("systemd")
    if not shutil.which("systemd-analyze"):
        sys.exit("systemd-analyze is missing. On Debian: apt-get install systemd")


if __name__ == "__main__":
    main()
