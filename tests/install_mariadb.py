"""Gets a MariaDB for the tests: an installed one, else Debian's where we are root."""

from tests.debian import install_from_debian
from tests.mariadb import programs, running_mariadb


def main() -> None:
    if None in programs():
        install_from_debian("mariadb-server")
    with running_mariadb():
        pass


if __name__ == "__main__":
    main()
