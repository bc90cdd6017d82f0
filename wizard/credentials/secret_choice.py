"""What one does with a stored secret: keep, replace or remove it, said outright; no value stands in for one."""

from collections.abc import Iterator
from typing import NamedTuple

KEEP, REPLACE, REMOVE = "keep", "replace", "remove"
TEMPLATE = "changing/secret.html"
TYPED_AND_KEPT = "You typed a new value, but did not choose “Replace”. Type it again to use it, or choose otherwise."


class Choice(NamedTuple):
    """One of the radio buttons of a secret."""

    value: str
    label: str
    checked: bool


def read_choice(text: object) -> str:
    """One of the three; whatever else was sent keeps what is there."""
    chosen = str(text)
    return chosen if chosen in (KEEP, REPLACE, REMOVE) else KEEP


def forgotten_options(chosen: str, *, may_be_removed: bool) -> Iterator[Choice]:
    """Of a secret that Adobe has and nobody keeps here."""
    yield Choice(REPLACE, "Type it again", chosen == REPLACE)
    if may_be_removed:
        yield Choice(REMOVE, "Remove it", chosen == REMOVE)


def options(chosen: str, *, is_stored: bool, may_be_removed: bool, reference: str = "") -> Iterator[Choice]:
    """`reference` is the name of the one that is stored in its place."""
    kept = f"Keep the reference {reference}" if reference else "Keep the stored one"
    yield Choice(KEEP, kept if is_stored else "Leave it empty", chosen == KEEP)
    yield Choice(REPLACE, "Replace it" if is_stored else "Set it", chosen == REPLACE)
    if is_stored and may_be_removed:
        yield Choice(REMOVE, "Remove it", chosen == REMOVE)
