"""Secrets that need not be typed, since they were pasted or stand in a draft: they wait in their own form, sealed.

The browser holds the sealed text, and only the same person can use it, in the same form and for the same way to
authenticate, for some hours, or as long as the draft lasts.
"""

import base64
import binascii
import time
from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any

from django.views.decorators.debug import sensitive_variables

from wizard.connection_strings.meanings import is_harmless
from wizard.credentials.params import Extra
from wizard.vault.keyring import CannotOpen
from wizard.vault.sealing import seal, unseal

LASTS = 12 * 3600  # seconds
# As long as the draft itself: a tab may stay open over night.
LASTS_WITH_DRAFT = 7 * 24 * 3600


@dataclass(frozen=True)
class Held:
    """`secrets` by field name; `extra` are keys that the pattern has no place for. Its repr shows none of them.

    Those of a draft count only for its `destination`: what its fields held that say where the connection leads.
    """

    secrets: Mapping[str, Any] = field(default_factory=dict, repr=False)
    extra: Extra = field(default=(), repr=False)
    destination: Mapping[str, Any] | None = field(default=None, repr=False)

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
    content = {"until": time.time() + lasts, "secrets": dict(held.secrets), "extra": held.extra}
    content["destination"] = held.destination
    return base64.b64encode(seal(content, "held", *place)).decode()


@sensitive_variables()
def from_text(text: str, *place: str) -> Held:
    """What such a text holds; nothing if it belongs elsewhere, was changed, or is too old."""
    try:
        content = unseal(base64.b64decode(text, validate=True), "held", *place) if text else None
    except (binascii.Error, ValueError, CannotOpen):
        return NOTHING_HELD
    if not content or content["until"] < time.time():
        return NOTHING_HELD
    extra = tuple((key, value) for key, value in content["extra"])
    return Held(content["secrets"], extra, content.get("destination"))


def harmless(extra: Extra) -> Extra:
    """Those further keys of a connection string whose values are certainly no secrets."""
    return tuple((key, value) for key, value in extra if is_harmless(key))
