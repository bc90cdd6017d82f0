"""Organizations and their sandboxes, and the check of their credentials."""

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.views.decorators.http import require_POST, require_safe

from wizard.organizations.models import Organization
from wizard.organizations.services import check_organization


@require_safe
def organizations(request: HttpRequest) -> HttpResponse:
    found = Organization.objects.prefetch_related("sandboxes")
    return render(request, "organizations/list.html", {"organizations": found})


@require_POST
def check(request: HttpRequest, uuid: str) -> HttpResponse:
    organization = get_object_or_404(Organization.objects.reachable(), uuid=uuid)
    check_organization(organization)
    if not organization.check_error:
        messages.success(request, f"{organization.name}: the credentials work, and its sandboxes are up to date.")
    return redirect("organizations")
