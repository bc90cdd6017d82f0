"""Seals JSON values with the key ring of the settings, each bound to the place where it is kept."""

import json
from functools import lru_cache
from json.encoder import encode_basestring_ascii
from typing import Any

from django.conf import settings
from django.core.exceptions import ImproperlyConfigured
from django.views.decorators.debug import sensitive_variables

from wizard.vault.keyring import BadKey, KeyRing, is_former
from wizard.vault.secret import Secret, laid_open

SAMPLE = (
    "Settings: CREDENTIAL_KEYS: its first key is a sample or was made up, so that others know it or can guess it. "
    "Make one with “openssl rand -base64 32” and put it first; this one stays behind it until all is sealed anew."
)


def key_ring() -> KeyRing:
    """The ring of CREDENTIAL_KEYS. Raises ImproperlyConfigured with a sentence that names the setting."""
    return _key_ring(tuple(settings.CREDENTIAL_KEYS))


@lru_cache(maxsize=4)
def _key_ring(texts: tuple[str, ...]) -> KeyRing:
    try:
        ring = KeyRing(texts)
    except BadKey as error:
        raise ImproperlyConfigured(f"Settings: CREDENTIAL_KEYS: {error}.") from None
    if ring.keys[0].is_sample:
        raise ImproperlyConfigured(SAMPLE)
    return ring


@sensitive_variables()
def seal(value: Any, *place: str) -> bytes:
    """Seals a secret, or a JSON value with secrets in it, for a place: ("connections.baseconnection", uuid, …)."""
    return key_ring().seal(json.dumps(laid_open(value)).encode(), context(place))


@sensitive_variables()
def unseal(sealed: bytes | memoryview, *place: str, former: tuple[str, ...] | None = None) -> Secret:
    """The JSON value that was sealed for this very place; `former` is what values of the former version are bound to,
    where that is another. Raises CannotOpen."""
    sealed = bytes(sealed)
    formerly = context(former) if former and is_former(sealed) else None
    return Secret(json.loads(key_ring().open(sealed, context(place), formerly)))


def context(place: tuple[str, ...]) -> bytes:
    """A place as the key ring takes it, a JSON list: no two places run together."""
    return f"[{', '.join(map(encode_basestring_ascii, place))}]".encode()
