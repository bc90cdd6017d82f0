"""Questions to a database that may not answer: whoever asks waits for so long and no longer."""

import threading
from collections.abc import Callable
from concurrent.futures import Future
from typing import Generic, TypeVar

from django.db import connections

T = TypeVar("T")


class Bounded(Generic[T]):
    """One question, asked in a thread of its own with a connection of its own.

    Those who ask while it is being asked get the same answer: no flood of askers becomes a flood of connections.
    """

    def __init__(self, ask: Callable[[], T]) -> None:
        self._ask = ask
        self._lock = threading.Lock()
        self._asked: Future[T] | None = None

    def answer(self, seconds: float) -> T:
        """The answer, or what the question raises. Raises TimeoutError where neither comes in that time."""
        return self._begun().result(timeout=seconds)

    def _begun(self) -> Future[T]:
        with self._lock:
            if self._asked is None or self._asked.done():
                self._asked = Future()
                # It may hang for minutes in the operating system: the end of the process does not wait for it.
                threading.Thread(target=self._run, args=(self._asked,), daemon=True).start()
            return self._asked

    def _run(self, asked: "Future[T]") -> None:
        try:
            found = self._closing_afterwards()
        except Exception as error:
            asked.set_exception(error)
        else:
            asked.set_result(found)

    def _closing_afterwards(self) -> T:
        try:
            return self._ask()
        finally:
            connections.close_all()
