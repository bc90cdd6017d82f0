"""Gets a Redis for the tests: an installed one, else Debian's where we are root."""

import shutil

from tests.debian import install_from_debian
from tests.redis_server import running_redis


def main() -> None:
    if not shutil.which("redis-server"):
        install_from_debian("redis-server")
    with running_redis():
        pass


if __name__ == "__main__":
    main()
