"""What is typed is kept as a draft while the form is filled in: what of it, and where one goes on with it."""

from typing import Any

from django.http import QueryDict
from django.urls import reverse
from django.views.decorators.debug import sensitive_variables

from wizard.asking.drafts import RETRIED, draft_of, draft_params, retried_by, save_draft
from wizard.asking.wishes import Wish
from wizard.connecting.connect_form import ConnectForm
from wizard.connections.models import BaseConnection
from wizard.connections.statuses import Status


def address_of(draft: BaseConnection) -> str:
    """Where one goes on with it."""
    return f"{reverse('connect', args=[draft.source])}?again={draft.uuid}"


@sensitive_variables()
def keep_draft(form: ConnectForm, data: QueryDict, *, even_if_empty: bool = False) -> BaseConnection | None:
    """Keeps what stands in a submitted form. None where nothing was typed, or for no sandbox.

    Raises NotNow when the form was sent, or the person has too many drafts.
    """
    wish = _wish(form, data)
    is_wanted = even_if_empty or has_something(form) or draft_of(form.person, form.submission_id)
    if wish is None or not is_wanted:
        return None
    return save_draft(form.person, wish)


@sensitive_variables()
def has_something(form: ConnectForm) -> bool:
    """Whether somebody has typed anything into it."""
    typed = (form.text("name"), form.text("description"), form.carried, form.held)
    return any(typed) or form.auth.is_filled


@sensitive_variables()
def _wish(form: ConnectForm, data: QueryDict) -> Wish | None:
    sandbox = form.details.chosen_sandbox()
    if sandbox is None:
        return None
    form.is_valid()
    secrets = form.auth.clean_secrets()
    name, description = (form.text(field).replace("\0", "") for field in ("name", "description"))
    values = _values(form, data, list(secrets))
    params = draft_params(secrets, form.found_keys)
    about = (name, description, params, values, form.submission_id, form.details.chosen_keeps)
    return Wish(form.spec, form.auth_spec, sandbox, *about)


def _values(form: ConnectForm, data: QueryDict, given: list[str]) -> dict[str, Any]:
    """Not those of the submitted form: what the page showed as a secret stays out, whatever the catalog says by now."""
    shown = ConnectForm.refilled(form.spec, form.person, data)
    values = {**dict(shown.carried), **shown.form_values(given), "extra": form.confirmed}
    retried = row_to_send(form)
    if retried and retried.status == Status.FAILED:
        values[RETRIED] = str(retried.uuid)
    return values


def row_to_send(form: ConnectForm) -> BaseConnection | None:
    """The connection that the form is about: the failed one that it tries again, or its own draft."""
    draft = form.again if form.again and form.again.status == Status.DRAFT else None
    return retried_by(draft, form.person) or draft if draft else form.again
