"""What a load balancer asks, is the process alive, and can it do its work; and the numbers for Prometheus."""

from django.contrib.auth.decorators import login_not_required
from django.http import Http404, HttpRequest, HttpResponse, JsonResponse
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_safe

from wizard.monitoring.numbers import CONTENT_TYPE, exposition
from wizard.monitoring.readiness import is_ready, readiness
from wizard.monitoring.reading import may_read


@login_not_required
@never_cache
@require_safe
def live(_request: HttpRequest) -> HttpResponse:
    return HttpResponse("alive\n", content_type="text/plain")


@login_not_required
@never_cache
@require_safe
def ready(request: HttpRequest) -> HttpResponse:
    """200 when the database answers and the keys open it, else 503; with `?all=1` only when all is well."""
    found = readiness()
    is_well = is_ready(found, all_of_it=request.GET.get("all") == "1")
    return JsonResponse(found, status=200 if is_well else 503)


@login_not_required
@never_cache
@require_safe
def metrics(request: HttpRequest) -> HttpResponse:
    """Who may not read them does not even learn that they are there."""
    if not may_read(request.META.get("REMOTE_ADDR", ""), request.headers):
        raise Http404
    return HttpResponse(exposition(), content_type=CONTENT_TYPE)
