"""The whole wizard as `make run` starts it, to be killed and started again in one data directory."""

import os
import re
import signal
import sqlite3
import subprocess
import sys
import time
import uuid
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from typing import TypeVar

import requests

from tests.emulator.running import Emulator
from tests.start.running import ROOT, House, post_form, process_table

T = TypeVar("T")
PATIENCE = 60


class Wizard(House):
    """A house whose processes write to a file, so that nobody has to read what they say."""

    process: subprocess.Popen[bytes]
    family: set[int]
    link: str
    started_at: float

    @property
    def url(self) -> str:
        return f"http://127.0.0.1:{self.port}"

    def start(self) -> None:
        """Until it has printed its link."""
        self.data_dir.mkdir(parents=True, exist_ok=True)
        with (self.data_dir / "output.log").open("ab") as log:
            before = log.tell()
            self.process = subprocess.Popen(
                [sys.executable, "manage.py", "start"],
                cwd=ROOT,
                env=os.environ | self.settings | {"DJANGO_SETTINGS_MODULE": "wizard.settings"},
                stdout=log,
                stderr=subprocess.STDOUT,
            )
        link = wait_for(lambda: re.search(r"is ready.*(http://\S+)", self._said(before)), "the link")
        self.family = self._descendants()
        self.started_at = time.monotonic()
        self.link = link[1]

    def _said(self, position: int) -> str:
        said = (self.data_dir / "output.log").read_bytes()[position:].decode()
        assert self.process.poll() is None, said
        return said

    def _descendants(self) -> set[int]:
        table, found = process_table(), {self.process.pid}
        while more := {pid for pid, (parent, _) in table.items() if parent in found} - found:
            found |= more
        return found

    def pids(self, words: str) -> list[int]:
        """Our processes that have these words in their command line, eldest first."""
        table = process_table()
        return sorted(pid for pid in self._descendants() if words in table[pid][1])

    def kill(self, words: str) -> None:
        """SIGKILL to the eldest of them."""
        os.kill(self.pids(words)[0], signal.SIGKILL)

    def kill_tasks(self) -> None:
        """SIGKILL to all in which the worker does its tasks: the main process and the one that guards them live on."""
        for pid in self.pids("manage.py work")[2:]:
            os.kill(pid, signal.SIGKILL)

    def stop(self) -> int:
        """As Ctrl-C does; the exit code."""
        if self.process.poll() is None:
            self.process.send_signal(signal.SIGINT)
        return self.process.wait(timeout=30)

    def restart(self) -> None:
        """After a death: all of it ends, nothing is left behind, and the next start works."""
        self.process.wait(timeout=30)
        wait_for(lambda: not self.family & process_table().keys(), "the end of every process")
        self.start()

    def emulator(self) -> Emulator:
        """The local Flow Service that it has started, with its control paths."""
        base = f"http://127.0.0.1:{self.port + 1}"
        foundation = f"{base}/data/foundation"
        secret = (self.data_dir / "practice_client_secret").read_text()
        names = ("0000000000000000PRACTICE@AdobeOrg", "practice-client", secret, "prod")
        return Emulator(f"{foundation}/flowservice", base, f"{foundation}/sandbox-management", *names)


@contextmanager
def running(wizard: Wizard) -> Iterator[Wizard]:
    """Started, and stopped at the end."""
    wizard.start()
    try:
        yield wizard
    finally:
        wizard.stop()


def submit(
    wizard: Wizard, browser: requests.Session, slug: str, typed: dict[str, str], *, succeeds: bool = True
) -> None:
    """Sends the form of a source as a browser does."""
    url = f"{wizard.url}/connect/{slug}/"
    target = re.search(r'<option value="(\d+)"', browser.get(url, timeout=20).text)
    assert target
    fixed = {"submission_id": str(uuid.uuid4()), "intent": "create", "target": target[1]}
    page = post_form(browser, url, {**fixed, "auth.specName": "connection-string", **typed})
    assert ("/connections/" in page.url) is succeeds, page.text


def connections_of(wizard: Wizard) -> dict[str, str]:
    """Name -> status, from the database itself."""
    with sqlite3.connect(wizard.data_dir / "wizard.sqlite3", timeout=20) as database:
        return dict(database.execute("select name, status from connections_baseconnection"))


def resources_of(wizard: Wizard, name: str) -> list[str]:
    """The status of each resource of that name, from the database itself."""
    with sqlite3.connect(wizard.data_dir / "wizard.sqlite3", timeout=20) as database:
        found = database.execute("select status from dataflows_resource where name = ? order by id", (name,))
        return [status for (status,) in found]


def run_in(wizard: Wizard, code: str) -> None:
    """Python code, with the settings of that wizard."""
    settings = {"DJANGO_SETTINGS_MODULE": "wizard.settings"}
    subprocess.run([sys.executable, "-c", code], cwd=ROOT, env=os.environ | wizard.settings | settings, check=True)


def wait_for(look: Callable[[], T | None], what: str, seconds: float = PATIENCE) -> T:
    """What `look` finds in the end."""
    deadline = time.monotonic() + seconds
    while time.monotonic() < deadline:
        found = look()
        if found:
            return found
        time.sleep(0.1)
    raise AssertionError(f"Waited {seconds} s for {what} in vain.")
