"""What the attacks borrow from the rooms that they are about."""

from tests.sources.conftest import read, synced

__all__ = ["read", "synced"]
