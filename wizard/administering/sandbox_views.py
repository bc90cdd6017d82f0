"""One sandbox: opened for use here by typing its name, closed again, and whether a second person has to approve."""

from uuid import UUID

from django.contrib import messages
from django.http import Http404, HttpResponse
from django.shortcuts import redirect, render
from django.views.decorators.http import require_http_methods

from wizard.administering import looking_after
from wizard.administering.reaching import sandbox_run_by
from wizard.organizations.models import Sandbox
from wizard.pages import Request


@require_http_methods(["GET", "HEAD", "POST"])
def sandbox(request: Request, uuid: UUID, pk: int) -> HttpResponse:
    found = sandbox_run_by(request.user, uuid, pk)
    if request.method == "POST":
        return _changed(request, found)
    return _page(request, found)


def _changed(request: Request, found: Sandbox) -> HttpResponse:
    intent = request.POST.get("intent", "")
    if intent == "open":
        return _opened(request, found)
    if intent == "close":
        looking_after.close_sandbox(request.user, found)
        messages.info(request, f"{found} is closed for use here.")
    elif intent == "approval":
        needed = request.POST.get("needs_approval") == "on"
        looking_after.set_needs_approval(request.user, found, needed)
        messages.success(
            request, f"{found}: {'a second person has to approve' if needed else 'no approval is needed'}."
        )
    else:
        raise Http404("No such operation")
    return redirect("sandbox", found.organization.uuid, found.pk)


def _opened(request: Request, found: Sandbox) -> HttpResponse:
    typed = request.POST.get("name", "")
    try:
        looking_after.confirm_sandbox(request.user, found, typed)
    except looking_after.WrongName:
        return _page(request, found, typed[:300], "This is not its name. Type it as it stands there.", status=422)
    messages.success(request, f"{found} is open: new connections can be made in it.")
    return redirect("organizations")


def _page(request: Request, found: Sandbox, typed: str = "", error: str = "", status: int = 200) -> HttpResponse:
    context = {"sandbox": found, "organization": found.organization, "typed": typed, "error": error}
    return render(request, "administering/sandbox.html", context, status=status)
