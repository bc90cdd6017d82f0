"""From where the request comes that is being answered, for the events that are written meanwhile."""

import uuid
from collections.abc import Iterator
from contextlib import contextmanager
from contextvars import ContextVar
from dataclasses import dataclass


@dataclass(frozen=True)
class Origin:
    """Both are empty in a worker, and in a command."""

    address: str | None = None
    request_id: str = ""


NOWHERE = Origin()

_current: ContextVar[Origin] = ContextVar("origin", default=NOWHERE)


def origin() -> Origin:
    return _current.get()


@contextmanager
def answering(address: str | None) -> Iterator[str]:
    """Events written inside come from that address; gives the new id of the request."""
    request_id = uuid.uuid4().hex
    token = _current.set(Origin(address, request_id))
    try:
        yield request_id
    finally:
        _current.reset(token)
