"""Which fields decide where a connection leads: to which server or account its secrets are sent."""

import re
from collections.abc import Mapping
from typing import Any

_WORD = re.compile(r"[A-Z]+(?![a-z])|[A-Z]?[a-z]+")
# "port" and "gateway" are places as whole words only: a report and an import are none.
_PLACE = re.compile(
    r"host|server|endpoint|domain|tenant|instance|namespace|(?:ur[il]s?|region|address)$|^(?:port|gateway|proxy|brokers?)$"
)
_SEVERAL_WORDS = re.compile(r"datasource|account(?:name|id)?$")


def looks_like_destination(name: str) -> bool:
    """Whether a name, in any spelling, is one that a server or an account usually goes by."""
    words = [word.lower() for word in _WORD.findall(name)]
    return any(map(_PLACE.search, words)) or bool(_SEVERAL_WORDS.search("".join(words)))


def marks(name: str, label: Mapping[str, Any] | None, *, is_choice: bool) -> tuple[bool, bool]:
    """(destination, identity) of a field that is neither a secret nor a group.

    `label` is what our file says of it. Without one nobody knows what the field is, so that it may be a destination.
    """
    if label is None:
        return not is_choice, False
    identity = label.get("identity", False)
    guess = looks_like_destination(name) and not is_choice and not identity
    return label.get("destination", guess), identity


def mark_fault(name: str, label: Mapping[str, Any], *, is_choice: bool, is_secret: bool, is_group: bool) -> str:
    """What is wrong with the marks of one field of a file; "" for nothing."""
    is_marked = bool(label.keys() & {"destination", "identity"})
    if label.get("destination") and label.get("identity"):
        return "is either destination or identity, not both"
    if is_marked and is_secret:
        return "is a secret, which is neither destination nor identity"
    if is_marked and is_group:
        return "is a group: destination and identity stand on its own fields"
    if not (is_marked or is_secret or is_group or is_choice) and looks_like_destination(name):
        return "looks like a destination and lacks destination, true or false, or identity"
    return ""
