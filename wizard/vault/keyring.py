"""A ring of AES-256-GCM keys: the first one seals, all of them open. Imports no Django.

A sealed value is version (1 byte) + key id (8) + nonce (12) + ciphertext and tag. Version, key id and the caller's
context are authenticated with it, so that a value opens only at the place that it was sealed for. Values of the former
version open with the former context alone, which said less of the place; nothing is sealed so any more.
NIST SP 800-38D: with random nonces one key is good for 2**32 values.
"""

import base64
import binascii
import hashlib
import os
from collections.abc import Iterable
from dataclasses import dataclass, field
from itertools import pairwise

from cryptography.exceptions import InvalidTag
from cryptography.hazmat.primitives.ciphers.aead import AESGCM

VERSION, FORMER_VERSION = b"\x02", b"\x01"
KEY_BYTES, ID_BYTES, NONCE_BYTES = 32, 8, 12
PREFIX_BYTES = len(VERSION) + ID_BYTES
HEADER_BYTES = PREFIX_BYTES + NONCE_BYTES


class VaultError(Exception):
    """A key or a sealed value that cannot be used. Never holds key or plain text."""


class BadKey(VaultError):
    """A text that is no key."""


class CannotOpen(VaultError):
    """A sealed value whose key is not on the ring, or that was changed, or that belongs elsewhere."""


@dataclass(frozen=True)
class Key:
    """One key and the id that its sealed values carry."""

    id: bytes
    cipher: AESGCM = field(repr=False)
    is_sample: bool = False

    @classmethod
    def from_text(cls, text: str) -> "Key":
        """A key from 32 bytes in base64, of either alphabet. Raises BadKey."""
        digits = text.strip().rstrip("=").replace("-", "+").replace("_", "/")
        try:
            raw = base64.b64decode(digits + "=" * (-len(digits) % 4), validate=True)
        except (binascii.Error, ValueError):
            raw = b""
        if len(raw) != KEY_BYTES:
            raise BadKey("a key is 32 random bytes in base64, as “openssl rand -base64 32” prints them") from None
        key_id = hashlib.sha256(b"connection-wizard key id" + raw).digest()[:ID_BYTES]
        return cls(key_id, AESGCM(raw), is_sample(raw))


def is_sample(raw: bytes) -> bool:
    """Whether somebody made it up: few different bytes, counted up, or text. By chance it happens to no random key."""
    steps = {(byte - before) % 256 for before, byte in pairwise(raw)}
    return len(set(raw)) < KEY_BYTES // 2 or len(steps) < 4 or all(32 <= byte < 127 for byte in raw)


def is_former(sealed: bytes) -> bool:
    """Whether it is of the former version, bound to a context that said less."""
    return sealed[:1] == FORMER_VERSION


class KeyRing:
    """Seals with the first key, opens with any."""

    def __init__(self, texts: Iterable[str]) -> None:
        """Takes keys in base64, the sealing one first. Raises BadKey if there is none or one is wrong."""
        self.keys = [Key.from_text(text) for text in texts]
        if not self.keys:
            raise BadKey("at least one key is needed")
        self._by_id = {key.id: key for key in self.keys}

    def seal(self, plain: bytes, context: bytes) -> bytes:
        """The sealed value; it opens with the same context only."""
        key = self.keys[0]
        nonce = os.urandom(NONCE_BYTES)
        return self.prefix + nonce + key.cipher.encrypt(nonce, plain, self.prefix + context)

    @property
    def prefix(self) -> bytes:
        """What every value begins with that is sealed now: it is current."""
        return VERSION + self.keys[0].id

    def open(self, sealed: bytes, context: bytes, former_context: bytes | None = None) -> bytes:
        """The plain bytes; `former_context` is that of the former version, where it was another. Raises CannotOpen."""
        version, key_id = sealed[:1], sealed[1:PREFIX_BYTES]
        formerly = context if former_context is None else former_context
        key, bound_to = self._by_id.get(key_id), {VERSION: context, FORMER_VERSION: formerly}.get(version)
        if bound_to is None or key is None:
            raise CannotOpen(f"no key {key_id.hex()} on the ring")
        nonce, ciphertext = sealed[PREFIX_BYTES:HEADER_BYTES], sealed[HEADER_BYTES:]
        try:
            return key.cipher.decrypt(nonce, ciphertext, version + key_id + bound_to)
        except (InvalidTag, ValueError):
            raise CannotOpen(f"a value sealed with key {key_id.hex()} was changed or belongs elsewhere") from None
