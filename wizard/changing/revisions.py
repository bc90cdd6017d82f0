"""What a connection's values were at an earlier revision, secrets aside: each change keeps what was before it."""

from typing import Any

from django.views.decorators.debug import sensitive_variables

from wizard.connections.models import BaseConnection, Change
from wizard.connections.statuses import ChangeStatus
from wizard.values.typed import typed_values, values_before


def changes_since(connection: BaseConnection, revision: int) -> list[Change]:
    """Those that were made of it since then, oldest first."""
    done = connection.changes.filter(status=ChangeStatus.DONE, revision__gte=revision).exclude(before=None)
    return list(done.select_related("connection__organization", "created_by").order_by("revision", "pk"))


@sensitive_variables()
def values_at(connection: BaseConnection, revision: int) -> dict[str, Any]:
    """What the form's values were at that revision; those of now, where nothing else is known."""
    since = changes_since(connection, revision) if revision < connection.revision else []
    return (values_before(since[0]) if since else {}) or typed_values(connection)
