"""Refused sign-ins for names that nobody has: from ever new addresses they would fill the record."""

import time

from django.core.cache import cache

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
