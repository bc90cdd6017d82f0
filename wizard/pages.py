"""What every page shares: the practice ribbon, the form fields' template, page or fragment or page of trouble."""

import logging
import sys
from datetime import datetime, timedelta
from typing import Any

from django.conf import settings
from django.contrib import messages
from django.db import DatabaseError, connection
from django.forms.renderers import TemplatesSetting
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.template.loader import get_template
from django.utils import timezone
from django.utils.cache import add_never_cache_headers, patch_vary_headers
from django_htmx.middleware import HtmxDetails

from wizard.people.models import User
from wizard.storing import AWAY, Trouble, in_a_line, trouble_of

_log = logging.getLogger(__name__)
# Seconds after which it is worth another try.
RETRY_AFTER = 10
NOT_SAVED = (
    "Nothing was saved, and nothing was sent to Adobe. What you typed is still here; only secrets have to be typed "
    "again. Send it once more in a moment; if that does not help, tell whoever runs this wizard."
)
# Most of what somebody waits for ends within a second; what does not may take long.
SOON, LATER = timedelta(seconds=3), timedelta(seconds=15)


class Request(HttpRequest):
    """A request of somebody who is signed in, as the middleware hands it on."""

    htmx: HtmxDetails
    user: User


class FormRenderer(TemplatesSetting):
    """Draws every field with our own template."""

    field_template_name = "forms/field.html"


def shared(request: HttpRequest) -> dict[str, Any]:
    """For every template: is the Flow Service a local one, does it look into real databases; the nonce of scripts."""
    is_live = settings.PRACTICE and settings.LIVE
    return {"practice": settings.PRACTICE, "practice_is_live": is_live, "csp_nonce": getattr(request, "csp_nonce", "")}


def bad_request(request: HttpRequest, exception: Exception | None = None) -> HttpResponse:  # noqa: ARG001
    return _plain(request, "400.html", 400)


def server_error(request: HttpRequest) -> HttpResponse:
    """Django calls it where the exception is still at hand."""
    error = sys.exc_info()[1]
    trouble = trouble_of(error)
    return _in_trouble(request, trouble, error) if error and trouble else _plain(request, "500.html", 500)


def _in_trouble(request: HttpRequest, trouble: Trouble, error: BaseException) -> HttpResponse:
    """A page, which tries again by itself where that may help; a sentence for a part of one, which stays as it is."""
    _log.warning(in_a_line(error))
    if trouble == AWAY:
        drop_broken_connections()
    if request.headers.get("HX-Request"):
        response = HttpResponse(sentence(trouble), content_type="text/plain; charset=utf-8", status=trouble.status)
    else:
        is_sent = request.method not in ("GET", "HEAD")
        tries_again = RETRY_AFTER if trouble.passes and not is_sent else 0
        response = _plain(
            request, "503.html", trouble.status, trouble=trouble, is_sent=is_sent, tries_again=tries_again
        )
    if trouble.passes:
        response["Retry-After"] = str(RETRY_AFTER)
    add_never_cache_headers(response)
    patch_vary_headers(response, ["HX-Request"])
    # Said above, in one line: while it lasts, each request would add a traceback.
    vars(response).update(_has_been_logged=True)
    return response


def say_not_saved(request: HttpRequest, error: DatabaseError) -> int:
    """A message for the page with the form that could not be saved; the status for that page.

    Raises `error` again where it is no trouble with storing, or no page with anybody's form can be made now.
    """
    trouble = trouble_of(error)
    if trouble is None or trouble == AWAY:
        raise error
    _log.warning(in_a_line(error))
    messages.error(request, f"{trouble.what}. {NOT_SAVED}")
    return trouble.status


def sentence(trouble: Trouble) -> str:
    return f"{trouble.what}. Nothing that was saved is lost; try again in a moment."


def drop_broken_connections() -> None:
    """One that the server has dropped is not the only one: the next requests shall not have to find that out."""
    if pool := getattr(connection, "pool", None):
        pool.check()


def _plain(request: HttpRequest, template: str, status: int, **values: Any) -> HttpResponse:
    """Without the person and their messages: the database may be what broke."""
    return HttpResponse(get_template(template).render(shared(request) | values), status=status)


def page_or_fragment(
    request: Request, template: str, fragment: str, context: dict[str, Any], status: int = 200
) -> HttpResponse:
    """The whole page; for htmx the named partial of it alone."""
    partial = request.htmx and not request.htmx.boosted and not request.htmx.history_restore_request
    response = render(request, f"{template}#{fragment}" if partial else template, context, status=status)
    patch_vary_headers(response, ["HX-Request"])
    return response


def poll_after(*moments: datetime | None) -> str:
    """How long htmx is to wait before it asks again for what took its last step at the latest of these moments."""
    since = timezone.now() - max(moment for moment in moments if moment)
    if timedelta(0) <= since < SOON:
        return "100ms"
    return "300ms" if timedelta(0) <= since < LATER else "1s"
