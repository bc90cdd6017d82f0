"""Drafts on their own: listed to go on with, checked without creating anything, discarded."""

import uuid as uuids

from django.contrib import messages
from django.http import Http404, HttpResponse
from django.shortcuts import redirect, render
from django.views.decorators.debug import sensitive_post_parameters
from django.views.decorators.http import require_POST, require_safe
from django_htmx.http import replace_url

from wizard.asking import services
from wizard.asking.drafts import discard_draft, draft_of
from wizard.asking.wishes import NotNow
from wizard.connecting.connect_form import ConnectForm
from wizard.connecting.drafting import address_of, keep_draft
from wizard.connecting.page import form_page
from wizard.connections.models import BaseConnection
from wizard.pages import Request

KEPT = "Draft saved. Secrets in it are encrypted, and it is erased after a week."
NOTHING = "Nothing was typed yet: there is no draft to save."
NO_SANDBOX = "Choose a sandbox first."


@sensitive_post_parameters()
def kept(request: Request, form: ConnectForm) -> HttpResponse:
    """The answer to a form that is posted to be kept as it is."""
    try:
        draft = keep_draft(form, request.POST)
    except NotNow as error:
        if request.htmx:
            return render(request, "connecting/_draft.html", {"trouble": str(error)})
        return _as_it_was(request, form, str(error))
    if request.htmx:
        return _shown(request, draft, "connecting/_draft.html") if draft else HttpResponse(status=204)
    if draft is None:
        return _as_it_was(request, form, NOTHING if form.details.chosen_sandbox() else NO_SANDBOX)
    messages.success(request, KEPT)
    return redirect(address_of(draft))


@sensitive_post_parameters()
def checked(request: Request, form: ConnectForm) -> HttpResponse:
    """The answer to a form that is posted to be checked: kept, and its test queued."""
    try:
        draft, trouble = keep_draft(form, request.POST, even_if_empty=True), NO_SANDBOX
        if draft:
            services.request_test(draft, request.user)
    except NotNow as error:
        draft, trouble = None, str(error)
    if draft is None:
        if request.htmx:
            return render(request, "connecting/_check.html", {"trouble": trouble})
        return _as_it_was(request, form, trouble)
    if request.htmx:
        draft.refresh_from_db()
        return _shown(request, draft, "connecting/_checked.html")
    return redirect(f"{address_of(draft)}#check")


@sensitive_post_parameters()
def _as_it_was(request: Request, form: ConnectForm, trouble: str) -> HttpResponse:
    """The form with what was typed, secrets aside, and why it was not kept."""
    messages.error(request, trouble)
    return form_page(request, ConnectForm.refilled(form.spec, request.user, request.POST, form.again))


def _shown(request: Request, draft: BaseConnection, template: str) -> HttpResponse:
    """A fragment; from now on a reload goes on with the draft."""
    return replace_url(render(request, template, {"draft": draft, "is_live": True}), address_of(draft))


@require_safe
def check_draft(request: Request, uuid: uuids.UUID) -> HttpResponse:
    """How far the check of a draft is."""
    draft = draft_of(request.user, uuid)
    if draft is None:
        raise Http404("No such draft")
    if not request.htmx:
        return redirect(f"{address_of(draft)}#check")
    return render(request, "connecting/_check.html", {"draft": draft})


@require_POST
def discard(request: Request, uuid: uuids.UUID) -> HttpResponse:
    if not discard_draft(request.user, uuid):
        raise Http404("No such draft")
    messages.success(request, "The draft is discarded, with the secrets that were in it.")
    return redirect("choose" if request.POST.get("next") == "choose" else "home")
