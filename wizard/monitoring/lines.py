"""One line of the log for each thing that is told, as text or as JSON: no name that somebody chose makes another."""

import json
import logging
import unicodedata
from datetime import UTC, datetime
from typing import Any

from wizard.record.context import origin
from wizard.reports import UNWRITABLE, without_links

LONGEST = 10_000  # characters of a message, and of each line of a traceback
# What moves a cursor, ends a line, or turns its letters around.
MOVING = ("Cc", "Cf", "Cs", "Zl", "Zp")


class TextLines(logging.Formatter):
    """Time, level, logger, message, and the id of the request. What follows of a traceback is indented."""

    def format(self, record: logging.LogRecord) -> str:
        cause = _cause(record)
        first = f"{_moment(record)} {record.levelname} {record.name}: {harmless(_message(record))}"
        lines = [first + (f" [{cause}]" if cause else "")]
        lines += [f"    {harmless(line)}" for line in _traceback(self, record).split("\n") if line]
        return without_links("\n".join(lines))


class JsonLines(logging.Formatter):
    """An object on one line. What a line is about stands in fields of their own beside the message."""

    def format(self, record: logging.LogRecord) -> str:
        found: dict[str, Any] = {
            "time": _moment(record),
            "level": record.levelname,
            "logger": record.name,
            "message": _message(record)[:LONGEST],
            "request_id": _cause(record),
            **getattr(record, "fields", {}),
        }
        if traceback := _traceback(self, record):
            found["traceback"] = traceback[: 10 * LONGEST]
        # Everything but ASCII is escaped: no control character, no turned letters.
        return without_links(json.dumps(found, default=str))


def harmless(text: str) -> str:
    """The same, on one line and in the order in which it was written: what could change that is escaped."""
    text = text[:LONGEST]
    if text.isascii() and text.isprintable():
        return text
    return "".join(_escaped(letter) if unicodedata.category(letter) in MOVING else letter for letter in text)


def _escaped(letter: str) -> str:
    return letter.encode("unicode_escape").decode()


def _cause(record: logging.LogRecord) -> str:
    """The id of the request that it belongs to; Django tells of an answer when all else about it is over."""
    request = getattr(record, "request", None)
    return origin().cause or getattr(request, "META", {}).get("wizard.request_id", "")


def _moment(record: logging.LogRecord) -> str:
    return datetime.fromtimestamp(record.created, UTC).isoformat(timespec="milliseconds").replace("+00:00", "Z")


def _message(record: logging.LogRecord) -> str:
    try:
        return record.getMessage()
    except Exception:  # whatever an argument raises when it is asked for its text
        return UNWRITABLE


def _traceback(formatter: logging.Formatter, record: logging.LogRecord) -> str:
    """As the filters have left it."""
    told = record.exc_text or (formatter.formatException(record.exc_info) if record.exc_info else "")
    return "\n".join(filter(None, (told, record.stack_info)))
