"""What the attacks borrow from the rooms that they are about."""

from collections.abc import Iterator

import pytest
from django.core.cache import cache

from tests.sources.conftest import read, synced

__all__ = ["read", "synced"]


@pytest.fixture(autouse=True)
def no_earlier_attempts() -> Iterator[None]:
    """What is counted against one test is not against the next."""
    cache.clear()
    yield
    cache.clear()
