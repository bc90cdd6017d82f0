"""Gets a PostgreSQL for the tests: an installed one, else Debian's where we are root."""

from tests.debian import install_from_debian
from tests.postgres import programs, running_postgres


def main() -> None:
    if programs() is None:
        install_from_debian("postgresql")
    with running_postgres():
        pass


if __name__ == "__main__":
    main()
