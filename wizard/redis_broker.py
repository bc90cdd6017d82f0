"""Redis as the task queue, for TASK_BROKER_URL. It may be away or emptied at any time: the database knows what waits.

Tasks are signed with SECRET_KEY and hold ids only; who reads along learns nothing, and what somebody else puts there
is not carried out.
"""

import logging
import time
from functools import cache

from django.conf import settings
from django_q.brokers import redis_broker
from redis import Redis
from redis.backoff import NoBackoff
from redis.exceptions import RedisError
from redis.retry import Retry

_log = logging.getLogger(__name__)
# Seconds: for a new connection, and for an answer, which the queue delays for one second while it is empty.
CONNECT_TIMEOUT, TIMEOUT, PAUSE = 2, 5, 1


class Broker(redis_broker.Redis):
    def enqueue(self, task: str) -> int:
        """The length of the queue; 0 when Redis took nothing, which the sweep makes good."""
        try:
            return int(super().enqueue(task))
        except RedisError as error:
            _log.warning("Redis took no task: %s", error)
            return 0

    def dequeue(self) -> list[tuple[None, bytes]] | None:
        try:
            return super().dequeue()
        except RedisError as error:
            _log.warning("Redis does not answer: %s", error)
            time.sleep(PAUSE)
            return None

    def queue_size(self) -> int:
        """One task at least, while nobody knows: then nothing is queued anew in haste."""
        try:
            return int(super().queue_size())
        except RedisError:
            return 1

    def ping(self) -> bool:
        """A worker starts without Redis, too, and waits for it."""
        try:
            return bool(self.connection.ping())
        except RedisError:
            return False

    def set_stat(self, key: str, value: str, timeout: int) -> None:
        """Twice a second: who takes the tasks has told of the trouble already."""
        try:
            super().set_stat(key, value, timeout)
        except RedisError:
            return

    @staticmethod
    def get_connection(list_key: str | None = None) -> Redis:  # noqa: ARG004
        return _client(settings.TASK_BROKER_URL)


@cache
def _client(url: str) -> Redis:
    """Shared by all threads, and made anew by each fork. It tries once: somebody waits for the page."""
    once = Retry(NoBackoff(), 0)
    return Redis.from_url(url, socket_connect_timeout=CONNECT_TIMEOUT, socket_timeout=TIMEOUT, retry=once)
