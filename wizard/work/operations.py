"""What a PATCH of a connection says: one operation for each key that is to be different, and never a whole block.

https://experienceleague.adobe.com/en/docs/experience-platform/sources/api-tutorials/update
"""

from collections.abc import Iterator, Mapping
from datetime import timedelta
from typing import Any

from django.views.decorators.debug import sensitive_variables

from wizard.connections.models import BaseConnection, Change
from wizard.connections.statuses import Keeps
from wizard.flow_service.datatypes import RemoteConnection
from wizard.flow_service.redaction import texts_in
from wizard.values.sendable import CannotCompose, params_before, wanted_params, with_stand_ins
from wizard.values.typed import DESCRIPTION, NAME, wanted_by
from wizard.vault.secret import Secret, remember

CLOCK_SKEW = timedelta(minutes=2)


@sensitive_variables()
def operations(connection: BaseConnection, wanted: Mapping[str, Any], params: Secret) -> list[dict[str, Any]]:
    """{op, path, value} for all that `wanted` (name, description) and the wanted params have otherwise than the row.

    Where the row's own params do not open, every wanted one is sent; where they are not kept, every secret.
    """
    texts = {NAME: connection.name, DESCRIPTION: connection.description}
    found = [*_changes("", {key: text for key, text in texts.items() if text}, _texts(wanted))]
    return [*found, *_changes("/auth/params", params_before(connection).open(), params.open())]


def _texts(wanted: Mapping[str, Any]) -> dict[str, Any]:
    return {key: wanted[key] for key in (NAME, DESCRIPTION) if wanted[key]}


@sensitive_variables()
def _changes(path: str, old: Mapping[str, Any], new: Mapping[str, Any]) -> Iterator[dict[str, Any]]:
    for key in sorted({*old, *new}):
        place = f"{path}/{key.replace('~', '~0').replace('/', '~1')}"
        if key not in new:
            yield {"op": "remove", "path": place}
        elif key not in old:
            yield {"op": "add", "path": place, "value": new[key]}
        elif old[key] != new[key]:
            yield {"op": "replace", "path": place, "value": new[key]}


@sensitive_variables()
def was_applied(change: Change, connection: BaseConnection, remote: RemoteConnection) -> bool:
    """Whether what Adobe has now is what this change has made of it: all that can be seen, by us, since we sent it."""
    wanted = wanted_by(change.unseal("wanted"))
    params = _seen(connection, wanted).open()
    touched = (name for name in (NAME, DESCRIPTION) if wanted[name] != getattr(connection, name))
    if any(getattr(remote, name) != wanted[name] for name in touched):
        return False
    if any(params.get(key) != value for key, value in remote.auth_params.items() if key in wanted["public"]):
        return False
    is_later = remote.updated_at is None or remote.updated_at >= change.created_at - CLOCK_SKEW
    return is_later and remote.updated_client in ("", connection.organization.client_id)


@sensitive_variables()
def shows(change: Change, connection: BaseConnection) -> bool:
    """Whether something of the change can be seen at Adobe: of secrets alone nothing can."""
    wanted = wanted_by(change.unseal("wanted"))
    paths = [operation["path"] for operation in operations(connection, wanted, _seen(connection, wanted))]
    public = {f"/auth/params/{name}" for name in wanted["public"]}
    return any(not path.startswith("/auth/params/") or path in public for path in paths)


@sensitive_variables()
def _seen(connection: BaseConnection, wanted: Mapping[str, Any]) -> Secret:
    """The wanted params as far as they can be seen at Adobe: no reference has to lead anywhere for that."""
    is_kept = connection.keeps != Keeps.REFERENCES
    return wanted["params"] if is_kept else with_stand_ins(connection, wanted["values"])


@sensitive_variables()
def _sent(connection: BaseConnection, wanted: Mapping[str, Any]) -> Secret:
    try:
        return wanted_params(connection, wanted) if "params" in wanted else Secret({})
    except CannotCompose:
        return Secret({})


@sensitive_variables()
def wanted_secrets(change: Change) -> list[str]:
    """What an answer to the change may quote."""
    wanted = wanted_by(change.unseal("wanted"))
    params = _sent(change.connection, wanted).open()
    found = [text for key, value in params.items() if key not in wanted["public"] for text in texts_in(value)]
    remember(found)
    return found
