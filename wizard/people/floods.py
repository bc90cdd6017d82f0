"""Refused sign-ins for names that nobody has: from ever new addresses they would fill the record."""

import time
from datetime import datetime, timedelta

from django.core.cache import cache, caches
from django.core.cache.backends.db import DatabaseCache
from django.db import connection as database

HOUR = 60 * 60
# So many an hour are written one by one; of the others every one whose number is a power of two.
ONE_BY_ONE = 100


def count_one() -> int:
    """How many there were in this hour, with this one; for all processes, and for all addresses, together."""
    key = f"sign-ins-of-nobody:{int(time.time()) // HOUR}"
    count = int(cache.get(key, 0)) + 1
    cache.set(key, count, HOUR)
    return count


def is_told(count: int) -> bool:
    return count <= ONE_BY_ONE or count & (count - 1) == 0


def forget_future_counts(now: datetime) -> None:
    """After the clock was put back: what counts attempts, for an hour at most, would lock people out for longer."""
    if isinstance(caches["default"], DatabaseCache):
        latest = database.ops.adapt_datetimefield_value((now + timedelta(seconds=HOUR)).replace(microsecond=0))
        with database.cursor() as cursor:
            cursor.execute("DELETE FROM cache WHERE expires > %s", [latest])
