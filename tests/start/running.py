"""`manage.py start` as a person runs it: a process of its own, in a directory of its own, on free ports."""

import os
import re
import signal
import socket
import subprocess
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import IO

import requests

ROOT = Path(__file__).resolve().parent.parent.parent
EMAIL, PASSWORD = "alice@example.com", "correct horse battery"


class House:
    """One DATA_DIR and the ports that belong to it."""

    # The tree that its commands are run in.
    root = ROOT

    def __init__(self, data_dir: Path, **settings: str) -> None:
        self.data_dir = data_dir
        self.port = free_port()
        self.settings = {"DATA_DIR": str(data_dir), "PORT": str(self.port), **settings}

    @property
    def environment(self) -> dict[str, str]:
        """Nothing of the surrounding one but what every process needs."""
        return {name: os.environ[name] for name in ("PATH", "HOME", "LANG") if name in os.environ} | self.settings

    def popen(self, *arguments: str, **settings: str) -> subprocess.Popen[str]:
        return subprocess.Popen(
            [sys.executable, "manage.py", *arguments],
            cwd=self.root,
            env=self.environment | settings,
            stdout=subprocess.PIPE,
            stderr=subprocess.STDOUT,
            text=True,
        )

    def run(self, *arguments: str, **settings: str) -> tuple[int, str]:
        """Exit code and output of a command that ends by itself."""
        with self.popen(*arguments, **settings) as process:
            output, _ = process.communicate(timeout=180)
        return process.returncode, output

    @contextmanager
    def started(self) -> Iterator["Started"]:
        """Started and answering; stopped as by Ctrl-C afterwards, if it still runs."""
        with self.popen("start") as process:
            try:
                yield Started(process, self.data_dir)
            finally:
                if process.poll() is None:
                    process.send_signal(signal.SIGINT)


class Started:
    """What a person sees of a start, and the processes behind it."""

    def __init__(self, process: subprocess.Popen[str], data_dir: Path) -> None:
        assert process.stdout is not None
        self.process = process
        self.data_dir = data_dir
        self.output: IO[str] = process.stdout
        self.said = self.read_until("is ready")
        self.url = re.findall(r"https?://\S+", self.said[-1])[0]

    def read_until(self, words: str) -> list[str]:
        lines = []
        for line in self.output:
            lines.append(line.rstrip())
            if words in line:
                return lines
        raise AssertionError(f"It ended without saying {words!r}: {lines}")

    def stop(self, number: int = signal.SIGINT) -> int:
        self.process.send_signal(number)
        return self.process.wait(timeout=20)

    def family(self) -> dict[int, str]:
        """Process id -> command line of every process that descends from the start."""
        table = process_table()
        found = {self.process.pid}
        while more := {pid for pid, (parent, _) in table.items() if parent in found} - found:
            found |= more
        return {pid: table[pid][1] for pid in found}

    def pids(self, words: str) -> list[int]:
        """Eldest first: a parent comes before its children."""
        return sorted(pid for pid, line in self.family().items() if words in line)


def process_table() -> dict[int, tuple[int, str]]:
    """Process id -> parent's id and command line; the dead that wait to be collected are left out."""
    table = {}
    for directory in Path("/proc").glob("[0-9]*"):
        try:
            state, parent = (directory / "stat").read_text().rpartition(")")[2].split()[:2]
            line = (directory / "cmdline").read_text().replace("\0", " ")
        except OSError:
            continue
        if state != "Z":
            table[int(directory.name)] = int(parent), line
    return table


def free_port() -> int:
    """One that is free, as is the next one, which the local Flow Service takes."""
    while True:
        with socket.socket() as first, socket.socket() as second:
            first.bind(("127.0.0.1", 0))
            port = int(first.getsockname()[1])
            try:
                second.bind(("127.0.0.1", port + 1))
            except (OSError, OverflowError):
                continue
            return port


def post_form(browser: requests.Session, url: str, fields: dict[str, str], action: str = "") -> requests.Response:
    """Opens the page and sends its form, to itself or to where it leads."""
    found = re.search(r'name="csrfmiddlewaretoken" value="(\w+)"', browser.get(url, timeout=10).text)
    assert found, f"no form at {url}"
    return browser.post(action or url, fields | {"csrfmiddlewaretoken": found[1]}, timeout=10)


def sign_in_first(browser: requests.Session, url: str) -> requests.Response:
    return post_form(browser, url, {"email": EMAIL, "password1": PASSWORD, "password2": PASSWORD})


def answers(house: House) -> bool:
    try:
        return requests.get(f"http://127.0.0.1:{house.port}/health/ready", timeout=5).status_code == 200
    except requests.ConnectionError:
        return False
