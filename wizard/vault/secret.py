"""A secret on its way: it shows itself to nobody, and is opened only where it is used. Imports no Django."""

import hmac
import json
from typing import Any, NoReturn


class Secret:
    """Holds a JSON value. Only `open` gives it; text, JSON, pickles and templates are refused with TypeError."""

    __slots__ = ("_value",)

    def __init__(self, value: Any) -> None:
        self._value = value

    def open(self) -> Any:
        """The plain value, for sealing it, for the body of a request, and for what it must be hidden from."""
        return self._value

    def __bool__(self) -> bool:
        return bool(self._value)

    def __eq__(self, other: object) -> bool:
        if not isinstance(other, Secret):
            return NotImplemented
        pair = (json.dumps(side._value, sort_keys=True).encode() for side in (self, other))
        return hmac.compare_digest(*pair)

    __hash__ = None  # type: ignore[assignment]

    def _refuse(self, *_args: Any) -> NoReturn:
        raise TypeError("A secret does not show itself.")

    __str__ = __repr__ = __format__ = __bytes__ = __iter__ = __len__ = __getitem__ = _refuse
    __reduce__ = __reduce_ex__ = __getstate__ = __copy__ = __deepcopy__ = _refuse
