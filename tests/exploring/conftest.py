"""Connections to look through, and a local Flow Service behind which there is what a test wants to be there."""

import uuid
from collections.abc import Callable, Iterator
from typing import Any

import pytest
from django.core.cache import cache
from django.test import Client

from tests.catalog.documented_ways import WAYS
from wizard.connections.models import BaseConnection
from wizard.emulator import samples
from wizard.organizations.models import Organization
from wizard.work import following, submitting

HTMX = {"HX-Request": "true"}


@pytest.fixture(autouse=True)
def nothing_kept() -> Iterator[None]:
    cache.clear()
    yield
    cache.clear()


@pytest.fixture
def connected_to(signed_in: Client, organization: Organization) -> Callable[[str], BaseConnection]:
    """A connection of alice's to the source, in the first way that is documented."""

    def connect(source: str) -> BaseConnection:
        way = next(way for way in WAYS if way.source == source)
        sandbox = organization.sandboxes.get(is_default=True)
        fixed = {"submission_id": str(uuid.uuid4()), "intent": "create", "description": "", "target": str(sandbox.pk)}
        fields = {f"auth.params.{name}": value for name, value in way.fields.items()}
        given = {**fixed, "name": f"To {source}", "auth.specName": way.key, **fields}
        answer = signed_in.post(f"/connect/{source}/", given)
        assert answer.status_code == 302, answer.content.decode()
        connection = BaseConnection.objects.get(name=f"To {source}")
        submitting.submit(connection.pk)
        following.follow(connection.pk)
        connection.refresh_from_db()
        return connection

    return connect


@pytest.fixture
def holds(monkeypatch: pytest.MonkeyPatch) -> Callable[[dict[str, Any]], None]:
    """holds({path: {"name", "type", "columns", "rows"}}): those tables stand behind every connection, and no others."""

    def hold(tables: dict[str, Any]) -> None:
        whole = {path: {"type": "table", "rows": [], "columns": []} | table for path, table in tables.items()}
        monkeypatch.setattr(samples, "TABLES", whole)

    return hold


@pytest.fixture
def look(signed_in: Client) -> Callable[..., Any]:
    """look(connection, type=..., object=...): what htmx gets from the page, as alice."""

    def get(connection: BaseConnection, **query: Any) -> Any:
        return signed_in.get(f"/connections/{connection.uuid}/explore/", query, headers=HTMX)

    return get
