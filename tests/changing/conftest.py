"""A connection that exists at the local Flow Service, and what happens to it there behind our back."""

from collections.abc import Callable
from typing import Any

import pytest

from tests.emulator.running import Emulator
from wizard.connections.models import BaseConnection, Change
from wizard.work import changing, following, submitting


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


def send(change: Change) -> Change:
    """As a worker does when the change is due."""
    Change.objects.filter(pk=change.pk).update(due_at=None)
    changing.change(change.pk)
    change.refresh_from_db()
    return change


def edited(connection: BaseConnection, **changes: str) -> dict[str, str]:
    """The form of an edit as a browser sends it: what is there, every secret kept, with changes by field name."""
    values = connection.unseal("form_values")
    typed = {name: str(value or "") for name, value in values.items() if name.startswith("auth.params.")}
    texts = {"name": connection.name, "description": connection.description, "revision": str(connection.revision)}
    return {**typed, **texts, **changes}


def elsewhere(flow_service: Emulator, connection: BaseConnection, operations: list[dict[str, Any]]) -> str:
    """Somebody else changes it at Adobe; the new etag."""
    path = f"/connections/{connection.base_connection_id}"
    etag = flow_service.call("GET", path).json()["items"][0]["etag"]
    answer = flow_service.call("PATCH", path, json=operations, headers={"If-Match": etag})
    assert answer.status_code == 200, answer.text
    return str(answer.json()["etag"])
