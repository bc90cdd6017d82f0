"""The cast and the stage: alice owns, bob is on the team, charlie must be refused."""

import uuid
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import pytest
from django.test import Client
from hypothesis import HealthCheck, settings

from tests.emulator.running import Emulator, running_emulator
from tests.people.steps import person_with
from wizard.access.roles import Role
from wizard.connections.models import BaseConnection
from wizard.organizations.models import Organization
from wizard.organizations.services import ensure_first_organization
from wizard.people.models import User
from wizard.vault import macs
from wizard.vault.secret import forgetting
from wizard.work import following, submitting

# How long a drawing takes says something about the machine, and nothing about us.
settings.register_profile("house", deadline=None, suppress_health_check=[HealthCheck.too_slow])
settings.load_profile("house")

# Looked for wherever a secret must not be. Quotes and separators make it awkward on purpose.
CANARY = "c4nary;pass'w\"örd="


@pytest.fixture(autouse=True)
def forgotten_keys() -> None:
    """The key of the keyed hashes is that of the test's own database."""
    macs.forget()


@pytest.fixture(autouse=True)
def _forgotten() -> Iterator[None]:
    """What one test opens is not known in the next one."""
    with forgetting():
        yield


@pytest.fixture
def alice(db: None) -> User:
    return User.objects.create_user("alice@example.com", "correct horse battery", is_admin=True)


@pytest.fixture
def bob(organization: Organization) -> User:
    """On the team: a connector in the organization."""
    return person_with(Role.CONNECTOR, organization, "bob@example.com")


@pytest.fixture
def charlie(db: None) -> User:
    """Has an account, and no role anywhere."""
    return User.objects.create_user("charlie@example.com", "correct horse battery")


@pytest.fixture
def signed_in(client: Client, alice: User) -> Client:
    client.force_login(alice)
    return client


@pytest.fixture
def flow_service(tmp_path: Path, settings: Any) -> Iterator[Emulator]:
    """A local Flow Service, and settings that point at it."""
    with running_emulator(tmp_path) as emulator:
        settings.FLOW_SERVICE_URL = emulator.flow_service_url
        settings.SANDBOX_MANAGEMENT_URL = emulator.sandbox_management_url
        settings.IMS_URL = emulator.ims_url
        settings.IMS_ORG_ID = emulator.org
        settings.IMS_CLIENT_ID = emulator.client_id
        settings.IMS_CLIENT_SECRET = emulator.client_secret
        settings.SANDBOX_NAME = emulator.sandbox
        yield emulator


@pytest.fixture
def organization(db: None, flow_service: Emulator) -> Organization:
    return ensure_first_organization()


@pytest.fixture
def filled(organization: Organization) -> Callable[..., dict[str, str]]:
    """The form of a PostgreSQL connection as a browser sends it; keyword arguments change fields."""

    def fill(name: str = "Orders", **changes: str) -> dict[str, str]:
        prefix = "auth.params.connectionString."
        parts = {"SERVER": "db.example.com", "PORT": "5432", "DATABASE": "shop", "USERNAME": "reader"}
        sandbox = organization.sandboxes.get(is_default=True)
        return {
            "submission_id": str(uuid.uuid4()),
            "intent": "create",
            "name": name,
            "description": "",
            "target": str(sandbox.pk),
            "auth.specName": "connection-string",
            **{prefix + part: value for part, value in (parts | {"PASSWORD": CANARY}).items()},
            **changes,
        }

    return fill


@pytest.fixture
def asked_for(signed_in: Client, filled: Callable[..., dict[str, str]]) -> Callable[..., BaseConnection]:
    """A connection that alice has submitted, and that waits for a worker."""

    def ask(name: str = "Orders", **changes: str) -> BaseConnection:
        response = signed_in.post("/connect/postgres/", filled(name, **changes))
        assert response.status_code == 302, response.content.decode()
        return BaseConnection.objects.get(name=name)

    return ask


@pytest.fixture
def connected(asked_for: Callable[..., BaseConnection]) -> Callable[..., BaseConnection]:
    """A connection of that name that Adobe has accepted, and whose state was read."""

    def connect(name: str = "Orders", **changes: str) -> BaseConnection:
        connection = asked_for(name, **changes)
        submitting.submit(connection.pk)
        following.follow(connection.pk)
        connection.refresh_from_db()
        return connection

    return connect


@pytest.fixture
def by_key(connected: Callable[..., BaseConnection]) -> BaseConnection:
    """One whose params are keys of their own at Adobe: server, database, username, password, sslMode."""
    prefix = "auth.params."
    typed = {"server": "db.example.com", "port": "5432", "database": "shop", "username": "reader", "sslMode": "Require"}
    fields = {prefix + name: value for name, value in (typed | {"password": "first-pw"}).items()}
    return connected("By key", **{"auth.specName": "basic-azure", **fields})
