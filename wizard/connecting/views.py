"""The form of one source: shown, switched, filled in from a pasted string, previewed, kept, checked, and sent."""

from django.contrib import messages
from django.db import DatabaseError
from django.http import Http404, HttpResponse, QueryDict
from django.shortcuts import redirect, render
from django.views.decorators.debug import sensitive_post_parameters, sensitive_variables
from django.views.decorators.http import require_http_methods
from django_htmx.http import reswap, retarget

from wizard.access.roles import Role
from wizard.access.rules import demand_anywhere, sandboxes_for
from wizard.asking import services
from wizard.asking.starting import NameTaken, SubmittedOtherwise, start_connection
from wizard.asking.wishes import NotNow, Wish
from wizard.catalog.datatypes import ConnectionSpec
from wizard.connecting import draft_views
from wizard.connecting.connect_form import ConnectForm
from wizard.connecting.details_form import name_taken
from wizard.connecting.drafting import keep_draft, row_to_send
from wizard.connecting.opening import cloned, continued, from_pasted, once_more, row_to_clone, row_to_go_on_with
from wizard.connecting.page import form_page, not_saved_page
from wizard.connection_strings.pattern import ConnectionStringError
from wizard.connections.models import BaseConnection
from wizard.connections.seeing import note_view
from wizard.connections.statuses import Status
from wizard.organizations.models import Organization
from wizard.pages import Request
from wizard.sources.offered import connection_spec, sources

GONE = "The organization’s catalog no longer has the authentication type that was chosen. Choose one of these."

CHANGED = "The organization’s catalog was read anew, and asks for other secrets now. Type them again."


@require_http_methods(["GET", "HEAD", "POST"])
@sensitive_post_parameters()
@sensitive_variables()
def connect(request: Request, source: str) -> HttpResponse:
    """The form of one source. It posts to itself: intent says whether to create, switch, fill in or preview."""
    demand_anywhere(request.user, Role.CONNECTOR)
    again, original = row_to_go_on_with(request, source), row_to_clone(request, source)
    target = request.POST.get("target", "")
    named = str(original.organization.uuid) if original else request.GET.get("organization", "")
    is_here = again is not None and again.is_reachable and not target
    organization = again.organization if again and is_here else services.organization_for(request.user, target, named)
    spec = connection_spec(organization, source)
    if spec is None:
        return _broken(request, organization, source)
    if spec.instead:
        return render(request, "connecting/instead.html", {"spec": spec})
    if request.method != "POST":
        return _first_page(request, spec, again, original, organization)
    return _posted(request, spec, again)


def _posted(request: Request, spec: ConnectionSpec, again: BaseConnection | None) -> HttpResponse:
    try:
        return _answered(request, spec, again)
    except DatabaseError as error:
        if request.htmx:
            raise
        form = ConnectForm.refilled(spec, request.user, request.POST, again)
        return not_saved_page(request, form, error)


def _answered(request: Request, spec: ConnectionSpec, again: BaseConnection | None) -> HttpResponse:
    intent = request.POST.get("intent", "")
    if intent == "paste":
        return _filled_in(request, spec, again)
    if intent in ("switch", "preview"):
        form = ConnectForm.refilled(spec, request.user, request.POST, again)
        return form_page(request, form, fragment="previewed" if intent == "preview" else "credentials")
    form = ConnectForm(spec, request.user, data=request.POST, files=request.FILES, again=again)
    if intent == "draft":
        return draft_views.kept(request, form)
    return draft_views.checked(request, form) if intent == "check" else _submitted(request, form)


def _broken(request: Request, organization: Organization | None, source: str) -> HttpResponse:
    """A source of the organization's catalog that no form can be made of; any other one is not found."""
    for offered in sources(organization):
        if offered.slug == source and offered.fault and not request.htmx:
            context = {"spec": offered, "organization": organization}
            return render(request, "connecting/instead.html", context, status=422 if request.method == "POST" else 200)
    raise Http404(f"No source {source}")


def _first_page(
    request: Request,
    spec: ConnectionSpec,
    again: BaseConnection | None,
    original: BaseConnection | None,
    organization: Organization | None,
) -> HttpResponse:
    if again and again.status == Status.DRAFT:
        form = continued(spec, request.user, again)
    elif again and not again.can_be_tried_again:
        messages.info(request, "This connection is not failed any more: there is nothing to try again.")
        return redirect(again)
    elif again:
        note_view(again, request.user)
        form = once_more(spec, request.user, again)
    elif original:
        note_view(original, request.user)
        form = cloned(spec, request.user, original)
    else:
        sandboxes = sandboxes_for(request.user, Role.CONNECTOR).filter(organization=organization)
        sandbox = sandboxes.open_for_use().first()
        form = ConnectForm(spec, request.user, values={"target": sandbox.pk if sandbox else ""})
    if not form.offers_what_was_chosen:
        messages.info(request, GONE)
    return form_page(request, form, original=original)


@sensitive_post_parameters()
def _filled_in(request: Request, spec: ConnectionSpec, again: BaseConnection | None) -> HttpResponse:
    try:
        form = from_pasted(spec, request.user, request.POST, again)
    except ConnectionStringError as error:
        form = ConnectForm.refilled(spec, request.user, request.POST, again)
        form.paste_error = str(error)
        if not request.htmx:
            return form_page(request, form, status=422)
        # In place of the box alone: what was typed beside it stays, secrets too.
        answer = render(request, "connecting/_paste.html", {"form": form})
        return reswap(retarget(answer, "#paste"), "outerHTML")
    return form_page(request, form)


def _submitted(request: Request, form: ConnectForm) -> HttpResponse:
    if request.POST.get("pasted", "").strip() and form.takes_a_string:
        # What was pasted is shown in its parts before anything is sent.
        return _filled_in(request, form.spec, form.again)
    if words := _chosen_otherwise(request.POST, form):
        messages.info(request, f"{words} Nothing was sent yet.")
        return form_page(request, ConnectForm.refilled(form.spec, request.user, request.POST, form.again))
    return _create(request, form) if form.is_valid() else _kept_with_errors(request, form)


def _chosen_otherwise(posted: QueryDict, form: ConnectForm) -> str:
    """Where the page showed the fields of another type than the one that is chosen, or one that has gone; else ""."""
    if not form.offers_what_was_chosen:
        return GONE
    if "auth.specName" not in posted or posted.get("shown.specName") in (None, posted["auth.specName"]):
        return CHANGED if form.has_other_secrets else ""
    return next((f"These are the fields of “{option.label}”." for option in form.auth_choices if option.checked), "")


@sensitive_post_parameters()
def _create(request: Request, form: ConnectForm) -> HttpResponse:
    details = form.details.cleaned_data
    wish = Wish(
        spec=form.spec,
        auth_spec=form.auth_spec,
        sandbox=details["target"],
        name=details["name"],
        description=details["description"],
        params=form.params,
        form_values=form.form_values(form.auth.given_secrets()),
        submission_id=form.submission_id,
        keeps=details["keeps"],
    )
    try:
        return redirect(start_connection(request.user, wish, row_to_send(form)))
    except NameTaken:
        form.details.add_error("name", name_taken(wish.name, wish.sandbox.name))
    except SubmittedOtherwise as error:
        form.begin_anew()
        made = f"This form was sent already, with other values, and made “{error.connection}”."
        form.details.add_error(None, f"{made} Send it once more to make another connection.")
    except NotNow as error:
        form.details.add_error(None, str(error))
    return _kept_with_errors(request, form)


@sensitive_post_parameters()
def _kept_with_errors(request: Request, form: ConnectForm) -> HttpResponse:
    """The form with what is wrong in it, kept as a draft: no secret that is right has to be typed again."""
    if _is_kept(request, form):
        form.hold(form.auth.clean_secrets())
    return form_page(request, form, status=422)


def _is_kept(request: Request, form: ConnectForm) -> bool:
    """Whether what was typed is a draft now; the page that says what is wrong in it comes in any case."""
    try:
        return keep_draft(form, request.POST) is not None
    except NotNow:
        return False
