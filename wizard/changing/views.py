"""The pages that change a connection: edit, conflict, switch, delete. Without JavaScript they are the same."""

import uuid as uuids
from typing import Any

from django.contrib import messages
from django.db import DatabaseError
from django.db.models import Count, Q
from django.http import Http404, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.views.decorators.debug import sensitive_post_parameters, sensitive_variables
from django.views.decorators.http import require_http_methods, require_POST

from wizard.access.roles import Role
from wizard.approving.waiting import rule_of
from wizard.asking.answering import answer
from wizard.asking.services import change_under_way
from wizard.asking.wishes import NotNow
from wizard.changing import comparing, services
from wizard.changing.edit_form import EditForm
from wizard.connections.models import BaseConnection, Change
from wizard.connections.reaching import reached
from wizard.connections.seeing import note_view
from wizard.connections.statuses import ChangeKind, ChangeStatus
from wizard.dataflows.models import Resource, ResourceKind, ResourceStatus
from wizard.organizations.models import Sandbox
from wizard.pages import Request, say_not_saved
from wizard.parsing import uuid_in

# What holds on to a base connection at Adobe.
USING = (ResourceKind.SOURCE_CONNECTION, ResourceKind.FLOW)
CATALOG_CHANGED = "The organization’s catalog was read anew, and asks for other secrets now. Type your changes again."


@require_http_methods(["GET", "HEAD", "POST"])
@sensitive_post_parameters()
@sensitive_variables()
def edit(request: Request, uuid: uuids.UUID) -> HttpResponse:
    """The form of what the connection is now; `?mine=` fills in what a change of it wanted."""
    connection = reached(request.user, uuid, Role.CONNECTOR)
    if not connection.can_be_changed:
        messages.error(request, "This connection cannot be changed at the moment.")
        return redirect(connection)
    mine = _mine(request, connection)
    if request.method != "POST":
        note_view(connection, request.user)
        return _edit_page(request, EditForm(connection, values=comparing.wanted_values(mine) if mine else None))
    if request.POST.get("intent") != "save":
        # Nothing is changed but by the button for it.
        return HttpResponse(status=204)
    form = EditForm(connection, data=request.POST, files=request.FILES)
    if form.has_other_secrets:
        messages.info(request, CATALOG_CHANGED)
        return redirect(request.get_full_path())
    return _submitted(request, form, mine) if form.is_valid() else _edit_page(request, form, status=422)


@sensitive_post_parameters()
def _submitted(request: Request, form: EditForm, mine: Change | None) -> HttpResponse:
    try:
        change = services.start_edit(request.user, form)
    except NotNow as error:
        again = " New secrets have to be typed again." if form.replaced else ""
        messages.error(request, f"{error}{again}")
        return _edit_page(request, form, status=422)
    except DatabaseError as error:
        return _edit_page(request, form, status=say_not_saved(request, error))
    if mine:
        # It was taken up again here, and so has come to its end.
        services.withdraw(mine, request.user)
    if change is None:
        messages.info(request, "Nothing is different, so nothing was sent.")
    elif change.status == ChangeStatus.CONFLICT:
        return redirect("change", form.connection.uuid, change.uuid)
    return redirect(form.connection)


def _edit_page(request: Request, form: EditForm, status: int = 200) -> HttpResponse:
    context = {
        "connection": form.connection,
        "form": form,
        "spec": form.connection.spec,
        "busy": change_under_way(form.connection),
        "mine": request.GET.get("mine", ""),
    }
    return render(request, "changing/edit.html", context, status=status)


def _mine(request: Request, connection: BaseConnection) -> Change | None:
    """The change whose values the form takes up again."""
    text = request.GET.get("mine", "")
    return _change(connection, text) if text else None


@require_http_methods(["GET", "HEAD", "POST"])
@sensitive_variables()
def change(request: Request, uuid: uuids.UUID, change_uuid: uuids.UUID) -> HttpResponse:
    """Two changes that met: what each of them says, and what to do."""
    connection = reached(request.user, uuid, Role.CONNECTOR)
    found = _change(connection, str(change_uuid))
    if found.status != ChangeStatus.CONFLICT:
        return redirect(connection)
    if request.method == "POST":
        return _decided(request, found)
    note_view(connection, request.user)
    return render(request, "changing/conflict.html", comparing.comparison(found))


def _decided(request: Request, found: Change) -> HttpResponse:
    if request.POST.get("intent") == "discard":
        services.withdraw(found, request.user)
        messages.info(request, "Your change was discarded. The connection is as the others left it.")
        return redirect(found.connection)
    try:
        services.apply_on_top(found, request.user)
    except NotNow as error:
        messages.error(request, str(error))
        return redirect("change", found.connection.uuid, found.uuid)
    return redirect(found.connection)


@require_POST
def discard(request: Request, uuid: uuids.UUID, change_uuid: uuids.UUID) -> HttpResponse:
    """Forgets a change that failed."""
    connection = reached(request.user, uuid, Role.CONNECTOR)
    services.withdraw(_change(connection, str(change_uuid)), request.user)
    return redirect(connection)


@require_POST
def switch(request: Request, uuid: uuids.UUID) -> HttpResponse:
    kinds = {"enable": ChangeKind.ENABLE, "disable": ChangeKind.DISABLE}
    kind = kinds.get(request.POST.get("op", ""))
    if kind is None:
        raise Http404("No such operation")
    connection = reached(request.user, uuid, Role.CONNECTOR)
    return answer(request, connection, lambda: services.start_switch(request.user, connection, kind))


@require_http_methods(["GET", "HEAD", "POST"])
def delete(request: Request, uuid: uuids.UUID) -> HttpResponse:
    connection = reached(request.user, uuid, Role.ADMIN)
    if not connection.can_be_changed:
        messages.error(request, "This connection cannot be deleted at the moment.")
        return redirect(connection)
    sandbox = Sandbox.objects.filter(organization=connection.organization, name=connection.sandbox_name).first()
    context: dict[str, Any] = {"connection": connection, "busy": change_under_way(connection), "typed": "", "error": ""}
    context |= {**rule_of(sandbox, request.user, Role.ADMIN), "used_by": _uses(connection)}
    if request.method != "POST":
        return render(request, "changing/delete.html", context)
    typed = request.POST.get("name", "")
    try:
        services.start_delete(request.user, connection, typed)
    except NotNow as error:
        return render(request, "changing/delete.html", {**context, "typed": typed, "error": str(error)}, status=422)
    return redirect(connection)


def _uses(connection: BaseConnection) -> dict[str, int]:
    """What Adobe has made of it, asked from here: how many of each kind."""
    made = Resource.objects.filter(connection=connection, status=ResourceStatus.MADE)
    counts = made.aggregate(**{kind.value: Count("pk", filter=Q(kind=kind)) for kind in USING})
    return {kind.label.lower(): counts[kind.value] for kind in USING if counts[kind.value]}


def _change(connection: BaseConnection, text: str) -> Change:
    found = connection.changes.select_related("connection__organization", "created_by")
    return get_object_or_404(found, uuid=uuid_in(text))
