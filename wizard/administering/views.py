"""The list of organizations, and the check of their credentials."""

from uuid import UUID

from django.contrib import messages
from django.db.models import Prefetch, QuerySet
from django.http import HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.views.decorators.http import require_http_methods, require_safe

from wizard.access.rules import organizations_for, organizations_run_by, sandboxes_for
from wizard.administering.checking import request_check
from wizard.administering.reaching import run_by
from wizard.organizations.models import Organization
from wizard.pages import Request


@require_safe
def organizations(request: Request) -> HttpResponse:
    context = {"organizations": _seen_by(request), "run_here": _run_here(request)}
    return render(request, "administering/list.html", context)


@require_http_methods(["GET", "HEAD", "POST"])
def check(request: Request, uuid: UUID) -> HttpResponse:
    """POST has the credentials checked. GET shows, inside the organization's page, how that stands."""
    if request.method == "POST":
        organization = run_by(request.user, uuid, Organization.objects.reachable())
        asked = request_check(organization, request.user)
        messages.info(request, f"{organization.name}: its access is being checked{'' if asked else ' already'}.")
        return redirect("organizations")
    organization = get_object_or_404(_seen_by(request), uuid=uuid)
    if not request.htmx:
        return redirect("organizations")
    context = {"organization": organization, "run_here": _run_here(request)}
    return render(request, "administering/_access.html", context)


def _seen_by(request: Request) -> QuerySet[Organization]:
    sandboxes = Prefetch("sandboxes", sandboxes_for(request.user))
    return organizations_for(request.user).select_related("owner", "spec_sync").prefetch_related(sandboxes)


def _run_here(request: Request) -> set[int]:
    """Keys of the organizations that the person may change."""
    return set(organizations_run_by(request.user).values_list("pk", flat=True))
