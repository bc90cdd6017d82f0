"""One machine of several: web server and worker of one version."""

import signal
import subprocess
import sys
from pathlib import Path

import requests

from tests.start.running import House
from tests.upgrading.databases import HOST

PATIENCE = 60
PARTS = ("serve", "work")
# As the proxy passes a request on.
PROXIED = {
    "Host": HOST,
    "X-Forwarded-Proto": "https",
    "X-Forwarded-For": "198.51.100.7",
    "Referer": f"https://{HOST}/",
}


class Machine:
    def __init__(self, house: House, logs: Path) -> None:
        self.house = house
        self._logs = {part: logs / f"{house.port} {part}.log" for part in PARTS}
        self._processes: list[subprocess.Popen[bytes]] = []

    @property
    def url(self) -> str:
        return f"http://127.0.0.1:{self.house.port}"

    def said(self, *parts: str) -> str:
        return "".join(path.read_text() for part in parts or PARTS if (path := self._logs[part]).exists())

    def start(self, *parts: str) -> None:
        for part in parts or PARTS:
            with self._logs[part].open("ab") as log:
                process = subprocess.Popen(
                    [sys.executable, "manage.py", part],
                    cwd=self.house.root,
                    env=self.house.environment,
                    stdout=log,
                    stderr=subprocess.STDOUT,
                )
            self._processes.append(process)

    def answers(self) -> bool:
        assert all(process.poll() is None for process in self._processes), self.said()
        try:
            return requests.get(f"{self.url}/health/live", headers=PROXIED, timeout=5).ok
        except requests.ConnectionError:
            return False

    def stop(self) -> None:
        """As a service manager does: what is under way comes to its end."""
        for process in self._processes:
            process.send_signal(signal.SIGTERM)
        for process in self._processes:
            process.wait(timeout=PATIENCE)
        self._processes = []
