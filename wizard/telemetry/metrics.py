"""What is counted where it happens. Counting never fails: where the disk is full or read-only, it is left out."""

import logging
import os

from prometheus_client import Counter, Histogram, values

from wizard.telemetry import files
from wizard.telemetry.operations import OTHER, class_of, method_of, operation_of, status_of

log = logging.getLogger(__name__)

FAST = (0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1.0, 2.5, 10.0)
SLOW = (0.05, 0.1, 0.25, 0.5, 1.0, 2.5, 5.0, 10.0, 30.0, 60.0)
LONGEST_LABEL = 60

_has_room_for: int | None = None
_gave_up = 0


def _process() -> int:
    """Asked for at each count: after a fork the files are others."""
    global _has_room_for
    pid = os.getpid()
    if _has_room_for not in (None, pid):
        files.make_room(pid)
        _has_room_for = pid
    return pid


# Before the first metric is made. The files come with the first count: most commands count nothing.
os.environ["PROMETHEUS_MULTIPROC_DIR"] = str(files.directory())
values.ValueClass = values.MultiProcessValue(_process)
_has_room_for = 0

REQUESTS = Counter(
    "wizard_http_requests",
    "Requests that were answered, by the name of their route, method and class of the status.",
    ("route", "method", "status"),
    registry=None,
)
REQUEST_SECONDS = Histogram(
    "wizard_http_request_duration_seconds",
    "How long the answer to a request took to be made.",
    ("route",),
    registry=None,
    buckets=FAST,
)
ATTEMPTS = Counter(
    "wizard_attempts",
    "Attempts that ended: of creates, changes, and resources beneath a connection, by how.",
    ("of", "outcome"),
    registry=None,
)
CALLS = Counter(
    "wizard_flow_service_calls",
    "Calls to Adobe, by operation and by the status of the answer or why there was none.",
    ("operation", "status"),
    registry=None,
)
CALL_SECONDS = Histogram(
    "wizard_flow_service_call_duration_seconds",
    "How long a call to Adobe took.",
    ("operation",),
    registry=None,
    buckets=SLOW,
)


def count_request(route: str, method: str, status: int, seconds: float) -> None:
    """`route` is a name that the resolver knows, never a path."""
    route = route[:LONGEST_LABEL]
    _count(REQUESTS, route, method_of(method), class_of(status))
    _observe(REQUEST_SECONDS, seconds, route)


def count_attempt(of: str, outcome: str) -> None:
    """`of` is a create, a change or a resource; `outcome` the kind of the event that ended it."""
    _count(ATTEMPTS, of, outcome)


def count_call(method: str, path: str, status: int | None, outcome: str, seconds: float) -> None:
    """A call to Adobe as it went; `outcome` says why there was no answer."""
    operation = operation_of(method, path)
    _count(CALLS, operation, status_of(status, outcome))
    _observe(CALL_SECONDS, seconds, operation)


def _count(counter: Counter, *labels: str) -> None:
    if not _is_given_up():
        try:
            counter.labels(*labels).inc()
        except OSError as error:
            _give_up(error)


def _observe(histogram: Histogram, seconds: float, *labels: str) -> None:
    if not _is_given_up():
        try:
            histogram.labels(*labels).observe(seconds)
        except OSError as error:
            _give_up(error)


def _is_given_up() -> bool:
    return _gave_up == os.getpid()


def _give_up(error: OSError) -> None:
    """For the life of this process: asking a broken disk at each request would make those slow."""
    global _gave_up
    _gave_up = os.getpid()
    log.warning("This process counts nothing for /metrics: %s", error.strerror or OTHER)
