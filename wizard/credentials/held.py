"""Secrets that need not be typed, since they were pasted or stand in a draft: they wait in their own form, sealed.

The browser holds the sealed text, and only the same person can use it, in the same form and for the same way to
authenticate, for some hours, or as long as the draft lasts.
"""

import base64
import binascii
import time
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any

from django.views.decorators.debug import sensitive_variables

from wizard.connection_strings.meanings import is_harmless
from wizard.credentials.params import Extra
from wizard.vault.keyring import CannotOpen
from wizard.vault.sealing import seal, unseal
from wizard.vault.secret import Secret

LASTS = 12 * 3600  # seconds
# As long as the draft itself: a tab may stay open over night.
LASTS_WITH_DRAFT = 7 * 24 * 3600


@dataclass(frozen=True)
class Held:
    """`secrets` by field name; `extra` are keys that the pattern has no place for, what may be a secret closed.

    Those of a draft count only for its `destination`: what its fields held that say where the connection leads.
    """

    secrets: Mapping[str, Secret] = field(default_factory=dict, repr=False)
    extra: Extra = field(default=(), repr=False)
    destination: Mapping[str, Any] | None = field(default=None, repr=False)

    @classmethod
    @sensitive_variables()
    def closing(
        cls,
        secrets: Mapping[str, Any],
        extra: Iterable[Sequence[str]] = (),
        destination: Mapping[str, Any] | None = None,
    ) -> "Held":
        """From plain values: each secret is closed, and so is every further key that may be one."""
        further = tuple((key, value if is_harmless(key) else Secret(value)) for key, value in extra)
        return cls(Secret(secrets).parts(), further, destination)

    def __bool__(self) -> bool:
        return bool(self.secrets or self.extra)

    @property
    def words(self) -> str:
        """What is said at the field of such a secret."""
        if self.destination is None:
            return "Taken from what you pasted. Leave it empty to use that."
        return "Kept with your draft, encrypted. Leave it empty to use it."


NOTHING_HELD = Held()


@sensitive_variables()
def to_text(held: Held, *place: str) -> str:
    """Sealed, for a hidden input; empty if nothing is held."""
    if not held:
        return ""
    lasts = LASTS if held.destination is None else LASTS_WITH_DRAFT
    content = {"until": time.time() + lasts, "secrets": held.secrets, "extra": held.extra}
    content["destination"] = held.destination
    return base64.b64encode(seal(content, "held", *place)).decode()


@sensitive_variables()
def from_text(text: str, *place: str) -> Held:
    """What such a text holds; nothing if it belongs elsewhere, was changed, or is too old."""
    try:
        found = unseal(base64.b64decode(text, validate=True), "held", *place).open() if text else None
    except (binascii.Error, ValueError, CannotOpen):
        return NOTHING_HELD
    if not found or found["until"] < time.time():
        return NOTHING_HELD
    return Held.closing(found["secrets"], found["extra"], found.get("destination"))


def harmless(extra: Extra) -> Extra:
    """Those further keys of a connection string whose values are certainly no secrets."""
    return tuple((key, value) for key, value in extra if is_harmless(key))
