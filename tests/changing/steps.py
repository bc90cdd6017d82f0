"""What a person, a worker and somebody else at Adobe do to a connection that exists."""

from typing import Any

from tests.emulator.running import Emulator
from wizard.connections.models import BaseConnection, Change
from wizard.work import changing


def send(change: Change) -> Change:
    """As a worker does when the change is due."""
    Change.objects.filter(pk=change.pk).update(due_at=None)
    changing.change(change.pk)
    change.refresh_from_db()
    return change


def edited(connection: BaseConnection, **changes: str) -> dict[str, str]:
    """The form of an edit as a browser sends it: what is there, every secret kept, with changes by field name."""
    values = connection.unseal("form_values").open()
    typed = {name: str(value or "") for name, value in values.items() if name.startswith("auth.params.")}
    texts = {"name": connection.name, "description": connection.description, "revision": str(connection.revision)}
    return {"intent": "save", **typed, **texts, **changes}


def elsewhere(flow_service: Emulator, connection: BaseConnection, operations: list[dict[str, Any]]) -> str:
    """Somebody else changes it at Adobe; the new etag."""
    path = f"/connections/{connection.base_connection_id}"
    etag = flow_service.call("GET", path).json()["items"][0]["etag"]
    answer = flow_service.call("PATCH", path, json=operations, headers={"If-Match": etag})
    assert answer.status_code == 200, answer.text
    return str(answer.json()["etag"])
