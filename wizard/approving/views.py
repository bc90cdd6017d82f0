"""Approve, reject, withdraw: one address each, for what waits of a connection, be it the create or the delete."""

import uuid as uuids

from django.contrib import messages
from django.core.exceptions import PermissionDenied
from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.views.decorators.http import require_http_methods, require_POST

from wizard.access.roles import Role
from wizard.approving import services
from wizard.approving.forms import RejectForm
from wizard.approving.waiting import ask_of
from wizard.asking.answering import answer
from wizard.connections.reaching import reached
from wizard.pages import Request


@require_POST
def approve(request: Request, uuid: uuids.UUID) -> HttpResponse:
    connection, key = reached(request.user, uuid, Role.CONNECTOR), request.POST.get("ask", "")
    return answer(request, connection, lambda: services.approve(connection, key, request.user))


@require_POST
def withdraw(request: Request, uuid: uuids.UUID) -> HttpResponse:
    connection, key = reached(request.user, uuid, Role.CONNECTOR), request.POST.get("ask", "")
    return answer(request, connection, lambda: services.withdraw(connection, key, request.user))


@require_http_methods(["GET", "HEAD", "POST"])
def reject(request: Request, uuid: uuids.UUID) -> HttpResponse:
    """Asks for the reason first."""
    connection, is_sent = reached(request.user, uuid, Role.CONNECTOR), request.method == "POST"
    form = RejectForm(request.POST if is_sent else None)
    if form.is_valid():
        key, reason = request.POST.get("ask", ""), form.cleaned_data["reason"]
        return answer(request, connection, lambda: services.reject(connection, key, request.user, reason))
    ask = ask_of(connection)
    if ask is None:
        messages.error(request, services.NOTHING)
        return redirect(connection)
    if not ask.may_be_decided_by(request.user):
        raise PermissionDenied
    # What comes back is about what the person has seen, not about what waits by now.
    key = request.POST.get("ask", "") if is_sent else ask.key
    context = {"ask": ask, "key": key, "form": form, "connection": connection}
    return render(request, "approving/reject.html", context, status=422 if is_sent else 200)
