"""The calls that were made for a connection as a page shows them: what each was for, and how it ended."""

import re
from collections.abc import Sequence
from dataclasses import dataclass

from wizard.connections.models import Call
from wizard.history.durations import in_words
from wizard.record.kinds import Outcome

# What a call is for, by its method and by how its path ends.
PURPOSES = (
    ("POST", "connections", "Create"),
    ("GET", "connections", "Look up"),
    ("GET", "connections/{id}", "Read"),
    ("PATCH", "connections/{id}", "Change"),
    ("DELETE", "connections/{id}", "Delete"),
    ("POST", "connections/{id}/action", "Enable or disable"),
    ("GET", "connections/{id}/test", "Test"),
    ("GET", "connections/{id}/explore", "Explore"),
    ("GET", "connectionSpecs", "Read the source’s spec"),
    ("GET", "connectionSpecs/{id}", "Read the source’s spec"),
    ("GET", "sandbox-management", "List sandboxes"),
    ("POST", "sourceConnections", "Create source connection"),
    ("GET", "sourceConnections", "List source connections"),
    ("GET", "sourceConnections/{id}", "Read source connection"),
    ("POST", "targetConnections", "Create target connection"),
    ("GET", "targetConnections", "List target connections"),
    ("GET", "targetConnections/{id}", "Read target connection"),
    ("POST", "mappingSets", "Create mapping set"),
    ("GET", "mappingSets/{id}", "Read mapping set"),
    ("GET", "flowSpecs", "Look up flow spec"),
    ("POST", "flows", "Create dataflow"),
    ("GET", "flows", "List dataflows"),
    ("GET", "flows/{id}", "Read dataflow"),
    ("GET", "runs", "List runs"),
)
PATTERNS = tuple(
    (method, re.compile(rf".*/{path.replace('{id}', '[^/]+')}/?"), words) for method, path, words in PURPOSES
)
# Where no answer came, by the class of the error.
WITHOUT_ANSWER = {"NotSent": "Not sent", "NoAnswer": "No answer"}
TOO_MANY = 429
KNOWN_END = re.compile(rf"/(?:{'|'.join(sorted({path.partition('/')[0] for _, path, _ in PURPOSES}))})(?:/.*)?$")
UUID_LENGTH = 36


@dataclass(frozen=True)
class ShownCall:
    """`path` is a short form of the call's; `share` is the duration in percent of the longest one beside it."""

    call: Call
    purpose: str
    path: str
    result: str
    outcome: Outcome
    duration: str
    share: int


def shown_calls(calls: Sequence[Call]) -> list[ShownCall]:
    """What a page says of each."""
    longest = max((call.duration_ms for call in calls), default=0)
    return [
        ShownCall(
            call=call,
            purpose=purpose_of(call.method, call.path),
            path=short_path(call.path),
            result=str(call.status or WITHOUT_ANSWER.get(call.outcome, "No answer")),
            outcome=_outcome(call.status),
            duration=in_words(call.duration_ms),
            share=max(round(100 * call.duration_ms / longest), 1) if longest else 1,
        )
        for call in calls
    ]


def purpose_of(method: str, path: str) -> str:
    """ "" for a call that is not known."""
    return next((words for known, pattern, words in PATTERNS if known == method and pattern.fullmatch(path)), "")


def short_path(path: str) -> str:
    """From the first part on that is known, without the ids in it."""
    found = KNOWN_END.search(path)
    parts = (found[0] if found else path).split("/")
    return "/".join("…" if len(part) == UUID_LENGTH else part for part in parts)


def _outcome(status: int | None) -> Outcome:
    if status is None or status >= 500 or status == TOO_MANY:
        return Outcome.UNKNOWN
    return Outcome.SUCCEEDED if status < 300 else Outcome.FAILED
