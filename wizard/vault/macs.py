"""Keyed hashes: HMAC-SHA256 (RFC 2104) under a key that is kept sealed in the database, and outlives every rotation."""

import hmac
import json
import secrets
from typing import Any

from django.db import transaction
from django.views.decorators.debug import sensitive_variables

from wizard.vault.models import MacKey

NAME = "fingerprints and chains"
KEY_BYTES = 32

_known: dict[str, bytes] = {}


@sensitive_variables()
def mac(purpose: str, content: bytes) -> bytes:
    """32 bytes: the same for the same content and purpose, and nothing that can be made or guessed without our keys.

    Each purpose has a key of its own, derived from the one that is kept. Raises CannotOpen.
    """
    return hmac.digest(hmac.digest(_key(), purpose.encode(), "sha256"), content, "sha256")


@sensitive_variables()
def fingerprint(value: Any, purpose: str) -> str:
    """A keyed hash of a JSON value, in hex: tells whether two are the same, and nothing of them. Raises CannotOpen."""
    return mac(purpose, json.dumps(value, sort_keys=True).encode()).hex()


def ensure() -> None:
    """Makes the key where there is none yet. Raises CannotOpen."""
    _key()


def forget() -> None:
    """For tests, whose databases come and go: the next one to ask reads the key."""
    _known.clear()


@sensitive_variables()
def _key() -> bytes:
    if NAME not in _known:
        key = _read_or_made()
        # Not before it is there to stay: a transaction that made it may still be rolled back.
        transaction.on_commit(lambda: _known.update({NAME: key}))
        return key
    return _known[NAME]


@sensitive_variables()
def _read_or_made() -> bytes:
    fresh = MacKey(name=NAME)
    fresh.seal("sealed", secrets.token_hex(KEY_BYTES))
    row, _ = MacKey.objects.get_or_create(name=NAME, defaults={"sealed": fresh.sealed})
    return bytes.fromhex(row.unseal("sealed").open())
