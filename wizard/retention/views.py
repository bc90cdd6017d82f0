"""What the database holds, how it grows, and what is removed when: for administrators of the installation."""

from django.http import HttpResponse
from django.shortcuts import render
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_safe

from wizard.access.rules import demand_administrator
from wizard.pages import Request
from wizard.retention.overview import overview


@require_safe
@never_cache
def storage(request: Request) -> HttpResponse:
    demand_administrator(request.user)
    return render(request, "retention/storage.html", {"overview": overview()})
