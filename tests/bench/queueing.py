"""Queues many creates at once, in the wizard that the environment describes: python -m tests.bench.queueing 1000

All of them are asked for as their form asks, in one transaction; prints the moment at which a worker can see them.
"""

import sys
import time
import uuid

import django
from django.db import transaction

django.setup()

from wizard.asking.starting import start_connection  # noqa: E402 - models can be imported only now
from wizard.asking.wishes import Wish  # noqa: E402
from wizard.catalog.loader import load_catalog  # noqa: E402
from wizard.organizations.models import Sandbox  # noqa: E402
from wizard.people.models import User  # noqa: E402
from wizard.vault.secret import Secret  # noqa: E402


def main(number: int) -> None:
    person, sandbox = User.objects.get(), Sandbox.objects.get()
    with transaction.atomic():
        transaction.on_commit(lambda: print(time.time(), flush=True))  # noqa: T201
        for index in range(number):
            start_connection(person, wish(sandbox, f"Queued {index} {uuid.uuid4()}"))


def wish(sandbox: Sandbox, name: str) -> Wish:
    spec = load_catalog().get("postgres")
    assert spec
    auth_spec = next(found for found in spec.auth_specs if found.key == "connection-string")
    parts = {"SERVER": "db.example.com", "PORT": "5432", "DATABASE": "shop", "USERNAME": "reader"}
    params = {"connectionString": "Server=db.example.com;Port=5432;Database=shop;UID=reader;Password=secret"}
    values = {"values": {"auth.params.connectionString": parts}}
    return Wish(spec, auth_spec, sandbox, name, "", Secret(params), values, uuid.uuid4())


if __name__ == "__main__":
    main(int(sys.argv[1]))
