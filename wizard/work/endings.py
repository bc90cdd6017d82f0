"""How a change ends: done, refused, or in conflict with what somebody else has done."""

from typing import Any

from django.db import transaction
from django.views.decorators.debug import sensitive_variables

from wizard.connections.models import NOT_TESTED, BaseConnection, Change
from wizard.connections.statuses import ChangeStatus, EventKind, Finding
from wizard.connections.values import DESCRIPTION, NAME
from wizard.flow_service.datatypes import RemoteConnection
from wizard.work.taking_over import keep_values, take_over


@sensitive_variables()
def finish_edit(change: Change, connection: BaseConnection, etag: str) -> None:
    """Adobe has it: the row's values are the wanted ones, and the change forgets them."""
    wanted = change.unseal("wanted")
    texts = {NAME: wanted[NAME], DESCRIPTION: wanted[DESCRIPTION]}
    with transaction.atomic():
        if not change.step(ChangeStatus.DONE, wanted=None):
            return
        # What a test found is about the values of before.
        new = {"etag": etag, "destination": wanted["destination"], **NOT_TESTED}
        keep_values(connection, texts, wanted["params"], wanted["values"], **new)
        connection.keep_finding(Finding.NONE)
        message = f"{', '.join(change.labels)}."
        connection.events.create(kind=EventKind.CHANGED, message=message, actor=change.created_by)


def finish_switch(change: Change, connection: BaseConnection, remote: RemoteConnection) -> None:
    """Its etag is a new one by that; what somebody else has changed beside it is taken over."""
    with transaction.atomic():
        if change.step(ChangeStatus.DONE):
            take_over(connection, remote, is_ours=True)
            BaseConnection.objects.filter(pk=connection.pk).update(remote_state=remote.state[:40])
            message = f"It is {remote.state[:40]} at Adobe now."
            connection.events.create(kind=EventKind.CHANGED, message=message, actor=change.created_by)


def finish_delete(change: Change, connection: BaseConnection) -> None:
    reason = "Adobe has no connection with this ID any more. Its secrets were erased here, too."
    with transaction.atomic():
        if change.step(ChangeStatus.DONE):
            connection.mark_deleted(reason)


def end_in_failure(change: Change, reason: str, **error: Any) -> None:
    """It was not done. What was typed stays with the change, secrets aside."""
    values = {"error_message": reason[:2000], **error}
    _forget_secrets(change)
    with transaction.atomic():
        if change.step(ChangeStatus.FAILED, wanted=change.wanted, **values):
            message = f"{change.get_kind_display()}: {reason}"[:2100]
            change.connection.events.create(kind=EventKind.CHANGE_FAILED, message=message)


def conflict(change: Change, connection: BaseConnection, remote: RemoteConnection) -> None:
    """Somebody else was first: the row becomes what is there now, and the change waits for its person."""
    with transaction.atomic():
        if change.step(ChangeStatus.CONFLICT):
            take_over(connection, remote)
            message = "It was changed at Adobe meanwhile. Nothing was overwritten, and nothing that was typed is lost."
            connection.events.create(kind=EventKind.CONFLICT, message=message)


@sensitive_variables()
def _forget_secrets(change: Change) -> None:
    if change.wanted:
        wanted = change.unseal("wanted")
        change.seal("wanted", {key: wanted[key] for key in (NAME, DESCRIPTION, "values") if key in wanted})
