"""Mass assignment: what a form does not ask for changes nothing, however it is called."""

import json
import uuid
from collections.abc import Callable
from typing import Any

import pytest
from django.core import serializers
from django.db import models
from django.test import Client

from tests.changing.steps import edited, send
from wizard.access import giving, inviting
from wizard.access.models import Grant, Invitation
from wizard.access.places import Place
from wizard.access.roles import Role
from wizard.connections.models import BaseConnection, Change
from wizard.organizations.models import Organization, Sandbox
from wizard.people import services as people
from wizard.people.models import User

PASSWORD = "another horse battery"
ROWS: tuple[type[models.Model], ...] = (BaseConnection, Change, Organization, Sandbox, User, Grant, Invitation)
STRANGE: dict[type[models.Field], str] = {
    models.BooleanField: "true",
    models.IntegerField: "1",
    models.DateTimeField: "2001-01-01 00:00",
    models.UUIDField: "11111111-2222-4333-8444-555555555555",
    models.ForeignKey: "1",
    models.JSONField: '{"smuggled": true}',
}


def extra_fields(*wanted: str) -> dict[str, str]:
    """A value for every column of every table of ours that the form does not ask for, also by its key."""
    found: dict[str, str] = {"is_superuser": "true", "is_staff": "true", "pk": "1", "role": "3", "op": "promote"}
    for row in ROWS:
        for field in row._meta.concrete_fields:
            value = next((value for kind, value in STRANGE.items() if isinstance(field, kind)), "smuggled")
            found |= {field.name: value, field.attname: value, f"{row._meta.model_name}.{field.name}": value}
    return {name: value for name, value in found.items() if name not in wanted}


def contents(*, but: tuple[type[models.Model], ...] = ()) -> Any:
    rows = [item for row in ROWS if row not in but for item in row._default_manager.order_by("pk")]
    return json.loads(serializers.serialize("json", rows))


def test_a_new_connection_is_made_of_its_form_alone(
    signed_in: Client, alice: User, bob: User, filled: Callable[..., dict[str, str]], organization: Organization
) -> None:
    plain, extra = filled("Plain"), filled("Extra")
    others = contents(but=(BaseConnection,))
    assert signed_in.post("/connect/postgres/", plain).status_code == 302
    assert signed_in.post("/connect/postgres/", {**extra_fields(*extra, "keeps"), **extra}).status_code == 302

    rows = {row["fields"]["name"]: row["fields"] for row in contents() if row["model"].endswith("baseconnection")}
    own = {
        "credentials_changed_at",
        "uuid",
        "name",
        "auth_params",
        "form_values",
        "created_at",
        "stepped_at",
        "updated_at",
        "revised_at",
    }
    assert {key: rows["Plain"][key] for key in rows["Plain"].keys() - own} == {
        key: rows["Extra"][key] for key in rows["Extra"].keys() - own
    }
    made = BaseConnection.objects.get(name="Extra")
    assert made.created_by == alice
    assert made.unseal("auth_params") == BaseConnection.objects.get(name="Plain").unseal("auth_params")
    assert "smuggled" not in json.dumps(made.unseal("form_values").open())
    assert contents(but=(BaseConnection,)) == others


def test_a_draft_is_made_of_its_form_alone(
    signed_in: Client, filled: Callable[..., dict[str, str]], alice: User
) -> None:
    form = filled("Kept", intent="draft")
    signed_in.post("/connect/postgres/", {**extra_fields(*form, "keeps"), **form})

    draft = BaseConnection.objects.get()
    assert (draft.status, draft.created_by, draft.name, draft.base_connection_id) == ("draft", alice, "Kept", "")
    assert "smuggled" not in json.dumps([draft.unseal("form_values").open(), draft.unseal("auth_params").open()])


def test_a_form_with_the_id_of_anothers_draft_does_not_take_it(
    client: Client, alice: User, bob: User, filled: Callable[..., dict[str, str]]
) -> None:
    form = filled("Bob's", intent="draft")
    client.force_login(bob)
    client.post("/connect/postgres/", form)
    client.force_login(alice)
    client.post("/connect/postgres/", {**form, "name": "Alice's", "intent": "draft"})

    assert {row.name: row.created_by for row in BaseConnection.objects.all()}["Bob's"] == bob


def test_an_edit_changes_what_its_form_has_and_nothing_else(
    signed_in: Client, by_key: BaseConnection, flow_service: Any
) -> None:
    form = edited(by_key, name="Renamed")
    signed_in.post(f"{by_key.get_absolute_url()}edit/", {**extra_fields(*form), **form})
    change = Change.objects.get()
    assert change.labels == ["Name"]
    send(change)
    patched = flow_service.requests("PATCH")[-1]["body"]

    assert [(item["op"], item["path"]) for item in patched] == [("replace", "/name")]


def test_an_invitation_gives_the_role_that_was_asked_for(signed_in: Client, organization: Organization) -> None:
    form = {"email": "dora@example.com", "place": Place(organization).key, "role": str(Role.VIEWER.value)}
    extra = extra_fields(*form, "organization", "organization_id", "sandbox_name")
    signed_in.post("/people/invite/", {**extra, "organization": "", "sandbox_name": "", **form})

    made = Invitation.objects.get()
    assert (made.email, made.organization, made.role) == ("dora@example.com", organization, Role.VIEWER)
    assert made.used_at is None


@pytest.mark.parametrize("address", [{}, {"email": "eve@example.com"}])
def test_who_joins_gets_the_invitations_address_and_role(
    client: Client, alice: User, organization: Organization, address: dict[str, str]
) -> None:
    _, token = inviting.invite(alice, "dora@example.com", Place(organization), Role.VIEWER)
    form = {"password1": PASSWORD, "password2": PASSWORD, **address}
    client.post(f"/join/{token}/", {**extra_fields(*form), **form})

    dora = User.objects.exclude(pk=alice.pk).get()
    assert (dora.email, dora.is_admin, dora.is_active) == ("dora@example.com", False, True)
    assert [(grant.role, grant.organization) for grant in dora.grants.all()] == [(Role.VIEWER, organization)]
    assert dora.date_joined.year > 2001


def test_the_first_person_is_one_administrator_and_no_more(client: Client, db: None) -> None:
    token = people.issue_first_link()
    form = {"email": "alice@example.com", "password1": PASSWORD, "password2": PASSWORD}
    client.post(f"/first/{token}/", {**extra_fields(*form), **form})

    alice = User.objects.get()
    assert (alice.email, alice.is_admin, alice.pk, alice.check_password(PASSWORD)) == (
        form["email"],
        True,
        alice.pk,
        True,
    )
    assert alice.date_joined.year > 2001


def test_a_change_of_ones_password_changes_nothing_else(client: Client, bob: User) -> None:
    client.force_login(bob)
    form = {"oldpassword": "correct horse battery", "password1": PASSWORD, "password2": PASSWORD}
    client.post("/account/password/", {**extra_fields(*form), **form})

    bob.refresh_from_db()
    assert (bob.is_admin, bob.is_active, bob.email) == (False, True, "bob@example.com")
    assert bob.check_password(PASSWORD)
    assert [grant.role for grant in bob.grants.all()] == [Role.CONNECTOR]


def test_an_admin_of_one_organization_makes_nobody_an_admin_of_more(
    client: Client, bob: User, charlie: User, organization: Organization
) -> None:
    """Whatever stands in the form: the places are those that bob may give."""
    Grant.objects.filter(person=bob).update(role=Role.ADMIN)
    other = Organization.objects.create(name="Other", ims_org_id="1111111111111111@AdobeOrg", is_practice=True)
    giving.give_role(User.objects.create_user("root@example.com", is_admin=True), charlie, Place(other), Role.VIEWER)
    client.force_login(bob)
    for place in ("installation", Place(other).key, "", "*", f"{Place(organization).key},{Place(other).key}"):
        form = {"email": "eve@example.com", "place": place, "role": "3"}
        for path in ("/people/invite/", f"/people/{bob.pk}/", f"/people/{charlie.pk}/"):
            answer = client.post(path, {**extra_fields(*form), **form})
            assert answer.status_code in (404, 422), (path, place)
    client.post(f"/people/{bob.pk}/account/", {"op": "promote"})

    assert not Invitation.objects.exists()
    assert not User.objects.get(pk=bob.pk).is_admin
    assert {(grant.person, grant.organization) for grant in Grant.objects.all()} == {
        (bob, organization),
        (charlie, other),
    }


def test_a_test_a_look_and_a_switch_take_nothing_from_their_request(
    signed_in: Client, connected: Callable[..., BaseConnection]
) -> None:
    connection = connected()
    before = {key: value for key, value in vars(connection).items() if not key.startswith("_")}
    for step in ("test", "look-again", "choose"):
        signed_in.post(f"{connection.get_absolute_url()}{step}/", extra_fields())
    connection.refresh_from_db()
    after = {key: value for key, value in vars(connection).items() if not key.startswith("_")}

    changed = {key for key in before if before[key] != after[key]}
    assert changed <= {"test_status", "test_requested_at", "test_requested_by_id", "test_attempts", "updated_at"}, (
        changed
    )
    assert BaseConnection.objects.filter(uuid=uuid.UUID("11111111-2222-4333-8444-555555555555")).count() == 0
