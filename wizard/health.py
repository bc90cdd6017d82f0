"""What a load balancer asks: is the process alive, and can it do its work."""

from django.contrib.auth.decorators import login_not_required
from django.core.exceptions import ImproperlyConfigured
from django.db import DatabaseError
from django.http import HttpRequest, HttpResponse, JsonResponse
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_safe

from wizard.vault import canary


@login_not_required
@never_cache
@require_safe
def live(_request: HttpRequest) -> HttpResponse:
    return HttpResponse("alive\n", content_type="text/plain")


@login_not_required
@never_cache
@require_safe
def ready(_request: HttpRequest) -> HttpResponse:
    """200 when the database answers and the keys open it, else 503. Says which, and nothing more."""
    checks = {"database": True, "keys": True}
    try:
        canary.verify()
    except ImproperlyConfigured:
        checks["keys"] = False
    except DatabaseError:
        checks = {"database": False, "keys": False}
    return JsonResponse(checks, status=200 if all(checks.values()) else 503)
