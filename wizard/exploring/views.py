"""The pages that look into a source. They are drawn at once, and filled as soon as Adobe has answered."""

import uuid as uuids
from typing import Any

from django.contrib import messages
from django.http import HttpResponse, QueryDict
from django.shortcuts import redirect
from django.urls import reverse
from django.utils.http import urlencode
from django.views.decorators.debug import sensitive_post_parameters
from django.views.decorators.http import require_http_methods, require_POST
from django_htmx.http import HttpResponseClientRedirect

from wizard.access.roles import Role
from wizard.connections.models import BaseConnection
from wizard.connections.reaching import reached
from wizard.dataflows.models import Selection
from wizard.exploring import services
from wizard.exploring.choosing import NothingChosen, keep_choice
from wizard.exploring.listing import crumbs
from wizard.exploring.showing import contents_page, listing_page, of_form, selection_of, selections_of
from wizard.exploring.trouble import BUSY_FOR, Trouble
from wizard.exploring.wanting import Asked, Wanted, asked
from wizard.pages import Request, page_or_fragment

TEMPLATE = "exploring/explore.html"
MOST_KEPT = 5  # choices at the root: the next steps offer all of them
NOT_NOW = "There is nothing to explore: the connection does not exist at Adobe now."


@require_http_methods(["GET", "HEAD", "POST"])
@sensitive_post_parameters()
def explore(request: Request, uuid: uuids.UUID) -> HttpResponse:
    """What the address names; by POST the records of a REST source, whose parameters are in no address."""
    connection = reached(request.user, uuid, Role.CONNECTOR)
    if not services.can_be_explored(connection):
        return _nothing_there(request, connection)
    given = request.POST if request.method == "POST" else _address_of(request)
    look = asked(given, "rest" if request.method == "POST" else _first(connection, given))
    context = _about(connection, look)
    if look.wanted is None:
        return _page(request, context, 422 if look.is_wrong else 200)
    try:
        return _page(request, context | _found(request, connection, look, look.wanted, given))
    except services.Cannot as error:
        return _in_trouble(request, context, error.trouble)


def _address_of(request: Request) -> QueryDict:
    """Without what has no place in one: a link must not ask for records, nor an address tell what they are asked by."""
    given = request.GET.copy()
    given.pop("sourceParams", None)
    return given


def _nothing_there(request: Request, connection: BaseConnection) -> HttpResponse:
    """To the connection's page, the whole of it: no part of it has a place here."""
    messages.error(request, NOT_NOW)
    return HttpResponseClientRedirect(connection.get_absolute_url()) if request.htmx else redirect(connection)


def _first(connection: BaseConnection, given: QueryDict) -> str:
    return "" if given.get("type") else services.first_look(connection)


def _found(
    request: Request, connection: BaseConnection, look: Asked, wanted: Wanted, given: QueryDict
) -> dict[str, Any]:
    """What is there; as long as nobody waits for it, that it is on its way."""
    if wanted.is_listing and not given.get("fresh"):
        kept = services.kept_listing(connection, request.user, wanted)
        if kept:
            return listing_page(kept, given)
    if request.method != "POST" and not request.htmx and not given.get("now"):
        return {"is_waiting": True, "now": _with(given, now="1")}
    if wanted.is_listing:
        return listing_page(services.listing(connection, request.user, wanted), given)
    contents = services.contents(connection, request.user, wanted)
    return contents_page(contents, look, given, selection_of(connection, look))


@require_POST
@sensitive_post_parameters()
def choose_columns(request: Request, uuid: uuids.UUID) -> HttpResponse:
    """Reads the columns once more: only what Adobe names can be kept."""
    connection = reached(request.user, uuid, Role.CONNECTOR)
    if not services.can_be_explored(connection):
        return _nothing_there(request, connection)
    look = asked(request.POST, "table")
    context = _about(connection, look)
    if look.wanted is None or look.wanted.is_listing:
        return _page(request, context, 422)
    try:
        return _kept(request, connection, look, look.wanted)
    except services.Cannot as error:
        typed = {"typed": request.POST.getlist("column"), "of_form": of_form(look, request.POST)}
        typed |= {"wants_all": request.POST.get("intent") == "all"}
        return _in_trouble(request, context | typed, error.trouble)


def _kept(request: Request, connection: BaseConnection, look: Asked, wanted: Wanted) -> HttpResponse:
    earlier = selection_of(connection, look)
    contents = services.contents(connection, request.user, wanted)
    keys = None if request.POST.get("intent") == "all" else request.POST.getlist("column")
    text = request.POST.get("find", "")
    try:
        chosen = keep_choice(connection, request.user, look, contents, keys, text=text, earlier=earlier)
    except NothingChosen as error:
        found = contents_page(contents, look, request.POST, earlier)
        context = _about(connection, look) | found | {"choice_error": str(error), "chosen_keys": set()}
        return _page(request, context, 422)
    messages.success(request, f"Kept: {_number(chosen)} of {look.label}.")
    return redirect(_address(connection, look, request.POST))


def _number(chosen: Selection) -> str:
    number = len(chosen.columns)
    return f"{number} column{'' if number == 1 else 's'}"


def _address(connection: BaseConnection, look: Asked, given: QueryDict) -> str:
    """Back to where the choice was made."""
    kept = [(name, value) for name, value in of_form(look, given) if name not in ("sourceParams", "find")]
    return f"{reverse('explore', args=[connection.uuid])}?{urlencode(kept)}"


def _about(connection: BaseConnection, look: Asked) -> dict[str, Any]:
    """What every one of these pages shows."""
    above = crumbs(look.path, is_file=look.type == "file") if look.type in ("folder", "file") else []
    return {
        "connection": connection,
        "look": look,
        "form": look.form,
        "crumbs": above,
        "selections": list(selections_of(connection)[:MOST_KEPT]) if look.type in ("root", "rest") else [],
        "selection": selection_of(connection, look) if look.type in ("table", "file", "rest") else None,
    }


def _with(given: QueryDict, **more: str) -> str:
    changed = given.copy()
    for name, value in more.items():
        changed[name] = value
    return changed.urlencode()


def _in_trouble(request: Request, context: dict[str, Any], trouble: Trouble) -> HttpResponse:
    response = _page(request, {**context, "trouble": trouble}, 503 if trouble.is_busy else 200)
    if trouble.is_busy:
        response.headers["Retry-After"] = str(BUSY_FOR)
    return response


def _page(request: Request, context: dict[str, Any], status: int = 200) -> HttpResponse:
    return page_or_fragment(request, TEMPLATE, "explored", context, status)
