"""The reading of an organization's catalog, and the report on what differs from our files."""

from collections.abc import Iterable, Mapping
from datetime import date, datetime

from django.contrib import messages
from django.core.exceptions import PermissionDenied
from django.http import HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils.timezone import localdate
from django.views.decorators.http import require_http_methods, require_safe

from wizard.access.roles import Role
from wizard.access.rules import may, organizations_for
from wizard.catalog.datatypes import Source
from wizard.pages import Request
from wizard.sources.offered import drift_report, first_seen, sync_of
from wizard.sources.services import request_sync


@require_http_methods(["GET", "HEAD", "POST"])
def sync_specs(request: Request, uuid: str) -> HttpResponse:
    """POST has the catalog read. GET shows, inside the organization's page, how that stands."""
    if request.method == "POST":
        return _asked(request, uuid)
    organization = get_object_or_404(organizations_for(request.user).select_related("spec_sync"), uuid=uuid)
    if not request.htmx:
        return redirect("organizations")
    run_here = [organization.pk] if may(request.user, Role.ADMIN, organization) else []
    return render(request, "sources/_sync.html", {"organization": organization, "run_here": run_here})


def _asked(request: Request, uuid: str) -> HttpResponse:
    organization = get_object_or_404(organizations_for(request.user).reachable(), uuid=uuid)
    if not may(request.user, Role.ADMIN, organization):
        raise PermissionDenied
    asked = request_sync(organization)
    messages.info(request, f"{organization.name}: its catalog is being read{'' if asked else ' already'}.")
    return redirect("organizations")


@require_safe
def spec_report(request: Request, uuid: str) -> HttpResponse:
    organization = get_object_or_404(organizations_for(request.user), uuid=uuid)
    report = drift_report(organization)
    context = {
        "organization": organization,
        "sync": sync_of(organization),
        "report": report,
        "unlisted": _by_day(report.unlisted, first_seen(organization)) if report else [],
    }
    return render(request, "sources/report.html", context)


def _by_day(sources: Iterable[Source], seen: Mapping[str, datetime]) -> list[tuple[date, list[Source]]]:
    """The sources that came on one day together, the newest first."""
    found: dict[date, list[Source]] = {}
    for source in sources:
        found.setdefault(localdate(seen.get(source.slug)), []).append(source)
    return sorted(found.items(), reverse=True, key=lambda pair: pair[0])
