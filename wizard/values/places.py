"""How many requests of people may wait for Adobe at once: a slow source must not take all threads of a web process."""

from collections.abc import Iterator
from contextlib import contextmanager
from threading import BoundedSemaphore

from wizard.flow_service.explanations import Explanation

MOST_AT_ONCE = 3
BUSY = Explanation(what="Others are looking right now.", who="you", next="Try again in a moment.")

_free = BoundedSemaphore(MOST_AT_ONCE)


class NoneFree(Exception):
    """As many wait as may."""


@contextmanager
def a_place() -> Iterator[None]:
    """One of the places, as long as it lasts. Raises NoneFree, at once, where there is none."""
    if not _free.acquire(blocking=False):
        raise NoneFree
    try:
        yield
    finally:
        _free.release()
