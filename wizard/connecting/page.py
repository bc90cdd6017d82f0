"""The page with the form of one source: the form, the request that it sends, and connections that lead there too."""

from typing import Any

from django.db import DatabaseError
from django.http import HttpResponse
from django.urls import reverse

from wizard.access.roles import Role
from wizard.approving.waiting import rule_of
from wizard.asking import services
from wizard.asking.drafts import draft_of
from wizard.connecting.connect_form import ConnectForm
from wizard.connecting.drafting import row_to_send
from wizard.connecting.pasting import stand_ins
from wizard.connection_strings.pattern import ConnectionStringError
from wizard.connections.models import BaseConnection
from wizard.connections.statuses import Status
from wizard.credentials.params import shown_params
from wizard.organizations.models import Sandbox
from wizard.pages import Request, page_or_fragment, say_not_saved
from wizard.sources.offered import is_offered, live_since
from wizard.values.request import Preview, body_extras, preview
from wizard.values.shown import explanation
from wizard.values.shown import target as target_of


def form_page(
    request: Request,
    form: ConnectForm,
    *,
    fragment: str = "credentials",
    status: int = 200,
    original: BaseConnection | None = None,
) -> HttpResponse:
    """`original` is the connection that it was cloned from."""
    sandbox = form.details.chosen_sandbox()
    organization = sandbox.organization if sandbox else services.organization_for(request.user)
    context: dict[str, Any] = {
        "spec": form.spec,
        "form": form,
        "address": reverse("connect", args=[form.spec.slug]) if form.is_anew else request.get_full_path(),
        "organization": organization,
        "sandbox": sandbox,
        "is_absent": not is_offered(organization, form.spec.id),
        "live_since": live_since(organization, form.spec.id),
        "original": original,
        "preview": _preview(form, sandbox),
        "alike": [row for row in _alike(form, sandbox) if row != original],
        **_rows(form),
        **rule_of(sandbox, request.user, Role.CONNECTOR),
    }
    return page_or_fragment(request, "connecting/connect.html", fragment, context, status)


def not_saved_page(request: Request, form: ConnectForm, error: DatabaseError) -> HttpResponse:
    """The form with what was typed, secrets aside, where it could not be saved. Raises `error` where that cannot be."""
    return form_page(request, form, status=say_not_saved(request, error))


def _rows(form: ConnectForm) -> dict[str, Any]:
    """The draft that the form is kept as, and the failed connection that it tries again."""
    again = row_to_send(form)
    failed = again if again and again.status != Status.DRAFT else None
    return {
        "draft": draft_of(form.person, form.submission_id),
        "is_continued": form.again is not None and form.again.status == Status.DRAFT,
        "again": failed,
        "again_explanation": explanation(failed),
    }


def _alike(form: ConnectForm, sandbox: Sandbox | None) -> list[BaseConnection]:
    found = services.alike(sandbox, form.spec.id, form.auth_spec, form.typed_values())
    return [connection for connection in found if connection != form.again]


def _preview(form: ConnectForm, sandbox: Sandbox | None) -> Preview | None:
    """None while a value is one that cannot be sent."""
    target = target_of(sandbox.organization, sandbox.name) if sandbox else target_of()
    auth_spec, extra = form.auth_spec, stand_ins(form.auth.extra)
    try:
        params = shown_params(auth_spec, form.auth.wire_values(), (), extra) if auth_spec else {}
    except ConnectionStringError:
        return None
    return preview(
        target,
        {"id": form.spec.id, "version": form.spec.version},
        auth_spec.name if auth_spec else "",
        params,
        name=form.text("name"),
        description=form.text("description"),
        extras=body_extras(form.spec, auth_spec),
        pasted_param=auth_spec.pasted_param.name if auth_spec and auth_spec.pasted_param else "",
    )
