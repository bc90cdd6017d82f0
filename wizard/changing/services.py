"""What a person can ask for of a connection that exists. Each keeps the change and queues it; none waits for Adobe."""

from typing import Any

from django.db import IntegrityError, transaction
from django.views.decorators.debug import sensitive_variables

from wizard.asking.services import note_approval_asked
from wizard.asking.wishes import NotNow
from wizard.changing.comparing import wanted_values
from wizard.changing.edit_form import REMOVE, EditForm
from wizard.connections import tasks
from wizard.connections.models import BaseConnection, Change
from wizard.connections.queries import needs_approval
from wizard.connections.statuses import ChangeKind, ChangeStatus, Keeps
from wizard.credentials.referring import REFERENCE
from wizard.people.models import User
from wizard.record.kinds import Kind
from wizard.values.typed import DESCRIPTION, NAME, PREFIX, differing, leads_elsewhere, public_params, wanted_by
from wizard.vault.keyring import CannotOpen

BUSY = "Another change of this connection is under way. Wait until it has come to its end."
TYPE_AGAIN = (
    "The connection leads to another place by now, and the secrets that you typed were meant for the former one. "
    "Open the form with your values, and type them again."
)
TOGETHER = "Your changes and the others do not go together. Open the form with your values to see what is wrong."


@sensitive_variables()
def start_edit(person: User, form: EditForm) -> Change | None:
    """A valid form as a change; None where nothing is different. In conflict, where the form was opened before the
    connection was changed last: nothing is sent then, and what was typed is kept.

    Raises NotNow.
    """
    connection = form.connection
    changed = [*form.labels_of(_names(form)), *(f"{key} left out" for key in form.lost_keys)]
    if not changed or _is_done_already(form):
        return None
    change = _new(person, connection, ChangeKind.EDIT, changed)
    change.revision = form.revision
    change.seal("before", form.opened_with)
    change.seal("wanted", _wanted(form))
    if form.revision != connection.revision:
        change.status = ChangeStatus.CONFLICT
    return _keep(change)


@sensitive_variables()
def _is_done_already(form: EditForm) -> bool:
    """True for the same form once more, after it has done its work."""
    if form.revision == form.connection.revision:
        return False
    wanted = {name: form.values.get(name) for name in differing(form.auth_spec, form.opened_with, form.values)}
    is_there = not differing(form.auth_spec, {**form.now, **wanted}, form.now)
    return (
        is_there
        and not form.removed
        and all(form.stored.secrets.get(name) == secret for name, secret in form.replaced.items())
    )


def _names(form: EditForm) -> list[str]:
    secrets = [PREFIX + name for name in (*form.replaced, *form.removed)]
    return [*differing(form.auth_spec, form.opened_with, form.values), *secrets]


@sensitive_variables()
def _wanted(form: EditForm) -> dict[str, Any]:
    """What the worker sends and keeps: the texts, auth.params, and what of them is no secret; and what was typed."""
    auth_spec, values = form.auth_spec, form.values
    about_secrets = {"given": form.auth.given_secrets()} if auth_spec else {}
    return {
        NAME: values[NAME],
        DESCRIPTION: values[DESCRIPTION],
        "values": {**form.now, **values, **about_secrets},
        "params": form.params,
        "sends_secrets": form.sends_secrets,
        "public": sorted(public_params(auth_spec)),
        "secrets": form.replaced,
        "removed": form.removed,
    }


def start_switch(person: User, connection: BaseConnection, kind: ChangeKind) -> Change:
    """Has the connection enabled or disabled. Raises NotNow."""
    return _keep(_new(person, connection, kind, []))


def start_delete(person: User, connection: BaseConnection, typed_name: str) -> Change:
    """Has the connection deleted at Adobe, once its name was typed, and approved where the sandbox asks for that.

    Raises NotNow.
    """
    if typed_name.strip() != connection.name.strip():
        raise NotNow("Type the connection’s name exactly as it stands above to delete it.")
    return _keep(_new(person, connection, ChangeKind.DELETE, []))


def _new(person: User, connection: BaseConnection, kind: ChangeKind, labels: list[str]) -> Change:
    if not connection.can_be_changed:
        raise NotNow("This connection cannot be changed at the moment.")
    revision = connection.revision
    return Change(connection=connection, kind=kind, created_by=person, revision=revision, labels=labels)


def _keep(change: Change) -> Change:
    try:
        with transaction.atomic():
            if change.kind == ChangeKind.DELETE and needs_approval(change.connection):
                change.status = ChangeStatus.APPROVAL
            change.save()
            _tell(change, change.created_by)
    except IntegrityError:
        raise NotNow(BUSY) from None
    return change


def _tell(change: Change, person: User | None) -> None:
    events = change.connection.events
    if change.status == ChangeStatus.CONFLICT:
        message = "The connection was changed after the form was opened. Nothing was sent."
        events.create(kind=Kind.CONFLICT, message=message, actor=person)
        return
    words = f"{change.get_kind_display()}: {', '.join(change.labels)}" if change.labels else change.get_kind_display()
    events.create(kind=Kind.CHANGE_ASKED, message=f"{words}.", actor=person)
    if change.status == ChangeStatus.APPROVAL:
        note_approval_asked(change.connection, person)
    else:
        tasks.change_later(change.pk)


# --- Conflicts ---


@sensitive_variables()
def apply_on_top(change: Change, person: User) -> Change:
    """Sends what its person has changed, and only that, over what the connection is now, as a change of its own.

    Raises NotNow where it does not go together, or where the secrets were typed for another place.
    """
    try:
        wanted = wanted_by(change.unseal("wanted"))
    except CannotOpen:
        raise NotNow("What was typed cannot be read any more. Discard this change, and type it again.") from None
    if change.status != ChangeStatus.CONFLICT or not change.connection.can_be_changed:
        raise NotNow("There is nothing to apply any more.")
    form = _merged_form(change, wanted)
    if wanted["secrets"] and leads_elsewhere(form.auth_spec, wanted["values"], form.values):
        raise NotNow(TYPE_AGAIN)
    if not form.is_valid():
        raise NotNow(TOGETHER)
    with transaction.atomic():
        if not change.step(ChangeStatus.WITHDRAWN, (ChangeStatus.CONFLICT,), None, wanted=None):
            raise NotNow("There is nothing to apply any more.")
        again = start_edit(person, form)
    return again or change


@sensitive_variables()
def _merged_form(change: Change, wanted: dict[str, Any]) -> EditForm:
    """The form as if its person had opened it now, and made the same changes."""
    choices = {f"choice.{PREFIX}{name}": REMOVE for name in wanted["removed"]}
    data = {**wanted_values(change), **choices, "revision": change.connection.revision}
    if change.connection.keeps == Keeps.REFERENCES:
        references = wanted["values"].get("references", {})
        data |= {f"{REFERENCE}{PREFIX}{name}": references[name] for name in wanted["secrets"]}
    return EditForm(change.connection, data=data, replaced=wanted["secrets"])


def withdraw(change: Change, person: User) -> bool:
    """Forgets a change that is in conflict or has failed, with all that was typed for it."""
    origins = (ChangeStatus.CONFLICT, ChangeStatus.FAILED)
    message = f"{change.get_kind_display()}."
    return change.step(ChangeStatus.WITHDRAWN, origins, Kind.WITHDRAWN, message, person, wanted=None)
