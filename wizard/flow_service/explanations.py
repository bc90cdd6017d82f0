"""What an error means in plain English, who can mend it, and what to do next. The sentences are in codes/*.json.

Where a code only says that the source itself refused, the source's own words say more: source_words.json has what
the usual databases say, and what it means; the first entry that fits is taken.

Adobe keeps two lists of codes that use some numbers twice, so the whole `number-status` is the key. The keys that
are in both lists, those of codes/both_catalogs.json, are explained only by what is true in both.
https://experienceleague.adobe.com/en/docs/experience-platform/sources/error-messages/flow-service-errors
"""

import json
import re
from collections import Counter
from dataclasses import dataclass, replace
from pathlib import Path

CATALOGS = ("gateway", "ims", "flow_service", "connectors", "both_catalogs")
# Of calls that may have made something.
LOOK_FIRST = "Before you create the connection again, look whether it exists."
_FOLDER = Path(__file__).with_name("codes")
_NUMBER_AND_STATUS = re.compile(r"([0-9]{4})-[0-9]{3}")


@dataclass(frozen=True)
class Explanation:
    """Three texts for a page. `who` reads as in "who can mend this: your Adobe administrator".

    `field` is the one thing that the code is about, as in "about: sandbox". It is "named" where Adobe's words
    name the field, and "" where the code is about no single thing.
    """

    what: str
    who: str
    next: str
    field: str = ""


def _loaded(name: str) -> dict[str, Explanation]:
    entries = json.loads((_FOLDER / f"{name}.json").read_text(encoding="utf-8"))
    return {key: Explanation(**entry) for key, entry in entries.items()}


def _number(code: str) -> str:
    """The four digits of a `number-status`, "" for any other code."""
    found = _NUMBER_AND_STATUS.fullmatch(code)
    return found[1] if found else ""


def _by_number(codes: dict[str, Explanation]) -> dict[str, Explanation]:
    """The numbers that are known with one status only: Adobe's list and its answers differ about some statuses."""
    times = Counter(map(_number, codes))
    return {_number(code): entry for code, entry in codes.items() if _number(code) and times[_number(code)] == 1}


_CODES = {code: entry for name in CATALOGS for code, entry in _loaded(name).items()}
_NUMBERS = _by_number(_CODES)
_STATUSES = _loaded("statuses")
_ERRORS = _loaded("errors")
_WRAPPED = "1308"


@dataclass(frozen=True)
class _Words:
    """What a source says (`marks`: in small letters, any of them), and what that means."""

    marks: tuple[str, ...]
    explanation: Explanation


_SOURCE_WORDS = [
    _Words(tuple(entry.pop("marks")), Explanation(**entry))
    for entry in json.loads((_FOLDER.parent / "source_words.json").read_text(encoding="utf-8"))
]


def _by_words(code: str, message: str) -> Explanation | None:
    """What the source's own words mean, where the error wraps some that are known."""
    if _number(code) != _WRAPPED:
        return None
    said = message.casefold()
    return next((entry.explanation for entry in _SOURCE_WORDS if any(mark in said for mark in entry.marks)), None)


def says_why(code: str, message: str) -> bool:
    """Whether the error wraps words of a source that are known."""
    return _by_words(code, message) is not None


def explain(*, code: str, status: int | None, error: str = "", message: str = "") -> Explanation:
    """The explanation for an error's code; without one, for its HTTP status; without that, for its class.

    `error` is the name of the error's class, "" if it is not known; `message` is what Adobe said, with the words of a
    source in it where the error is the source's. There is always an answer.
    """
    known = [_by_words(code, message), _CODES.get(code), _NUMBERS.get(_number(code))]
    # A status that comes with NotSent is that of the sign-in service, and says little about the request.
    known.append(_ERRORS["NotSent"] if error == "NotSent" else None)
    known += [_STATUSES.get(str(status)), _STATUSES.get(f"{(status or 0) // 100}xx"), _ERRORS.get(error)]
    return next(filter(None, known), _ERRORS["Unknown"])


def explain_look(*, code: str, status: int | None, error: str = "", message: str = "") -> Explanation:
    """The same for a call that only looks: nothing can have come of it, so one need not look for that."""
    found = explain(code=code, status=status, error=error, message=message)
    rest = " ".join(found.next.replace(LOOK_FIRST, "").split())
    return replace(found, next=rest or "Try again in a moment.")
