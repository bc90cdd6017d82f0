"""The vault beside AES-GCM alone, in the wizard that the environment describes: python -m tests.bench.sealing 30

Prints one JSON object: for each figure and its floor the seconds of each time.
"""

import json
import os
import sys
import time
from collections.abc import Callable, Iterator
from typing import Any

import django

django.setup()

from cryptography.hazmat.primitives.ciphers.aead import AESGCM  # noqa: E402
from django.conf import settings  # noqa: E402 - models can be imported only now

from wizard.connections.models import BaseConnection  # noqa: E402
from wizard.environment import new_credential_key  # noqa: E402
from wizard.organizations.models import Organization  # noqa: E402
from wizard.people.models import User  # noqa: E402
from wizard.vault.rotation import rotate  # noqa: E402
from wizard.vault.sealing import context, seal, unseal  # noqa: E402
from wizard.vault.secret import forgetting  # noqa: E402

ROWS = 5_000  # of two sealed values each
AT_ONCE = 200
MOST_ROTATIONS = 10
PARAMS = {"connectionString": "Server=db.example.com;Port=5432;Database=shop;UID=reader;Password=correct-horse"}
VALUES = {"auth.params.connectionString.SERVER": "db.example.com", "auth.params.connectionString.PORT": "5432"}
CIPHER = AESGCM(os.urandom(32))


def main(times: int) -> None:
    row = filled(0, Organization.objects.get(), User.objects.get())
    place, plain = row.place("auth_params"), json.dumps(PARAMS).encode()
    found = dict(
        by_turns({"one": lambda: through(place), "one alone": lambda: alone([(plain, context(place))])}, times)
    )
    BaseConnection.objects.bulk_create(all_filled(), batch_size=500)
    sizes = [(json.dumps(value).encode(), context(place)) for value in (PARAMS, VALUES)] * ROWS
    sealed = [(plain, bound, *locked(plain, bound)) for plain, bound in sizes]
    rotations = {"rotate": rotate_all, "rotate alone": lambda: anew(sealed)}
    found |= by_turns(rotations, min(times, MOST_ROTATIONS), at_once=1)
    print(json.dumps(found))  # noqa: T201


def by_turns(calls: dict[str, Callable[[], Any]], times: int, at_once: int = AT_ONCE) -> Iterator[tuple[str, Any]]:
    found: dict[str, list[float]] = {name: [] for name in calls}
    for _ in range(times):
        for name, call in calls.items():
            began = time.perf_counter()
            for _ in range(at_once):
                call()
            found[name].append((time.perf_counter() - began) / at_once)
    yield from found.items()


def through(place: tuple[str, ...]) -> None:
    """As a request does it, which forgets at its end what it has opened."""
    with forgetting():
        unseal(seal(PARAMS, *place), *place).open()


def alone(values: list[tuple[bytes, bytes]]) -> None:
    for plain, bound in values:
        nonce, text = locked(plain, bound)
        CIPHER.decrypt(nonce, text, bound)


def locked(plain: bytes, bound: bytes) -> tuple[bytes, bytes]:
    nonce = os.urandom(12)
    return nonce, CIPHER.encrypt(nonce, plain, bound)


def anew(sealed: list[tuple[bytes, bytes, bytes, bytes]]) -> None:
    for _, bound, nonce, text in sealed:
        locked(CIPHER.decrypt(nonce, text, bound), bound)


def rotate_all() -> None:
    """As the command does it, with a new key ahead of the others."""
    settings.CREDENTIAL_KEYS = [new_credential_key(), *settings.CREDENTIAL_KEYS]
    tally = rotate(batch=200, dry_run=False, tell=lambda _: None)
    assert tally.anew >= 2 * ROWS, tally


def all_filled() -> Iterator[BaseConnection]:
    organization, person = Organization.objects.get(), User.objects.get()
    return (filled(number, organization, person) for number in range(ROWS))


def filled(number: int, organization: Organization, person: User) -> BaseConnection:
    common = {"sandbox_name": "prod", "source": "postgres", "source_label": "PostgreSQL", "status": "connected"}
    common |= {"connection_spec_id": "74a1c565-4e59-48d7-9d67-7c03b8a13137", "destination": f"{number:064}"}
    row = BaseConnection(name=f"Filled {number}", organization=organization, created_by=person, **common)
    row.base_connection_id = f"filled-{number}"
    row.seal("auth_params", PARAMS)
    row.seal("form_values", VALUES)
    return row


if __name__ == "__main__":
    main(int(sys.argv[1]))
