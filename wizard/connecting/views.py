"""The form of one source: shown, switched, filled in from a pasted string, previewed, and sent."""

import uuid as uuids

from django.contrib import messages
from django.http import Http404, HttpResponse, QueryDict
from django.shortcuts import get_object_or_404, redirect, render
from django.views.decorators.debug import sensitive_post_parameters
from django.views.decorators.http import require_http_methods
from django_htmx.http import reswap, retarget

from wizard.catalog.datatypes import ConnectionSpec
from wizard.connecting.connect_form import ConnectForm
from wizard.connecting.details_form import name_taken
from wizard.connecting.pasting import stand_ins
from wizard.connection_strings.pattern import ConnectionStringError
from wizard.connections import services
from wizard.connections.models import BaseConnection
from wizard.connections.request import Preview, body_extras, preview
from wizard.connections.shown import explanation
from wizard.connections.shown import target as target_of
from wizard.connections.wishes import NameTaken, NotNow, Secrets, SubmittedOtherwise, Wish, start_connection
from wizard.credentials.params import shown_params
from wizard.organizations.models import Organization, Sandbox
from wizard.pages import Request, page_or_fragment
from wizard.sources.offered import connection_spec, is_offered, live_since, sources

GONE = "The organization’s catalog no longer has the authentication type that was chosen. Choose one of these."

CHANGED = "The organization’s catalog was read anew, and asks for other secrets now. Type them again."


@require_http_methods(["GET", "HEAD", "POST"])
@sensitive_post_parameters()
def connect(request: Request, source: str) -> HttpResponse:
    """The form of one source. It posts to itself: intent says whether to create, switch, fill in or preview."""
    again = _again(request, source)
    target = request.POST.get("target", "")
    named = request.GET.get("organization", "")
    organization = again.organization if again and not target else services.organization_for(target, named)
    spec = connection_spec(organization, source)
    if spec is None:
        return _broken(request, organization, source)
    if spec.instead:
        return render(request, "connecting/instead.html", {"spec": spec})
    if request.method != "POST":
        return _first_page(request, spec, again, organization)
    intent = request.POST.get("intent", "")
    if intent == "paste":
        return _filled_in(request, spec, again)
    if intent in ("switch", "preview"):
        form = ConnectForm.refilled(spec, request.user, request.POST, again)
        return _form_page(request, form, fragment="preview" if intent == "preview" else "credentials")
    return _submitted(request, ConnectForm(spec, request.user, data=request.POST, files=request.FILES, again=again))


def _broken(request: Request, organization: Organization | None, source: str) -> HttpResponse:
    """A source of the organization's catalog that no form can be made of; any other one is not found."""
    for offered in sources(organization):
        if offered.slug == source and offered.fault and not request.htmx:
            context = {"spec": offered, "organization": organization}
            return render(request, "connecting/instead.html", context, status=422 if request.method == "POST" else 200)
    raise Http404(f"No source {source}")


def _first_page(
    request: Request, spec: ConnectionSpec, again: BaseConnection | None, organization: Organization | None
) -> HttpResponse:
    if again is None:
        sandbox = organization.sandboxes.filter(is_open=True).first() if organization else None
        return _form_page(request, ConnectForm(spec, request.user, values={"target": sandbox.pk if sandbox else ""}))
    if not services.can_try_again(again):
        messages.info(request, "This connection is not failed any more: there is nothing to try again.")
        return redirect(again)
    form = ConnectForm.once_more(spec, request.user, again, services.form_values(again))
    if not form.offers_what_was_chosen:
        messages.info(request, GONE)
    return _form_page(request, form)


@sensitive_post_parameters()
def _filled_in(request: Request, spec: ConnectionSpec, again: BaseConnection | None) -> HttpResponse:
    try:
        form = ConnectForm.filled_in(spec, request.user, request.POST, again)
    except ConnectionStringError as error:
        form = ConnectForm.refilled(spec, request.user, request.POST, again)
        form.paste_error = str(error)
        if not request.htmx:
            return _form_page(request, form, status=422)
        # In place of the box alone: what was typed beside it stays, secrets too.
        answer = render(request, "connecting/_paste.html", {"form": form})
        return reswap(retarget(answer, "#paste"), "outerHTML")
    return _form_page(request, form)


def _submitted(request: Request, form: ConnectForm) -> HttpResponse:
    if request.POST.get("pasted", "").strip() and form.takes_a_string:
        # What was pasted is shown in its parts before anything is sent.
        return _filled_in(request, form.spec, form.again)
    if words := _chosen_otherwise(request.POST, form):
        messages.info(request, f"{words} Nothing was sent yet.")
        return _form_page(request, ConnectForm.refilled(form.spec, request.user, request.POST, form.again))
    return _create(request, form) if form.is_valid() else _form_page(request, form, status=422)


def _chosen_otherwise(posted: QueryDict, form: ConnectForm) -> str:
    """Where the page showed the fields of another type than the one that is chosen, or one that has gone; else ""."""
    if not form.offers_what_was_chosen:
        return GONE
    if "auth.specName" not in posted or posted.get("shown.specName") in (None, posted["auth.specName"]):
        return CHANGED if form.has_other_secrets else ""
    return next((f"These are the fields of “{option.label}”." for option in form.auth_choices if option.checked), "")


def _again(request: Request, source: str) -> BaseConnection | None:
    """The connection that this form is to try again."""
    text = request.GET.get("again", "")
    if not text:
        return None
    try:
        found = BaseConnection.objects.select_related("organization")
        return get_object_or_404(found, uuid=uuids.UUID(text), source=source)
    except ValueError:
        raise Http404("No such connection") from None


@sensitive_post_parameters()
def _create(request: Request, form: ConnectForm) -> HttpResponse:
    details = form.details.cleaned_data
    wish = Wish(
        spec=form.spec,
        auth_spec=form.auth_spec,
        sandbox=details["target"],
        name=details["name"],
        description=details["description"],
        params=Secrets(form.auth.params),
        form_values=form.form_values(),
        submission_id=form.submission_id,
    )
    try:
        return redirect(start_connection(request.user, wish, form.again))
    except NameTaken:
        form.details.add_error("name", name_taken(wish.name, wish.sandbox.name))
    except SubmittedOtherwise as error:
        form.begin_anew()
        made = f"This form was sent already, with other values, and made “{error.connection}”."
        form.details.add_error(None, f"{made} Send it once more to make another connection.")
    except NotNow as error:
        form.details.add_error(None, str(error))
    return _form_page(request, form, status=422)


def _form_page(
    request: Request, form: ConnectForm, *, fragment: str = "credentials", status: int = 200
) -> HttpResponse:
    sandbox = form.details.chosen_sandbox()
    organization = sandbox.organization if sandbox else services.organization_for()
    context = {
        "spec": form.spec,
        "form": form,
        "organization": organization,
        "is_absent": not is_offered(organization, form.spec.id),
        "live_since": live_since(organization, form.spec.id),
        "again": form.again,
        "again_explanation": explanation(form.again) if form.again else None,
        "preview": _preview(form, sandbox),
    }
    return page_or_fragment(request, "connecting/connect.html", fragment, context, status)


def _preview(form: ConnectForm, sandbox: Sandbox | None) -> Preview | None:
    """None while a value is one that cannot be sent."""
    target = target_of(sandbox.organization, sandbox.name) if sandbox else target_of()
    name, description = (str(form.details[field].value() or "").strip() for field in ("name", "description"))
    auth_spec, extra = form.auth_spec, stand_ins(form.auth.extra)
    try:
        params = shown_params(auth_spec, form.auth.wire_values(), (), extra) if auth_spec else {}
    except ConnectionStringError:
        return None
    return preview(
        target,
        {"id": form.spec.id, "version": form.spec.version},
        auth_spec.name if auth_spec else "",
        params,
        name=name,
        description=description,
        extras=body_extras(form.spec, auth_spec),
        pasted_param=auth_spec.pasted_param.name if auth_spec and auth_spec.pasted_param else "",
    )
