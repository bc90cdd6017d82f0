"""Gets curl for the tests: an installed one, else Debian's where we are root."""

import shutil
import sys

from tests.debian import install_from_debian


def main() -> None:
    if not shutil.which("curl"):
        install_from_debian("curl")
    if not shutil.which("curl"):
        sys.exit("curl is missing. On Debian: apt-get install curl")


if __name__ == "__main__":
    main()
