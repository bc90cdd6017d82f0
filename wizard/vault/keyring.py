"""A ring of AES-256-GCM keys: the first one seals, all of them open. Imports no Django.

A sealed value is version (1 byte) + key id (8) + nonce (12) + ciphertext and tag. Version, key id and the caller's
context are authenticated with it, so that a value opens only at the place that it was sealed for.
NIST SP 800-38D: with random nonces one key is good for 2**32 values.
"""

import base64
import binascii
import hashlib
import hmac
import os
from collections.abc import Iterable
from dataclasses import dataclass, field

from cryptography.exceptions import InvalidTag
from cryptography.hazmat.primitives.ciphers.aead import AESGCM

VERSION = b"\x01"
KEY_BYTES, ID_BYTES, NONCE_BYTES = 32, 8, 12
HEADER_BYTES = len(VERSION) + ID_BYTES + NONCE_BYTES


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
    mac: bytes = field(repr=False)

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
        mac = hmac.digest(raw, b"connection-wizard fingerprints", "sha256")
        return cls(hashlib.sha256(b"connection-wizard key id" + raw).digest()[:ID_BYTES], AESGCM(raw), mac)


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
        return VERSION + key.id + nonce + key.cipher.encrypt(nonce, plain, VERSION + key.id + context)

    def open(self, sealed: bytes, context: bytes) -> bytes:
        """The plain bytes. Raises CannotOpen."""
        version, key_id = sealed[:1], sealed[1 : 1 + ID_BYTES]
        key = self._by_id.get(key_id)
        if version != VERSION or key is None:
            raise CannotOpen(f"no key {key_id.hex()} on the ring")
        nonce, ciphertext = sealed[1 + ID_BYTES : HEADER_BYTES], sealed[HEADER_BYTES:]
        try:
            return key.cipher.decrypt(nonce, ciphertext, VERSION + key_id + context)
        except (InvalidTag, ValueError):
            raise CannotOpen(f"a value sealed with key {key_id.hex()} was changed or belongs elsewhere") from None

    def fingerprints(self, plain: bytes) -> list[str]:
        """Keyed hashes that tell whether two texts are the same, and nothing of them; the first is the one to keep.

        HMAC-SHA256 (RFC 2104) by each key, so that what was kept before a new key came is still found.
        """
        return [hmac.digest(key.mac, plain, "sha256").hex() for key in self.keys]
