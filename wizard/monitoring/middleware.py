"""Around every answer: it is counted, stands in the trace, and as JSON is one line of the log."""

import logging
import time
from collections.abc import Callable

from django.conf import settings
from django.http import HttpRequest, HttpResponse

from wizard.record.context import origin
from wizard.telemetry import metrics, spans
from wizard.telemetry.operations import method_of

log = logging.getLogger("wizard.requests")

LONGEST_PATH = 500


def observe(get_response: Callable[[HttpRequest], HttpResponse]) -> Callable[[HttpRequest], HttpResponse]:
    """Below the middleware that gives each request its id, and above all others."""

    def respond(request: HttpRequest) -> HttpResponse:
        started = time.perf_counter()
        with spans.request(origin().request_id) as describe:
            response = get_response(request)
            seconds, route = time.perf_counter() - started, _route(request)
            metrics.count_request(route, request.method or "", response.status_code, seconds)
            describe(f"{method_of(request.method or '')} {route}", _attributes(request, route, response))
        # A person reads text: a line for each page that was opened would hide what matters.
        if settings.LOG_FORMAT == "json":
            _tell(request, route, response, seconds)
        return response

    return respond


def _route(request: HttpRequest) -> str:
    """The name of an address that we have: paths are endless."""
    if request.resolver_match is not None:
        return request.resolver_match.view_name or "unnamed"
    return "static" if request.path_info.startswith(settings.STATIC_URL) else "unknown"


def _attributes(request: HttpRequest, route: str, response: HttpResponse) -> dict[str, str | int]:
    method = method_of(request.method or "")
    return {"http.request.method": method, "http.route": route, "http.response.status_code": response.status_code}


def _tell(request: HttpRequest, route: str, response: HttpResponse, seconds: float) -> None:
    """Without the query: what is searched for, or a code of single sign-on, is nobody's business."""
    method, path, milliseconds = request.method, request.path[:LONGEST_PATH], round(seconds * 1000)
    # Whoever has not been asked for by now is not fetched for a line of the log.
    person = getattr(request, "_cached_user", None)
    fields = {
        "event": "request",
        "method": method,
        "path": path,
        "route": route,
        "status": response.status_code,
        "duration_ms": milliseconds,
        "person": getattr(person, "pk", None),
        "bytes": _length(response),
        "address": origin().address,
    }
    words = ("%s %s: %s in %d ms", method, path, response.status_code, milliseconds)
    log.info(*words, extra={"fields": fields})


def _length(response: HttpResponse) -> int | None:
    """None for what is sent as it is made."""
    if response.has_header("Content-Length"):
        return int(response["Content-Length"])
    return None if response.streaming else len(response.content)
