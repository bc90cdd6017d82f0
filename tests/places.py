"""As if others waited for Adobe."""

from collections.abc import Iterator
from contextlib import ExitStack, contextmanager

from wizard.values.places import MOST_AT_ONCE, a_place


@contextmanager
def all_places_taken() -> Iterator[None]:
    with ExitStack() as taken:
        for _ in range(MOST_AT_ONCE):
            taken.enter_context(a_place())
        yield
