"""Forms that are filled in: a draft goes on, a failed connection is tried again, any other one is cloned.

And one is filled in from a connection string that somebody has pasted.
"""

import re
from collections.abc import Mapping
from itertools import chain, count
from typing import Any

from django.http import Http404, QueryDict

from wizard.access.roles import Role
from wizard.asking import services
from wizard.asking.drafts import held_by
from wizard.asking.wishes import LONGEST_NAME
from wizard.catalog.datatypes import ConnectionSpec
from wizard.connecting.carrying import without_secrets
from wizard.connecting.connect_form import ConnectForm
from wizard.connecting.pasting import read_pasted
from wizard.connection_strings.pattern import ConnectionStringError
from wizard.connections.models import BaseConnection, BaseConnectionQuerySet
from wizard.connections.statuses import NO_NAME_OF_ITS_OWN
from wizard.credentials.auth_form import AuthForm
from wizard.credentials.held import Held
from wizard.pages import Request
from wizard.parsing import uuid_in
from wizard.people.models import User
from wizard.values.shown import field_in_error
from wizard.values.typed import further_keys

LONGEST_WORDS = 300


def row_to_go_on_with(request: Request, source: str) -> BaseConnection | None:
    """The draft that this form goes on with, or the failed connection that it is to try again.

    Raises Http404 where there is none, or another person's draft.
    """
    text = request.GET.get("again", "")
    found = _draft_or_failed(request.user, text, source)
    is_own_form = request.method == "POST" and request.POST.get("submission_id") == text
    is_others = found is None and _named(BaseConnection.objects.exclude(created_by=request.user), text, source)
    if is_own_form and not is_others and not (found and found.can_be_tried_again):
        # A draft that was sent or discarded meanwhile: what was typed for it is a form like any other.
        return None
    if text and found is None:
        raise Http404("No such connection")
    return found


def _draft_or_failed(person: User, text: str, source: str) -> BaseConnection | None:
    """A draft of the person, or any connection in a sandbox in which they may connect."""
    rows = BaseConnection.objects
    return _named(rows.drafts_of(person), text, source) or _named(rows.visible_to(person, Role.CONNECTOR), text, source)


def row_to_clone(request: Request, source: str) -> BaseConnection | None:
    """The connection that this form is to be a clone of. Raises Http404 where there is none."""
    text = request.GET.get("clone", "")
    found = _named(BaseConnection.objects.visible_to(request.user), text, source)
    if text and found is None:
        raise Http404("No such connection")
    return found


def _named(rows: BaseConnectionQuerySet, text: str, source: str) -> BaseConnection | None:
    uuid = uuid_in(text)
    return rows.select_related("organization").filter(uuid=uuid, source=source).first() if uuid else None


def continued(spec: ConnectionSpec, person: User, draft: BaseConnection) -> ConnectForm:
    """The form as it was left, its secrets held."""
    values = {**services.form_values(draft), "submission_id": str(draft.uuid)}
    return ConnectForm(spec, person, values=values, held=held_by(draft), again=draft)


def once_more(spec: ConnectionSpec, person: User, failed: BaseConnection) -> ConnectForm:
    """The form of a failed connection, with what Adobe said at the field that it is about."""
    form = _filled_from(spec, person, failed, again=failed)
    name = field_in_error(failed, form.auth_spec)
    if name and form.auth_spec and form.auth_spec.key == failed.auth_spec_key:
        form.auth.say_at(name, f"Adobe: {failed.error_message[:LONGEST_WORDS]}")
    return form


def cloned(spec: ConnectionSpec, person: User, original: BaseConnection) -> ConnectForm:
    """A new form with all that the other one was made with, secrets aside."""
    return _filled_from(spec, person, original, name=_copy_name(original))


def _filled_from(
    spec: ConnectionSpec, person: User, connection: BaseConnection, again: BaseConnection | None = None, **more: str
) -> ConnectForm:
    values: Mapping[str, Any] = services.form_values(connection)
    extra = further_keys(values)
    confirmed = {**values, **more, "extra": [key for key, _ in extra]}
    form = ConnectForm(spec, person, values=confirmed, held=Held(extra=extra), again=again)
    form.lost_keys = values.get("pasted_secrets", ())
    return form


def from_pasted(
    spec: ConnectionSpec, person: User, data: QueryDict, again: BaseConnection | None = None
) -> ConnectForm:
    """The form with its parts filled in from a pasted connection string; its secrets are held.

    Raises ConnectionStringError, which says why the text cannot be read.
    """
    auth_spec = spec.auth_spec(data.get("auth.specName", ""))
    if auth_spec is None or auth_spec.pasted_param is None:
        raise ConnectionStringError("This authentication type takes no connection string.")
    pasted = read_pasted(spec, auth_spec.pasted_param, data.get("pasted", ""))
    values = {**without_secrets(spec, data), "extra": []}
    values |= {f"{AuthForm.prefix}.{name}": value for name, value in pasted.values.items()}
    form = ConnectForm(spec, person, values=values, held=pasted.held, again=again)
    form.pasted = pasted
    return form


def _copy_name(original: BaseConnection) -> str:
    """“Orders (copy)”, or with the first number that is free in that sandbox."""
    here = {"organization": original.organization_id, "sandbox_name": original.sandbox_name}
    named = BaseConnection.objects.filter(**here).exclude(status__in=NO_NAME_OF_ITS_OWN)
    name = re.sub(r" \(copy(?: \d+)?\)$", "", original.name)
    endings = chain([" (copy)"], (f" (copy {number})" for number in count(2)))
    names = (name[: LONGEST_NAME - len(ending)] + ending for ending in endings)
    return next(found for found in names if not named.filter(name=found).exists())
