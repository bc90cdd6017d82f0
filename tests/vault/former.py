"""Values as they were sealed before they were bound to a destination."""

import os
from typing import Any

from wizard.connections.models import BaseConnection
from wizard.vault.keyring import FORMER_VERSION, NONCE_BYTES, KeyRing
from wizard.vault.sealing import context, key_ring, unseal


def seal_formerly(ring: KeyRing, plain: bytes, former_context: bytes) -> bytes:
    key, nonce = ring.keys[0], os.urandom(NONCE_BYTES)
    header = FORMER_VERSION + key.id
    return header + nonce + key.cipher.encrypt(nonce, plain, header + former_context)


def former(row: Any, field: str) -> bytes:
    """The row's value in the former version."""
    places = context(row.place(field)), context(row.former_place(field))
    plain = key_ring().open(bytes(getattr(row, field)), *places)
    sealed = seal_formerly(key_ring(), plain, places[1])
    assert unseal(sealed, *row.place(field), former=row.former_place(field)) is not None
    return sealed


def make_former(connection: BaseConnection) -> None:
    """As an upgrade finds it: sealed without a destination, which is not filled in yet."""
    sealed = {field: former(connection, field) for field in ("auth_params", "form_values")}
    BaseConnection.objects.filter(pk=connection.pk).update(destination="", **sealed)
    connection.refresh_from_db()
