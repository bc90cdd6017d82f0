"""What keeps the log short: trouble with storing in one line, and of lines that repeat themselves the first ones."""

import logging
import re
import threading
import time
import traceback
from collections.abc import Hashable
from itertools import count

from django.core.exceptions import SuspiciousOperation

from wizard.storing import in_a_line, trouble_of

WINDOW = 60  # seconds
# Of one place in the code in so many seconds; then every one whose number is a power of two.
ONE_BY_ONE = 5
# What the task engine says of a task that failed, with the traceback in its words.
TRACEBACK = re.compile(r" : Traceback \(most recent call last\):\n.*", re.DOTALL)
STORED_NOTHING = re.compile(r"^django\.db\.utils\.(?:OperationalError|InterfaceError): ", re.MULTILINE)


class ShortFilter(logging.Filter):
    """Says in one line what a traceback would not say better: that nothing can be stored, or that a request is bad."""

    def filter(self, record: logging.LogRecord) -> bool:
        error = record.exc_info[1] if record.exc_info else None
        if error and trouble_of(error):
            _add(record, f"({in_a_line(error)}{_place(error)})")
            record.exc_info = record.exc_text = None
        elif isinstance(error, SuspiciousOperation):
            record.exc_info = record.exc_text = None
        elif record.name == "django-q" and isinstance(record.msg, str) and STORED_NOTHING.search(record.msg):
            record.msg = TRACEBACK.sub("", record.msg)
        return True


def _add(record: logging.LogRecord, words: str) -> None:
    """Behind its message, which is put together later."""
    record.msg = f"{record.msg} {words.replace('%', '%%') if record.args else words}"


def _place(error: BaseException | None) -> str:
    """Where in our own code it came from."""
    ours = [place for place in _places(error) if "/wizard/" in place[0]]
    return f" At {ours[-1][0].rpartition('/wizard/')[2]}:{ours[-1][1]}." if ours else ""


def _places(error: BaseException | None) -> list[tuple[str, int]]:
    """File and line of each frame, the innermost one last."""
    frames = traceback.walk_tb(error.__traceback__) if error else ()
    return [(frame.f_code.co_filename, line) for frame, line in frames]


class RepeatFilter(logging.Filter):
    """Lets a place in the code warn a few times a minute, and then tell how often it would have, at every doubling.

    Lines of mere information pass: they are about work that was asked for.
    """

    def __init__(self) -> None:
        super().__init__()
        self._lock = threading.Lock()
        self._counts: dict[Hashable, count[int]] = {}
        self._began = time.monotonic()

    def filter(self, record: logging.LogRecord) -> bool:
        if record.levelno < logging.WARNING:
            return True
        number = self._number(record)
        if number > ONE_BY_ONE:
            _add(record, f"[number {number} like this in a minute; most are left out]")
        return number <= ONE_BY_ONE or number & (number - 1) == 0

    def _number(self, record: logging.LogRecord) -> int:
        """Which one it is in this minute, of those from the same place, about the same kind of error."""
        error = record.exc_info[1] if record.exc_info else None
        broke = (type(error).__name__, *_places(error)[-1:])
        key = (record.name, record.pathname, record.lineno, getattr(record, "status_code", None), broke)
        with self._lock:
            if time.monotonic() - self._began >= WINDOW:
                self._began, self._counts = time.monotonic(), {}
            return next(self._counts.setdefault(key, count(1)))
