"""Who looks after a connection's credentials, and when they end."""

from uuid import UUID

from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.views.decorators.http import require_http_methods

from wizard.access.roles import Role
from wizard.administering import looking_after
from wizard.administering.expiry_form import LookedAfterForm
from wizard.connections.reaching import reached
from wizard.pages import Request


@require_http_methods(["GET", "HEAD", "POST"])
def looked_after(request: Request, uuid: UUID) -> HttpResponse:
    found = reached(request.user, uuid, Role.CONNECTOR)
    form = LookedAfterForm(request.POST if request.method == "POST" else None, instance=found, person=request.user)
    if not form.is_valid():
        context = {"form": form, "connection": found}
        return render(request, "administering/connection.html", context, status=422 if form.is_bound else 200)
    looking_after.look_after_connection(request.user, found, form.changed)
    messages.success(request, "Owner and end of the credentials are saved.")
    return redirect(found)
