"""From where the request comes that is being answered, for the events that are written meanwhile."""

import secrets
import uuid
from collections.abc import Iterator
from contextlib import contextmanager
from contextvars import ContextVar
from dataclasses import dataclass


@dataclass(frozen=True)
class Origin:
    """The first two are empty in a worker, and in a command.

    `cause` is the id of the request that all of it began with: of the one that is being answered, or of the one by
    which somebody has asked for what a worker does now.
    """

    address: str | None = None
    request_id: str = ""
    cause: str = ""


NOWHERE = Origin()

_current: ContextVar[Origin] = ContextVar("origin", default=NOWHERE)
_last_call: ContextVar[str] = ContextVar("last_call", default="")


def origin() -> Origin:
    return _current.get()


@contextmanager
def answering(address: str | None) -> Iterator[str]:
    """Events written inside come from that address; gives the new id of the request."""
    request_id = uuid.uuid4().hex
    with _coming_from(Origin(address, request_id, request_id)):
        yield request_id


@contextmanager
def caused_by(request_id: str) -> Iterator[None]:
    """What is done inside was asked for by that request, which was answered long ago; by none where it is empty."""
    with _coming_from(Origin(cause=request_id)):
        yield


@contextmanager
def _coming_from(found: Origin) -> Iterator[None]:
    token, last = _current.set(found), _last_call.set("")
    try:
        yield
    finally:
        _current.reset(token)
        _last_call.reset(last)


def new_call_id() -> str:
    """For one call to Adobe, which gets it as `x-request-id`: it begins with the id of the request, if there is one."""
    cause = origin().cause
    call_id = f"{cause}-{secrets.token_hex(2)}" if cause else str(uuid.uuid4())
    _last_call.set(call_id)
    return call_id


def last_call_id() -> str:
    """The id of the last call that was made meanwhile; empty where there was none."""
    return _last_call.get()
