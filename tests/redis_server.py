"""A Redis that lives as long as a `with`: in a temporary directory, on loopback alone, and it keeps nothing on disk."""

import shutil
import subprocess
import sys
import time
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from tempfile import TemporaryDirectory

import redis

from tests.emulator.live.certificates import self_made
from tests.start.running import free_port

HOW = "The tests need Redis: apt-get install redis-server, or put redis-server on PATH."
PASSWORD = "let me in"


class RedisServer:
    """One that can be killed, and started again with nothing in it."""

    process: subprocess.Popen[bytes]

    def __init__(self, directory: Path) -> None:
        self._directory, self._port = directory, free_port()
        for path, content in self_made("localhost").items():
            (directory / path).write_bytes(content)

    @property
    def url(self) -> str:
        """By TLS, with its own certificate as the authority."""
        password = PASSWORD.replace(" ", "%20")
        return f"rediss://:{password}@localhost:{self._port}/0?ssl_ca_certs={self._directory / 'server.crt'}"

    def start(self) -> None:
        """Until it answers. Raises RuntimeError when it ends instead."""
        options = {
            "port": "0",
            "tls-port": str(self._port),
            "tls-cert-file": str(self._directory / "server.crt"),
            "tls-key-file": str(self._directory / "server.key"),
            "tls-auth-clients": "no",
            "bind": "127.0.0.1",
            "requirepass": PASSWORD,
            "save": "",
            "dir": str(self._directory),
            "logfile": str(self._directory / "log"),
        }
        command = ["redis-server", *(part for name, value in options.items() for part in (f"--{name}", value))]
        self.process = subprocess.Popen(command, stdout=subprocess.DEVNULL)
        while not self._answers():
            if self.process.poll() is not None:
                raise RuntimeError((self._directory / "log").read_text())
            time.sleep(0.05)

    def kill(self) -> None:
        self.process.kill()
        self.process.wait()

    def client(self) -> redis.Redis:
        return redis.Redis.from_url(self.url)

    def _answers(self) -> bool:
        try:
            with self.client() as client:
                return bool(client.ping())
        except redis.RedisError:
            return False


@contextmanager
def running_redis() -> Iterator[RedisServer]:
    if not shutil.which("redis-server"):
        sys.exit(HOW)
    with TemporaryDirectory(prefix="wizard-redis-") as name:
        server = RedisServer(Path(name))
        server.start()
        try:
            yield server
        finally:
            server.kill()
