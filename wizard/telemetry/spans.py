"""Traces: a request, what a worker does because of it, and each call to Adobe, as one.

The id of a trace is that of the request, so that a worker, which knows that id from the record, goes on with its
trace. Without an endpoint nothing of OpenTelemetry is imported, and these functions do nothing.
"""

from collections.abc import Callable, Iterator
from contextlib import contextmanager
from datetime import datetime
from importlib import import_module
from typing import Any

from django.conf import settings

from wizard.telemetry.operations import method_of, operation_of

otlp: Any = import_module("wizard.telemetry.otlp") if settings.TRACES else None

Describe = Callable[[str, dict[str, str | int]], None]


@contextmanager
def request(request_id: str) -> Iterator[Describe]:
    """Around the answer to a request; gives a function that takes the span's name and its attributes."""
    if otlp is None:
        yield _nothing
        return
    with otlp.root("request", request_id) as describe:
        yield describe


@contextmanager
def work(name: str, request_id: str, asked_at: datetime | None, attributes: dict[str, str | int]) -> Iterator[None]:
    """Around what a worker does because of a request, which was made at that time; of none where the id is empty."""
    if otlp is None:
        yield
        return
    with otlp.continued(name, request_id, asked_at, attributes):
        yield


def call(method: str, path: str, status: int | None, outcome: str, milliseconds: int, call_id: str) -> None:
    """A call to Adobe that has just ended; the path without its ids."""
    if otlp is not None:
        answer: dict[str, str | int] = (
            {"error.type": outcome} if status is None else {"http.response.status_code": status}
        )
        known = {"http.request.method": method_of(method), "wizard.call_id": call_id}
        is_bad = status is None or status >= 400
        otlp.ended(operation_of(method, path), milliseconds, {**known, **answer}, is_bad=is_bad)


def _nothing(_name: str, _attributes: dict[str, str | int]) -> None:
    pass
