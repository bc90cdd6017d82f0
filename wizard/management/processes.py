"""The processes of `manage.py start`: all run, or none; what is under way when they are stopped comes to its end."""

import os
import signal
import sys
import threading
import time
from collections.abc import Callable, Iterable, Mapping
from datetime import UTC, datetime
from functools import partial
from math import inf
from multiprocessing.process import BaseProcess
from types import FrameType
from typing import Any

from django.conf import settings
from honcho.manager import Manager
from honcho.printer import Message, Printer
from honcho.process import Popen

from wizard import orphans

# Name -> arguments of Python, and additions to the environment.
Commands = Mapping[str, tuple[list[str], dict[str, str]]]
# Seconds for which the web server waits at least, when it is told to stop, for whoever reads its answers slowly.
ANSWERS_END_WITHIN = 60
# And for which all wait beyond what may take longest, so that it can end by itself.
MARGIN = 15
# It is what the worker is talking to: it goes last.
LAST = "local Flow Service"


class Processes(Manager):
    """Starts them, says when the web server answers, and stops all when one ends."""

    first_to_end = ""
    _terminating: bool
    # On the monotonic clock; until then nobody is killed.
    patience_ends_at = inf

    def __init__(self, commands: Commands, invitation: str, answers: Callable[[], bool]) -> None:
        super().__init__(printer=Lines(prefix=settings.LOG_FORMAT == "text"))
        self.invitation, self._answers = invitation, answers
        for name, (arguments, env) in commands.items():
            argv = [sys.executable, *arguments]
            env = os.environ | {"DATA_DIR": str(settings.DATA_DIR)} | env
            process = self.add_process(name, argv, env=env, cwd=str(settings.BASE_DIR))
            process._child_ctor = partial(Popen, shell=False, preexec_fn=orphans.follow_parent)

    def _start(self) -> None:
        super()._start()
        signal.signal(signal.SIGINT, partial(self._interrupted, signal.getsignal(signal.SIGINT)))
        # Only now: forking with a second thread at work is unsafe.
        threading.Thread(target=self._invite, daemon=True).start()
        for name, process in self._processes.items():
            threading.Thread(target=self._watch, args=(name, process["process"]), daemon=True).start()

    def _invite(self) -> None:
        while not self._answers():
            time.sleep(0.1)
        print(self.invitation, flush=True)  # noqa: T201

    def _interrupted(self, stop: Any, number: int, frame: FrameType | None) -> None:
        """By Ctrl-C: the second one waits for nobody."""
        if self._terminating:
            self.patience_ends_at = 0
            self.kill()
        else:
            stop(number, frame)

    def _watch(self, name: str, relay: BaseProcess) -> None:
        """honcho hears of an end from the process that relays the output; when that is killed, from us."""
        relay.join()
        if relay.exitcode:
            self.events.put(Message("stop", {"returncode": relay.exitcode}, datetime.now(UTC), name, None))
        if self._terminating:
            self._end_last()

    def terminate(self) -> None:
        ended = [name for name, process in self._processes.items() if "returncode" in process]
        self.first_to_end = self.first_to_end or ", ".join(ended)
        if not self._all_started():
            self._give_up()
        if not self._terminating:
            self._terminating = True
            self.patience_ends_at = time.monotonic() + seconds_to_end()
            self._end(set(self._processes) - {LAST})
            self._end_last()

    def _end_last(self) -> None:
        """When all others have ended."""
        others = (process["process"] for name, process in self._processes.items() if name != LAST)
        if not any(other.is_alive() for other in others):
            self._end([LAST])

    def _end(self, names: Iterable[str]) -> None:
        for name in names:
            if "returncode" not in self._processes.get(name, {"returncode": None}):
                self._procmgr.terminate(self._processes[name]["pid"])

    def kill(self) -> None:
        """honcho would, some seconds after the first one has ended: a worker may be waiting for Adobe's answer."""
        if time.monotonic() >= self.patience_ends_at:
            super().kill()

    def _give_up(self) -> None:
        """Stopped within its first moments, when honcho does not know all process ids: they end with their parents."""
        for process in self._processes.values():
            if "process" in process:
                process["process"].kill()
        sys.exit(0)


def seconds_to_end() -> float:
    """What is under way may take: a task as long as tasks may last, a page as long as the web server waits for it."""
    return float(max(3 * settings.FLOW_SERVICE_TIMEOUT, seconds_to_answer()) + MARGIN)


def seconds_to_answer() -> int:
    """What a page may take once the web server was told to stop: one that asks Adobe, as long as a call may."""
    return max(settings.FLOW_SERVICE_TIMEOUT + MARGIN, ANSWERS_END_WITHIN)


class Lines(Printer):
    """What the processes say, and nothing of what honcho says about them.

    Mere information only with DEBUG, or as JSON: a line that is an object is for machines.
    """

    def write(self, message: Message) -> None:
        tells_all = settings.DEBUG or message.data[:1] == b"{"
        if message.name != "system" and (tells_all or b" INFO " not in message.data):
            super().write(message)
