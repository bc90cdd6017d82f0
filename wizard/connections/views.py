"""The pages: home, choose, form, history, one connection. A view decides who may, and what is shown; services do."""

import uuid as uuids
from collections.abc import Callable
from itertools import groupby
from typing import Any

from django.contrib import messages
from django.db.models import Count, Q
from django.http import Http404, HttpResponse, QueryDict
from django.shortcuts import get_object_or_404, redirect, render
from django.views.decorators.debug import sensitive_post_parameters
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from wizard.catalog.connection_string import PartError
from wizard.catalog.datatypes import ConnectionSpec
from wizard.catalog.loader import load_catalog
from wizard.connections import services
from wizard.connections.connect_form import ConnectForm
from wizard.connections.forms import name_taken
from wizard.connections.history import HistoryFilter, page_of
from wizard.connections.models import BaseConnection, ConnectionEvent
from wizard.connections.request import Preview, preview
from wizard.connections.statuses import NEWS, EventKind, Status
from wizard.pages import Request, page_or_fragment
from wizard.people.models import User

SUGGESTED = 6


@require_safe
def home(request: Request) -> HttpResponse:
    counts = BaseConnection.objects.aggregate(
        connected=Count("pk", filter=Q(status=Status.CONNECTED)),
        active=Count("pk", filter=Q(status__in=(Status.WAITING, Status.CONNECTING))),
        attention=Count("pk", filter=Q(status__in=(Status.FAILED, Status.UNKNOWN))),
    )
    context = {
        "counts": counts,
        "recent": BaseConnection.objects.select_related("organization")[:5],
        "activity": ConnectionEvent.objects.filter(kind__in=NEWS)
        .select_related("connection", "actor")
        .order_by("-pk")[:8],
        "suggested": load_catalog().specs[:SUGGESTED],
        "has_more_sources": len(load_catalog().specs) > SUGGESTED,
    }
    return render(request, "home.html", context)


@require_safe
def choose(request: Request) -> HttpResponse:
    query = request.GET.get("q", "").strip()[:200]
    found = [spec for spec in load_catalog().specs if query.lower() in spec.searchable]
    found.sort(key=lambda spec: spec.category_label)
    connected = BaseConnection.objects.filter(status=Status.CONNECTED).values_list("source").annotate(Count("pk"))
    context = {
        "groups": [(label, list(specs)) for label, specs in groupby(found, lambda spec: spec.category_label)],
        "number": len(found),
        "query": query,
        "connected": dict(connected.order_by("source")),
    }
    return page_or_fragment(request, "connections/choose.html", "sources", context)


@require_http_methods(["GET", "HEAD", "POST"])
@sensitive_post_parameters()
def connect(request: Request, source: str) -> HttpResponse:
    """The form of one source. It posts to itself: intent says whether to create, to switch, or to preview."""
    spec = load_catalog().get(source)
    if spec is None:
        raise Http404(f"No source {source}")
    again = _again(request, spec)
    if request.method != "POST" and again and not services.can_try_again(again):
        messages.info(request, "This connection is not failed any more: there is nothing to try again.")
        return redirect(again)
    if request.method != "POST":
        values = services.form_values(again) if again else {}
        return _form_page(request, ConnectForm(spec, values=values, again=again))
    if request.POST.get("intent") in ("switch", "preview"):
        form = ConnectForm.refilled(spec, request.POST, again)
        return _form_page(request, form, fragment="preview" if request.POST["intent"] == "preview" else "credentials")
    return _submitted(request, ConnectForm(spec, data=request.POST, again=again))


def _submitted(request: Request, form: ConnectForm) -> HttpResponse:
    if label := _chosen_anew(request.POST, form):
        messages.info(request, f"These are the fields of “{label}”. Nothing was sent yet.")
        return _form_page(request, ConnectForm.refilled(form.spec, request.POST, form.again))
    return _create(request, form) if form.is_valid() else _form_page(request, form, status=422)


def _chosen_anew(posted: QueryDict, form: ConnectForm) -> str:
    """The label of a type or mode that is chosen while the page showed the fields of another; else nothing."""
    choices = (("auth.specName", "shown.specName", form.auth_choices), ("mode", "shown.mode", form.modes))
    for name, shown, options in choices:
        if name in posted and posted.get(shown, posted[name]) != posted[name]:
            return next((option.label for option in options if option.checked), "")
    return ""


def _again(request: Request, spec: ConnectionSpec) -> BaseConnection | None:
    """The connection that this form is to try again."""
    text = request.GET.get("again", "")
    if not text:
        return None
    try:
        return get_object_or_404(BaseConnection, uuid=uuids.UUID(text), source=spec.slug)
    except ValueError:
        raise Http404("No such connection") from None


@sensitive_post_parameters()
def _create(request: Request, form: ConnectForm) -> HttpResponse:
    details = form.details.cleaned_data
    wish = services.Wish(
        spec=form.spec,
        auth_spec=form.auth_spec,
        sandbox=details["target"],
        name=details["name"],
        description=details["description"],
        params=services.Secrets(form.auth.params),
        form_values=form.form_values(),
        submission_id=form.submission_id,
    )
    try:
        return redirect(services.start_connection(request.user, wish, form.again))
    except services.NameTaken:
        form.details.add_error("name", name_taken(wish.name, wish.sandbox.name))
    except services.SubmittedOtherwise as error:
        form.submission_id = uuids.uuid4()
        made = f"This form was sent already, with other values, and made “{error.connection}”."
        form.details.add_error(None, f"{made} Send it once more to make another connection.")
    except services.NotNow as error:
        form.details.add_error(None, str(error))
    return _form_page(request, form, status=422)


def _form_page(
    request: Request, form: ConnectForm, *, fragment: str = "credentials", status: int = 200
) -> HttpResponse:
    context = {
        "spec": form.spec,
        "form": form,
        "again": form.again,
        "again_explanation": services.explanation(form.again) if form.again else None,
        "preview": _preview(form),
    }
    return page_or_fragment(request, "connections/connect.html", fragment, context, status)


def _preview(form: ConnectForm) -> Preview | None:
    """None while a value is one that cannot be sent."""
    sandbox = form.details.chosen_sandbox()
    target = services.target(sandbox.organization, sandbox.name) if sandbox else services.target()
    name, description = (str(form.details[field].value() or "").strip() for field in ("name", "description"))
    values = form.shown_values()
    try:
        return preview(form.spec, form.auth_spec, form.mode, values, target, name=name, description=description)
    except PartError:
        return None


@require_safe
def history(request: Request) -> HttpResponse:
    filters = HistoryFilter(request.GET)
    page = page_of(filters.rows(), request.GET)
    context = {"filters": filters, "total_is_filtered": filters.is_active, **vars(page)}
    return page_or_fragment(request, "connections/history.html", "results", context)


@require_safe
def connection(request: Request, uuid: uuids.UUID) -> HttpResponse:
    found = get_object_or_404(BaseConnection.objects.select_related("organization", "created_by"), uuid=uuid)
    events = list(found.events.select_related("actor"))
    context: dict[str, Any] = {
        "connection": found,
        "status_label": "Looking it up" if found.is_being_looked_up else found.get_status_display(),
        "events": events,
        "several_fit": _several_fit(found, events),
        "explanation": services.explanation(found),
        "can_try_again": services.can_try_again(found),
        "can_test": services.can_test(found),
        "can_look_again": services.can_look_again(found),
    }
    if not request.htmx:
        request_made = services.request_of(found)
        context["curl"] = request_made.as_curl() if request_made else ""
    return page_or_fragment(request, "connections/detail.html", "status", context)


def _several_fit(connection: BaseConnection, events: list[ConnectionEvent]) -> str:
    """What the last look said, where it has left to a person which connection this is; else nothing."""
    if connection.status != Status.UNKNOWN or connection.is_being_looked_up:
        return ""
    return next((event.message for event in reversed(events) if event.kind == EventKind.LOOKED), "")


@require_POST
def test_connection(request: Request, uuid: uuids.UUID) -> HttpResponse:
    return _ask(request, uuid, services.request_test)


@require_POST
def look_again(request: Request, uuid: uuids.UUID) -> HttpResponse:
    return _ask(request, uuid, services.request_look)


def _ask(request: Request, uuid: uuids.UUID, ask: Callable[[BaseConnection, User], None]) -> HttpResponse:
    found = get_object_or_404(BaseConnection.objects.select_related("organization"), uuid=uuid)
    try:
        ask(found, request.user)
    except services.NotNow as error:
        messages.error(request, str(error))
    return redirect(found)
