"""Takes over what somebody else has changed at Adobe: the record says what is, and older edits are in conflict."""

from typing import Any

from django.db import IntegrityError, transaction
from django.views.decorators.debug import sensitive_variables

from wizard.connections.models import BaseConnection, Change
from wizard.connections.statuses import ChangeKind, ChangeStatus, Keeps, Status
from wizard.flow_service.datatypes import RemoteConnection
from wizard.flow_service.errors import one_line
from wizard.record.kinds import Kind
from wizard.values.destinations import destination_hash
from wizard.values.typed import (
    DESCRIPTION,
    NAME,
    auth_spec_of,
    differing,
    labels,
    typed_values,
    with_remote_params,
    with_remote_values,
)
from wizard.vault.secret import Secret


@sensitive_variables()
def take_over(connection: BaseConnection, remote: RemoteConnection, *, is_ours: bool = False) -> bool:
    """Makes the row what Adobe has. False where that is what it is, or where the row has moved on since it was read.

    `is_ours`: the new etag comes from what we did ourselves, and is no news unless something can be seen.
    """
    if remote.etag in ("", connection.etag):
        return False
    auth_spec, before = auth_spec_of(connection), typed_values(connection)
    texts = {NAME: one_line(remote.name)[:255] or connection.name, DESCRIPTION: one_line(remote.description)[:1000]}
    now = {**with_remote_values(auth_spec, before, remote.auth_params), **texts}
    named = labels(auth_spec)
    changed = [named[name] for name in differing(auth_spec, before, now)]
    values = {"etag": remote.etag, "remote_state": remote.state[:40]}
    if is_ours and not changed:
        return _update(connection, **values)
    ours = connection.opened("auth_params")
    # Of what does not open Adobe's values would be only a part.
    params = Secret({}) if connection.is_unreadable else with_remote_params(auth_spec, ours, remote.auth_params)
    with transaction.atomic():
        theirs = _theirs(connection, before, changed)
        if not keep_values(connection, texts, params, now, **values):
            return False
        theirs.save()
        connection.events.create(kind=Kind.THEIRS, message=_words(changed))
    return True


def _theirs(connection: BaseConnection, before: dict[str, Any], changed: list[str]) -> Change:
    revision, done = connection.revision, ChangeStatus.DONE
    theirs = Change(connection=connection, kind=ChangeKind.THEIRS, status=done, revision=revision, labels=changed)
    theirs.seal("before", before)
    return theirs


def _words(changed: list[str]) -> str:
    found = f"Different now: {', '.join(changed)}." if changed else "Nothing that can be seen is different."
    return f"Somebody else has changed the connection at Adobe. {found} Secrets may have been changed, too."


@sensitive_variables()
def keep_values(
    connection: BaseConnection, texts: dict[str, str], params: Secret, typed: dict[str, Any], **values: Any
) -> bool:
    """Sets the row's values, and counts its revision up; False if the row has moved on since it was read.

    A name that another row has taken first stays as it was. So do sealed values that do not open, unless there are new
    ones for all of them: their key may come back.
    """
    if params or not connection.is_unreadable:
        values |= _sealed(connection, params, typed)
    values |= {"description": texts[DESCRIPTION], "revision": connection.revision + 1}
    try:
        with transaction.atomic():
            return _update(connection, name=texts[NAME], **values)
    except IntegrityError:
        message = f"Adobe has it as “{texts[NAME]}”. Another connection has that name here, so it keeps its old one."
        connection.events.create(kind=Kind.STATE, message=message)
        return _update(connection, **values)


@sensitive_variables()
def _sealed(connection: BaseConnection, params: Secret, typed: dict[str, Any]) -> dict[str, Any]:
    """Both fields are bound to the destination, so they are sealed after it is set, and are kept together with it."""
    place = (connection.organization, connection.connection_spec_id, auth_spec_of(connection))
    connection.destination = destination_hash(*place, typed)
    connection.seal("auth_params", params if connection.keeps == Keeps.SEALED else Secret({}))
    if connection.keeps == Keeps.NOTHING:
        connection.auth_params = None
    connection.seal("form_values", {key: value for key, value in typed.items() if key not in (NAME, DESCRIPTION)})
    connection.is_unreadable = False
    return {name: getattr(connection, name) for name in ("destination", "auth_params", "form_values", "is_unreadable")}


def _update(connection: BaseConnection, **values: Any) -> bool:
    """One conditional UPDATE: what was read a while ago must not undo an edit, or bring back what was erased."""
    known = {"status": Status.CONNECTED, "etag": connection.etag, "revision": connection.revision}
    if not BaseConnection.objects.filter(pk=connection.pk, **known).update(**values):
        return False
    for name, value in values.items():
        setattr(connection, name, value)
    return True
