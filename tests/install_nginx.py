"""Gets an nginx for the tests: an installed one, else Debian's where we are root."""

import sys

from tests.debian import install_from_debian
from tests.nginx import HOW, found


def main() -> None:
    if found() is None:
        install_from_debian("nginx-light")
    if found() is None:
        sys.exit(HOW)


if __name__ == "__main__":
    main()
