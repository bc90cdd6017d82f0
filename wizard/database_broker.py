"""The task queue as a table of our own database. What does not answer for a while is asked again, and nothing ends."""

import logging
import time

from django.db import DatabaseError
from django_q.brokers.orm import ORM

from wizard.storing import in_a_line

_log = logging.getLogger(__name__)
# Seconds, and how often.
PAUSE, TRIES = 1, 30


class Broker(ORM):
    def dequeue(self) -> list[tuple[int, str]] | None:
        """django-q's process ends when this raises, and the next one begins ten seconds later."""
        try:
            return super().dequeue()
        except DatabaseError as error:
            _log.warning("The queue does not answer: %s", in_a_line(error))
            time.sleep(PAUSE)
            return None

    def delete(self, task_id: int) -> None:
        """Of a task that is done. One that stays is handed out once more, and finds nothing to do."""
        for _ in range(TRIES):
            try:
                super().delete(task_id)
                return
            except DatabaseError as error:
                _log.warning("A task that is done is still in the queue: %s", in_a_line(error))
                time.sleep(PAUSE)

    def set_stat(self, key: str, value: str, timeout: int) -> None:
        """Twice a second: who takes the tasks has told of the trouble already."""
        try:
            super().set_stat(key, value, timeout)
        except DatabaseError:
            return
