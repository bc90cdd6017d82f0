"""Adding an organization, changing it, and closing it for new connections."""

from uuid import UUID

from django.conf import settings
from django.contrib import messages
from django.db import IntegrityError
from django.http import Http404, HttpResponse
from django.shortcuts import redirect, render
from django.views.decorators.debug import sensitive_post_parameters
from django.views.decorators.http import require_http_methods, require_POST

from wizard.access.rules import demand_administrator
from wizard.administering import looking_after
from wizard.administering.checking import request_check
from wizard.administering.organization_form import HERE_ALREADY, SECRET, OrganizationForm
from wizard.administering.reaching import run_by
from wizard.organizations.models import Organization
from wizard.pages import Request


@require_http_methods(["GET", "HEAD", "POST"])
@sensitive_post_parameters(SECRET)
def add_organization(request: Request) -> HttpResponse:
    demand_administrator(request.user)
    data = request.POST if request.method == "POST" else None
    form = OrganizationForm(data, person=request.user, initial=_first_values(request))
    if not form.is_valid():
        return _page(request, form)
    try:
        looking_after.add_organization(request.user, form.instance, form.cleaned_data[SECRET])
    except IntegrityError:
        return _taken(request, form)
    request_check(form.instance, request.user)
    messages.success(request, f"{form.instance.name} is added. Its access is being checked.")
    return redirect("organizations")


def _first_values(request: Request) -> dict[str, object]:
    return {"scopes": settings.IMS_SCOPES, "owner": request.user.pk}


@require_http_methods(["GET", "HEAD", "POST"])
@sensitive_post_parameters(SECRET)
def organization(request: Request, uuid: UUID) -> HttpResponse:
    found = run_by(request.user, uuid)
    data = request.POST if request.method == "POST" else None
    form = OrganizationForm(data, person=request.user, instance=found)
    if not form.is_valid():
        return _page(request, form)
    secret = form.cleaned_data.get(SECRET)
    try:
        looking_after.change_organization(request.user, found, form.changed, form.secret_choice, secret)
    except IntegrityError:
        return _taken(request, form)
    messages.success(request, f"{found.name} is saved.")
    return redirect("organizations")


@require_POST
def switch_organization(request: Request, uuid: UUID) -> HttpResponse:
    """Closes it for new connections, or opens it again."""
    found = run_by(request.user, uuid)
    op = request.POST.get("op")
    if op not in ("open", "close"):
        raise Http404("No such operation")
    looking_after.set_open(request.user, found, op == "open")
    messages.info(request, f"{found.name} {'takes new connections again' if op == 'open' else 'is closed'}.")
    return redirect("organization", found.uuid)


def _taken(request: Request, form: OrganizationForm) -> HttpResponse:
    """Somebody else has added it between the look and the write."""
    form.add_error("ims_org_id", HERE_ALREADY)
    return _page(request, form)


def _page(request: Request, form: OrganizationForm) -> HttpResponse:
    found = form.instance
    # What was typed is in the form alone: the page itself shows what is on record.
    saved = Organization.objects.select_related("owner").get(pk=found.pk) if found.pk else None
    context = {
        "form": form,
        "organization": saved,
        "practice_file": settings.PRACTICE_ORGANIZATIONS if settings.STARTS_LOCAL_FLOW_SERVICE else None,
    }
    return render(request, "administering/edit.html", context, status=422 if form.is_bound else 200)
