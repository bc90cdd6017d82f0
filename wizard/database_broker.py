"""The task queue as a table of our own database. What does not answer for a while is asked again, and nothing ends."""

import logging
import time

from django.db import DatabaseError
from django_q.brokers.orm import ORM

_log = logging.getLogger(__name__)
PAUSE = 1  # seconds


class Broker(ORM):
    def dequeue(self) -> list[tuple[int, str]] | None:
        """django-q's process ends when this raises, and the next one begins ten seconds later."""
        try:
            return super().dequeue()
        except DatabaseError as error:
            _log.warning("The queue does not answer: %s", str(error).strip().partition("\n")[0])
            time.sleep(PAUSE)
            return None

    def delete(self, task_id: int) -> None:
        """A task that stays in the queue is handed out once more, and finds its row done."""
        try:
            super().delete(task_id)
        except DatabaseError as error:
            _log.warning("A task that is done stays in the queue: %s", str(error).strip().partition("\n")[0])
