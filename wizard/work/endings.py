"""How a change ends: done, refused, or in conflict with what somebody else has done."""

from typing import Any

from django.db import transaction
from django.utils import timezone
from django.views.decorators.debug import sensitive_variables

from wizard.connections.changes import AT_WORK
from wizard.connections.models import NOT_TESTED, BaseConnection, Change
from wizard.connections.statuses import ChangeStatus, Finding
from wizard.flow_service.datatypes import RemoteConnection
from wizard.record.kinds import Kind
from wizard.values.typed import DESCRIPTION, NAME, wanted_by
from wizard.work.taking_over import keep_values, take_over

MET = "It was changed at Adobe meanwhile. Nothing was overwritten, and nothing that was typed is lost."
PERHAPS_OURS = "It was changed at Adobe meanwhile: perhaps by this very change, whose answer was lost."


@sensitive_variables()
def finish_edit(change: Change, connection: BaseConnection, etag: str) -> None:
    """Adobe has it: the row's values are the wanted ones, and the change forgets them."""
    wanted = wanted_by(change.unseal("wanted"))
    texts = {NAME: wanted[NAME], DESCRIPTION: wanted[DESCRIPTION]}
    message = f"{', '.join(change.labels)}."
    with transaction.atomic():
        # Whatever became of the row since it was read: Adobe took it under its etag, so this is what is there now.
        rows = BaseConnection.objects.select_for_update(of=("self",)).select_related("organization")
        row = rows.get(pk=connection.pk)
        if change.step(ChangeStatus.DONE, AT_WORK, Kind.CHANGED, message, change.created_by, wanted=None):
            # What a test found is about the values of before.
            values = {"credentials_changed_at": timezone.now()} if wanted["secrets"] or wanted["removed"] else {}
            keep_values(row, texts, wanted["params"], wanted["values"], etag=etag, **NOT_TESTED, **values)
            row.keep_finding(Finding.NONE)
            _forget_failed(row)


def finish_switch(change: Change, connection: BaseConnection, remote: RemoteConnection) -> None:
    """Its etag is a new one by that; what somebody else has changed beside it is taken over."""
    message = f"It is {remote.state[:40]} at Adobe now."
    with transaction.atomic():
        if change.step(ChangeStatus.DONE, AT_WORK, Kind.CHANGED, message, change.created_by):
            take_over(connection, remote, is_ours=True)
            BaseConnection.objects.filter(pk=connection.pk).update(remote_state=remote.state[:40])
            _forget_failed(connection)


def _forget_failed(connection: BaseConnection) -> None:
    """What failed before something else succeeded waits for nobody any more."""
    failed = connection.changes.filter(status=ChangeStatus.FAILED)
    failed.update(status=ChangeStatus.WITHDRAWN, wanted=None)


def finish_delete(change: Change, connection: BaseConnection) -> None:
    reason = "Adobe has no connection with this ID any more. Its secrets were erased here, too."
    with transaction.atomic():
        if change.step(ChangeStatus.DONE, AT_WORK, None):
            connection.mark_deleted(reason)


def end_in_failure(change: Change, reason: str, **error: Any) -> bool:
    """It was not done. What was typed stays with the change, secrets aside."""
    values = {"error_message": reason[:2000], "wanted": _without_secrets(change), **error}
    message = f"{change.get_kind_display()}: {reason}"
    return change.step(ChangeStatus.FAILED, AT_WORK, Kind.CHANGE_FAILED, message, **values)


def conflict(change: Change, connection: BaseConnection, remote: RemoteConnection) -> None:
    """Somebody else was first: the row becomes what is there now, and the change waits for its person."""
    with transaction.atomic():
        words = PERHAPS_OURS if change.may_be_done else MET
        if change.step(ChangeStatus.CONFLICT, AT_WORK, Kind.CONFLICT, words):
            take_over(connection, remote)


@sensitive_variables()
def _without_secrets(change: Change) -> Any:
    """What is kept of a change that failed; nothing of one that does not open."""
    wanted = wanted_by(change.opened("wanted"))
    if not wanted:
        return None
    change.seal("wanted", {key: wanted[key] for key in (NAME, DESCRIPTION, "values") if key in wanted})
    return change.wanted
