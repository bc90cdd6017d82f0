"""One address more: a form whose POST inserts one row. The middleware needs some of the wizard's own."""

from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.middleware.csrf import get_token
from django.urls import path

from tests.bench.floor.models import Row
from wizard.urls import urlpatterns as ours


def row(request: HttpRequest) -> HttpResponse:
    """For somebody who is signed in, as the middleware demands; leads to itself."""
    if request.method == "POST":
        Row.objects.create(name=request.POST["name"])
        return HttpResponseRedirect(request.path)
    return HttpResponse(get_token(request))


urlpatterns = [path("row/", row), *ours]
