"""A secret on its way: it shows itself to nobody, and is opened only where it is used. Imports no Django.

What was opened is known while a request or a task lasts, so that no log line and no error report repeats it.
"""

import hmac
import json
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from contextvars import ContextVar
from typing import Any, NoReturn

MOST_KNOWN = 200
_known: ContextVar[tuple[Any, ...]] = ContextVar("known secrets", default=())


class Secret:
    """Holds a JSON value. Only `open` gives it; text, JSON, pickles and templates are refused with TypeError."""

    __slots__ = ("_value",)

    def __init__(self, value: Any) -> None:
        self._value = value

    def open(self) -> Any:
        """The plain value, for sealing it, for the body of a request, and for what it must be hidden from."""
        remember(_bare(self._value))
        return self._value

    # A template calls what it finds: this it leaves alone.
    open.alters_data = True  # type: ignore[attr-defined]

    def parts(self) -> "dict[str, Secret]":
        """Of an object: each of its values, a secret still, by its name; of anything else nothing."""
        value = self._value if isinstance(self._value, Mapping) else {}
        return {name: inner if isinstance(inner, Secret) else Secret(inner) for name, inner in value.items()}

    parts.alters_data = True  # type: ignore[attr-defined]

    def __bool__(self) -> bool:
        return bool(self._value)

    def __eq__(self, other: object) -> bool:
        if not isinstance(other, Secret):
            return NotImplemented
        pair = (json.dumps(_bare(side), sort_keys=True).encode() for side in (self, other))
        return hmac.compare_digest(*pair)

    __hash__ = None  # type: ignore[assignment]

    def _refuse(self, *_args: Any) -> NoReturn:
        raise TypeError("A secret does not show itself.")

    __str__ = __repr__ = __format__ = __bytes__ = __iter__ = __len__ = __getitem__ = __contains__ = _refuse
    __reduce__ = __reduce_ex__ = __getstate__ = __copy__ = __deepcopy__ = _refuse


def laid_open(value: Any) -> Any:
    """A JSON value with every Secret in it opened, for those who may call `open`."""
    if isinstance(value, Secret):
        return laid_open(value.open())
    if isinstance(value, Mapping):
        return {name: laid_open(inner) for name, inner in value.items()}
    return [laid_open(inner) for inner in value] if isinstance(value, list | tuple) else value


def _bare(value: Any) -> Any:
    """As `laid_open`, for a comparison: nobody gets to see it."""
    if isinstance(value, Secret):
        return _bare(value._value)
    if isinstance(value, Mapping):
        return {name: _bare(inner) for name, inner in value.items()}
    return [_bare(inner) for inner in value] if isinstance(value, list | tuple) else value


# --- What was opened ---


def remember(value: Any) -> None:
    """From now on, and as long as this request or task lasts, the value is kept out of log lines and reports."""
    if value not in (None, "", {}, []):
        _known.set((*_known.get(), value)[-MOST_KNOWN:])


def known() -> tuple[Any, ...]:
    """What was opened in this request or task."""
    return _known.get()


@contextmanager
def forgetting() -> Iterator[None]:
    """At its end all that was opened inside is forgotten."""
    token = _known.set(_known.get())
    try:
        yield
    finally:
        _known.reset(token)
