"""What a call to Adobe is called in numbers and traces: its method and its path without ids, one of a bounded set."""

import re
from http import HTTPStatus

# The parts of paths that Adobe's reference has; whatever else stands in one is an id.
_PARTS = frozenset(
    (
        *("connections", "connectionSpecs", "sourceConnections", "targetConnections", "flows", "flowSpecs", "runs"),
        *("test", "explore", "action", "mappingSets", "sandbox-management", "ims", "token", "v3"),
    )
)
_FIRST = re.compile(rf"/(?:{'|'.join(sorted(_PARTS - {'test', 'explore', 'action', 'token', 'v3'}))})(?:/|$)")
_METHODS = frozenset(("GET", "POST", "PATCH", "PUT", "DELETE", "HEAD", "OPTIONS"))
_STATUSES = frozenset(int(status) for status in HTTPStatus)
OTHER = "other"


def operation_of(method: str, path: str) -> str:
    """`GET /connections/{id}/test` for whatever the base URL is; "other" for what no reference has."""
    found = _FIRST.search(path)
    if found is None:
        return OTHER
    parts = (part if part in _PARTS else "{id}" for part in path[found.start() :].strip("/").split("/")[:4])
    return f"{method_of(method)} /{'/'.join(parts)}"


def method_of(method: str) -> str:
    """Whatever a client sends for a method, a bounded set."""
    return method if method in _METHODS else OTHER


def status_of(status: int | None, outcome: str) -> str:
    """The status of the answer; where there was none, why. A status that HTTP does not know is told by its class."""
    if status is None:
        return outcome or OTHER
    return str(status) if status in _STATUSES else class_of(status)


def class_of(status: int) -> str:
    """`2xx` and so on."""
    return f"{status // 100}xx" if 100 <= status < 600 else OTHER
