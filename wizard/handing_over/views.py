"""Next steps of a connection: what is asked, the requests made of it, and the buttons that make it from here."""

import uuid as uuids
from typing import Any
from urllib.parse import urlencode

from django.http import HttpResponse, QueryDict
from django.shortcuts import redirect
from django.urls import reverse
from django.utils.text import slugify
from django.views.decorators.http import require_http_methods, require_safe

from wizard.access.roles import Role
from wizard.access.rules import may
from wizard.connections.models import BaseConnection
from wizard.connections.queries import needs_approval
from wizard.connections.reaching import reached
from wizard.connections.seeing import note_view
from wizard.connections.statuses import NotNow, Status
from wizard.dataflows.models import Resource
from wizard.dataflows.xdm_paths import xdm_paths
from wizard.handing_over import as_curl, as_postman, as_python, way
from wizard.handing_over.choosing import chosen
from wizard.handing_over.making import make, source_for
from wizard.handing_over.next_form import NEEDS, NextStepsForm
from wizard.handing_over.planning import handover_of
from wizard.handing_over.requests import Handover
from wizard.pages import Request, page_or_fragment
from wizard.parsing import uuid_in

LANGUAGES = {"curl": "curl", "python": "Python", "postman": "Postman"}
FILES = {
    "curl": ("sh", "text/plain; charset=utf-8"),
    "python": ("py", "text/plain; charset=utf-8"),
    "postman": ("postman_collection.json", "application/json"),
}
MOST_MAPPED, MOST_MADE = 100, 40
# All that an address takes on: whatever else was sent stays out of it.
SHARED = (*NextStepsForm.base_fields, "as")


@require_http_methods(["GET", "HEAD", "POST"])
def next_steps(request: Request, uuid: uuids.UUID) -> HttpResponse:
    """Its values stand in the address, to be shared; a POST makes something, or leads to such an address."""
    if request.method != "POST":
        found = reached(request.user, uuid)
        note_view(found, request.user)
        return _page(request, _form(found, request.GET), request.GET)
    intent = request.POST.get("intent", "show")
    if intent not in NEEDS or intent == "show":
        reached(request.user, uuid)
        return redirect(f"{request.path}?{_shared(request.POST)}")
    form = _form(reached(request.user, uuid, Role.CONNECTOR), request.POST, intent)
    return _made(request, form) if form.is_valid() else _page(request, form, request.POST, 422)


@require_safe
def download(request: Request, uuid: uuids.UUID, language: str) -> HttpResponse:
    """The requests as a file."""
    found = reached(request.user, uuid)
    note_view(found, request.user)
    handed = handover_of(_form(found, request.GET))
    ending, content_type = FILES[language]
    response = HttpResponse(_written(handed, language, found), content_type=content_type)
    # Not requests.py: a script of that name would import itself in the place of the package.
    name = f"{slugify(found.name)[:60].strip('-') or 'connection'}-dataflow.{ending}"
    response["Content-Disposition"] = f'attachment; filename="{name}"'
    return response


def _written(handed: Handover, language: str, connection: BaseConnection) -> str:
    if language == "postman":
        return as_postman.collection(handed, f"From “{connection.name}” to a dataflow")
    return as_curl.script(handed) if language == "curl" else as_python.script(handed)


def _form(connection: BaseConnection, values: QueryDict, intent: str = "show") -> NextStepsForm:
    """With the defaults where nothing was typed yet."""
    found = chosen(connection, values.get("selection", ""))
    return NextStepsForm(found, values if "name" in values else None, intent)


def _made(request: Request, form: NextStepsForm) -> HttpResponse:
    try:
        made = make(request.user, form, _submission_id(request.POST))
    except NotNow as error:
        form.add_error(None, str(error))
        return _page(request, form, request.POST, 422)
    return redirect("resource", form.chosen.connection.uuid, made.uuid)


def _submission_id(values: QueryDict) -> uuids.UUID:
    return uuid_in(values.get("submission_id", "")) or uuids.uuid4()


def _shared(values: QueryDict, **changes: str) -> str:
    """The query of an address with these values."""
    return urlencode({name: values[name] for name in SHARED if name in values} | changes)


def _page(request: Request, form: NextStepsForm, values: QueryDict, status: int = 200) -> HttpResponse:
    language = values.get("as", "") if values.get("as", "") in LANGUAGES else "curl"
    context = {
        **_connection(request, form),
        **_requests(form, values, language),
        "form": form,
        "submission_id": _submission_id(request.POST),
    }
    response = page_or_fragment(request, "handing_over/next_steps.html", "redrawn", context, status)
    if request.htmx and status == 200:
        response["HX-Replace-Url"] = f"{request.path}?{_shared(values)}"
    return response


def _connection(request: Request, form: NextStepsForm) -> dict[str, Any]:
    found = form.chosen
    connection = found.connection
    resources = list(Resource.objects.with_needs().filter(connection=connection)[:MOST_MADE])
    is_connector = may(request.user, Role.CONNECTOR, connection.organization, connection.sandbox_name)
    return {
        "connection": connection,
        "chosen": found,
        "resources": resources,
        "stations": way.stations(found, resources, form.known("dataset_id") or ""),
        "dataflow": way.dataflow(resources),
        "source_in_use": source_for(found),
        "needs_approval": needs_approval(connection),
        "is_connector": is_connector,
        "can_make": is_connector and connection.status == Status.CONNECTED and connection.is_reachable,
        "mapped": _mapped(form),
    }


def _mapped(form: NextStepsForm) -> dict[str, Any]:
    """What becomes of the columns; of a wide table the first ones."""
    names = [str(column["name"]) for column in form.chosen.columns]
    found = list(xdm_paths(names, form.known("schema_prefix") or "").items())
    return {"columns": found[:MOST_MAPPED], "others": max(0, len(found) - MOST_MAPPED)}


def _requests(form: NextStepsForm, values: QueryDict, language: str) -> dict[str, Any]:
    handed = handover_of(form)
    address = reverse("next_steps", args=[form.chosen.connection.uuid])
    tabs = [(key, label, f"{address}?{_shared(values, **{'as': key})}#requests") for key, label in LANGUAGES.items()]
    return {
        "language": language,
        "language_label": LANGUAGES[language],
        "tabs": tabs,
        "query": _shared(values),
        "download_name": f"next_steps_{language}",
        "missing": handed.missing,
        "steps": [(step, as_curl.command(handed, step)) for step in handed.steps] if language == "curl" else [],
        "whole": "" if language == "curl" else _written(handed, language, form.chosen.connection),
    }
