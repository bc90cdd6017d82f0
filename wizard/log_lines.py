"""What keeps the log short: trouble with storing in one line, and of lines that repeat themselves the first ones."""

import logging
import re
import threading
import time
import traceback
from collections.abc import Hashable, Mapping
from itertools import count
from typing import Any

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
    """Lets each thing be said a few times a minute, and then at every doubling, with how often it would have been.

    That is a warning from one place in the code; and of requests the same page for the same person, and refusals.
    Lines about what was sent or done pass: they are about work that was asked for.
    """

    def __init__(self) -> None:
        super().__init__()
        self._lock = threading.Lock()
        self._counts: dict[Hashable, count[int]] = {}
        self._began = time.monotonic()

    def filter(self, record: logging.LogRecord) -> bool:
        key = _warned(record) if record.levelno >= logging.WARNING else _asked(getattr(record, "fields", None) or {})
        if key is None:
            return True
        number = self._number(key)
        if number > ONE_BY_ONE:
            _add(record, f"[number {number} like this in a minute; most are left out]")
        return number <= ONE_BY_ONE or number & (number - 1) == 0

    def _number(self, key: Hashable) -> int:
        """Which one it is in this minute."""
        with self._lock:
            if time.monotonic() - self._began >= WINDOW:
                self._began, self._counts = time.monotonic(), {}
            return next(self._counts.setdefault(key, count(1)))


def _warned(record: logging.LogRecord) -> Hashable:
    """By the place in the code, and the kind of the error."""
    error = record.exc_info[1] if record.exc_info else None
    broke = (type(error).__name__, *_places(error)[-1:])
    return (record.name, record.pathname, record.lineno, getattr(record, "status_code", None), broke)


def _asked(fields: Mapping[str, Any]) -> Hashable | None:
    """Of a request that only asked, or was refused: whoever floods us does so with ever other addresses."""
    if fields.get("event") != "request":
        return None
    route, status = fields.get("route"), int(fields.get("status") or 0)
    if status >= 400:
        return (route, status)
    if fields.get("method") not in ("GET", "HEAD"):
        return None
    return (route, status, fields.get("person"), None if route == "static" else fields.get("path"))
