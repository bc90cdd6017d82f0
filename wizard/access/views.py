"""People, their roles, and invitations: for those who are an admin of something."""

from django.contrib import messages
from django.http import Http404, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from wizard.access import giving, inviting
from wizard.access.forms import InviteForm, RoleForm
from wizard.access.giving import NotAllowed
from wizard.access.roles import Role
from wizard.access.rules import demand_administrator, demand_anywhere
from wizard.pages import Request
from wizard.people import factors
from wizard.people.models import User


@require_safe
def people(request: Request) -> HttpResponse:
    demand_anywhere(request.user, Role.ADMIN)
    grants: dict[int, list[object]] = {}
    for grant in giving.grants_for(request.user).select_related("organization"):
        grants.setdefault(grant.person_id, []).append(grant)
    rows = [(person, grants.get(person.pk, [])) for person in giving.people_for(request.user)]
    invitations = inviting.invitations_for(request.user)
    return render(request, "access/people.html", {"rows": rows, "invitations": invitations})


@require_http_methods(["GET", "HEAD", "POST"])
def invite(request: Request) -> HttpResponse:
    """The link goes out by mail; where it cannot, it stands on the answer to the POST, and nowhere else."""
    demand_anywhere(request.user, Role.ADMIN)
    form = InviteForm(request.POST or None, by=request.user)
    if form.is_valid():
        try:
            values = form.cleaned_data
            invitation, token = inviting.invite(request.user, values["email"], form.chosen_place, values["role"])
        except NotAllowed as error:
            form.add_error("email", str(error))
        else:
            link = request.build_absolute_uri(reverse("join", args=[token]))
            is_mailed = inviting.send(invitation, link)
            # Who has the mail has the address: nobody else is to make an account in its name.
            context = {"invitation": invitation, "link": "" if is_mailed else link, "is_mailed": is_mailed}
            return render(request, "access/invited.html", context)
    return render(request, "access/invite.html", {"form": form}, status=422 if form.is_bound else 200)


@require_POST
def withdraw_invitation(request: Request, pk: int) -> HttpResponse:
    demand_anywhere(request.user, Role.ADMIN)
    for invitation in inviting.invitations_for(request.user):
        if invitation.pk == pk:
            inviting.withdraw(request.user, invitation)
            messages.success(request, f"The invitation of {invitation.email} is withdrawn: its link is closed.")
            return redirect("people")
    raise Http404("No such invitation")


@require_http_methods(["GET", "HEAD", "POST"])
def person(request: Request, pk: int) -> HttpResponse:
    """A person's roles; POST gives another one."""
    found = _person(request, pk)
    form = RoleForm(request.POST or None, by=request.user)
    if form.is_valid() and form.chosen_place:
        try:
            grant = giving.give_role(request.user, found, form.chosen_place, form.cleaned_data["role"])
        except NotAllowed as error:
            form.add_error(None, str(error))
        else:
            messages.success(request, f"{found}: {grant}.")
            return redirect("person", found.pk)
    grants = giving.grants_for(request.user).filter(person=found).select_related("organization")
    context = {"person": found, "grants": grants, "form": form, "has_factor": factors.has_second_factor(found)}
    return render(request, "access/person.html", context, status=422 if form.is_bound else 200)


def _person(request: Request, pk: int) -> User:
    demand_anywhere(request.user, Role.ADMIN)
    return get_object_or_404(giving.people_for(request.user), pk=pk)


@require_POST
def take_role(request: Request, pk: int, grant_pk: int) -> HttpResponse:
    found = _person(request, pk)
    grants = giving.grants_for(request.user).select_related("organization", "person")
    grant = get_object_or_404(grants, pk=grant_pk, person=found)
    try:
        giving.take_role(request.user, grant)
        messages.success(request, f"{found} is no longer {grant}.")
    except NotAllowed as error:
        messages.error(request, str(error))
    # Who has lost the last role that one sees has no page any more.
    is_there = giving.people_for(request.user).filter(pk=pk).exists()
    return redirect("person", pk) if is_there else redirect("people")


@require_POST
def remove_factors(request: Request, pk: int) -> HttpResponse:
    """For somebody who has lost them all, and is known by other means."""
    found = _person(request, pk)
    demand_administrator(request.user)
    factors.forget(request.user, found)
    messages.success(request, f"{found} signs in without a second step now, until a new one is set up.")
    return redirect("person", found.pk)


OPERATIONS = {
    "close": {"is_active": False},
    "open": {"is_active": True},
    "promote": {"is_admin": True},
    "demote": {"is_admin": False},
}


@require_POST
def account(request: Request, pk: int) -> HttpResponse:
    """For administrators of the installation: close or open an account, make it an administrator's or a usual one."""
    found = _person(request, pk)
    demand_administrator(request.user)
    operation = OPERATIONS.get(request.POST.get("op", ""))
    if operation is None:
        raise Http404("No such operation")
    try:
        giving.set_account(request.user, found, **operation)
        messages.success(request, f"{found} is up to date.")
    except NotAllowed as error:
        messages.error(request, str(error))
    return redirect("person", found.pk)
