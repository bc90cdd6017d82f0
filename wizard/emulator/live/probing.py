"""One look into a database: a child process with a hard deadline, asked through stdin and heard through stdout.

There is a password in the question: it never stands among arguments, in the environment, or in a log.
"""

import json
import os
import subprocess  # nosec B404  # always one command, our own
import sys
from dataclasses import dataclass, field
from importlib.util import find_spec
from pathlib import Path
from threading import BoundedSemaphore, Event, Timer
from typing import Any

ROOT = Path(__file__).resolve().parents[3]
COMMAND = (sys.executable, "-m", "wizard.emulator.live.probe")
PACKAGES = ("sqlalchemy", "psycopg", "pymysql", "oracledb", "pytds", "sqlalchemy_pytds")
AT_ONCE = 4
DEADLINE = 20.0
LARGEST_ANSWER = 16 * 1024 * 1024
# Beside these a child knows nothing of our surroundings: no PGPASSFILE, no TNS_ADMIN, no proxy, no home directory.
INHERITED = ("PATH", "SSL_CERT_FILE", "SSL_CERT_DIR", "SYSTEMROOT")


class TooBusy(Exception):
    """As many looks as are allowed at once are under way."""


@dataclass(frozen=True)
class Prober:
    """`hosts` are those that may be connected to beside loopback; `deadline` is in seconds, for one look as a whole."""

    hosts: tuple[str, ...] = ()
    deadline: float = DEADLINE
    slots: BoundedSemaphore = field(default_factory=lambda: BoundedSemaphore(AT_ONCE))

    def ask(self, question: dict[str, Any]) -> dict[str, Any]:
        """What the child says: {"result": ...}, {"error": words} or {"no_table": true}. Raises TooBusy."""
        if not self.slots.acquire(timeout=self.deadline):
            raise TooBusy
        try:
            return self._ask(question)
        finally:
            self.slots.release()

    def _ask(self, question: dict[str, Any]) -> dict[str, Any]:
        whole = json.dumps(question | {"hosts": self.hosts, "seconds": self.deadline}).encode()
        output, is_late = _heard(whole, self.deadline)
        if is_late:
            return {"error": f"The database did not answer within {self.deadline:g} seconds: timed out."}
        try:
            found = json.loads(output)
        except ValueError:
            found = None
        return found if isinstance(found, dict) else {"error": "The look into the database broke off."}


def _heard(question: bytes, deadline: float) -> tuple[bytes, bool]:
    """What the child wrote, and whether it had to be killed for being late."""
    with _child() as child:
        late = Event()

        def kill() -> None:
            late.set()
            child.kill()

        killer = Timer(deadline, kill)
        killer.start()
        try:
            return _exchanged(child, question), late.is_set()
        finally:
            killer.cancel()
            child.kill()


def _child() -> "subprocess.Popen[bytes]":
    """Always the same command; what it says on stderr may hold a secret."""
    return subprocess.Popen(  # noqa: S603  # nosec B603  # our own module
        COMMAND,
        cwd=ROOT,
        env=_environment(),
        stdin=subprocess.PIPE,
        stdout=subprocess.PIPE,
        stderr=subprocess.DEVNULL,
    )


def _exchanged(child: subprocess.Popen[bytes], question: bytes) -> bytes:
    stdin, stdout = child.stdin, child.stdout
    if stdin is None or stdout is None:
        return b""
    try:
        stdin.write(question)
        stdin.close()
    except BrokenPipeError:
        return b""
    output = stdout.read(LARGEST_ANSWER + 1)
    return output if len(output) <= LARGEST_ANSWER else b""


def _environment() -> dict[str, str]:
    known = {name: os.environ[name] for name in INHERITED if name in os.environ}
    return known | {"HOME": os.devnull, "LC_ALL": "C.UTF-8", "PYTHONUTF8": "1"}


def missing_packages() -> list[str]:
    """Those without which no look is possible; they are looked for, and not imported."""
    return [name for name in PACKAGES if find_spec(name) is None]
