"""Forms that are not finished: a draft's uuid is the id of its form's submission, so that a form has one draft."""

import uuid
from collections.abc import Mapping
from typing import Any

from django.db import IntegrityError, transaction
from django.utils import timezone
from django.views.decorators.debug import sensitive_variables

from wizard.access.roles import Role
from wizard.asking.wishes import LONGEST_DESCRIPTION, LONGEST_NAME, NotNow, Wish, fill, one_at_a_time
from wizard.catalog.datatypes import AuthSpec
from wizard.connections.models import ASKED_FOR, BaseConnection, Submission
from wizard.connections.statuses import Status
from wizard.credentials.held import NOTHING_HELD, Held
from wizard.credentials.params import Extra, asked
from wizard.people.models import User
from wizard.values.typed import PREFIX, auth_spec_of, typed_values
from wizard.vault.keyring import CannotOpen
from wizard.vault.secret import Secret

# No field is called so: a field's name has no space.
EXTRA = "further keys"
RETRIED = "tries again"
MOST_DRAFTS = 50


@sensitive_variables()
def save_draft(person: User, wish: Wish) -> BaseConnection:
    """Keeps a form that is not finished, its secrets sealed. Raises NotNow if it was submitted meanwhile."""
    try:
        with transaction.atomic():
            one_at_a_time(person)
            if Submission.objects.filter(pk=wish.submission_id).exists():
                raise NotNow("This form was sent already.")
            return _save_draft(person, wish)
    except IntegrityError:
        # The id is that of a row that is no draft of this person.
        raise NotNow("This form was sent already.") from None


@sensitive_variables()
def _save_draft(person: User, wish: Wish) -> BaseConnection:
    draft = draft_of(person, wish.submission_id) or BaseConnection(uuid=wish.submission_id, created_by=person)
    if draft._state.adding and BaseConnection.objects.drafts_of(person).count() >= MOST_DRAFTS:
        raise NotNow(f"You have {MOST_DRAFTS} drafts. Continue or discard one of them to keep another.")
    before = _content(draft)
    draft.status = Status.DRAFT
    fill(draft, wish)
    draft.name, draft.description = draft.name[:LONGEST_NAME], draft.description[:LONGEST_DESCRIPTION]
    if draft.pk and _content(draft) == before:
        # What was found by a check still holds.
        return draft
    draft.stepped_at = timezone.now()
    if not _write(draft):
        raise NotNow("This form was sent already.")
    return draft


@sensitive_variables()
def _content(draft: BaseConnection) -> tuple[Any, ...]:
    """What a change of is a change of the draft."""
    if draft.auth_params is None:
        return ()
    try:
        sealed = (draft.unseal("auth_params"), draft.unseal("form_values"))
    except CannotOpen:
        return ()
    return (
        *sealed,
        draft.name,
        draft.description,
        draft.organization_id,
        draft.sandbox_name,
        draft.auth_spec_key,
        draft.keeps,
    )


def _write(draft: BaseConnection) -> bool:
    if draft._state.adding:
        draft.save()
        return True
    values: Mapping[str, Any] = {name: getattr(draft, name) for name in (*ASKED_FOR, "stepped_at")}
    return BaseConnection.objects.filter(pk=draft.pk, status=Status.DRAFT).update(**values) == 1


def draft_of(person: User, submission_id: uuid.UUID) -> BaseConnection | None:
    """The draft of that form, for the person whose it is."""
    return BaseConnection.objects.drafts_of(person).select_related("organization").filter(uuid=submission_id).first()


def discard_draft(person: User, submission_id: uuid.UUID) -> bool:
    """Forgets it, secrets and all. False if there is none."""
    deleted, _ = BaseConnection.objects.drafts_of(person).filter(uuid=submission_id).delete()
    return deleted > 0


@sensitive_variables()
def draft_params(secrets: Mapping[str, Secret], extra: Extra) -> Secret:
    """Secrets by field name, and the further keys of a pasted connection string, as a draft keeps them."""
    return Secret({**secrets, EXTRA: extra} if extra else secrets)


@sensitive_variables()
def held_by(draft: BaseConnection) -> Held:
    """What its form need not ask for again, as long as it leads to the same place; nothing if it does not open."""
    auth_spec = auth_spec_of(draft)
    params = dict(draft.opened("auth_params").open()) if auth_spec else {}
    if not params:
        return NOTHING_HELD
    extra = params.pop(EXTRA, ())
    return Held.closing(params, extra, destination_of(auth_spec, typed_values(draft)))


def destination_of(auth_spec: AuthSpec | None, typed: Mapping[str, Any]) -> dict[str, Any]:
    """What the fields hold that say where the connection leads, by the names that they have in `typed`."""
    places = (PREFIX + field.name for field in asked(auth_spec) if field.param.destination)
    return {name: typed.get(name) for name in places}


def retried_by(draft: BaseConnection, person: User) -> BaseConnection | None:
    """The failed connection whose form it is, if that can still be tried again, and the person may do that."""
    uuid = typed_values(draft).get(RETRIED)
    rows = BaseConnection.objects.visible_to(person, Role.CONNECTOR).select_related("organization")
    rows = rows.filter(status=Status.FAILED, source=draft.source)
    return rows.filter(uuid=uuid).first() if uuid else None
