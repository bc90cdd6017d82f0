"""Who sees whom, gives roles, takes them away, and closes accounts."""

import pytest
from django.contrib.auth import get_user
from django.test import Client

from tests.people.steps import browser_of, person_with, set_up_app, sign_in
from wizard.access import giving
from wizard.access.models import Grant
from wizard.access.roles import Role
from wizard.people.models import User
from wizard.record.kinds import Kind
from wizard.record.models import Event


@pytest.fixture
def grace(organization):
    """An admin of the organization."""
    return person_with(Role.ADMIN, organization, "grace@example.com")


def role(organization, role=Role.VIEWER, sandbox=""):
    return {"place": f"{organization.uuid}/{sandbox}", "role": str(role.value)}


def test_an_administrator_sees_everybody_and_their_roles(signed_in, bob, charlie):
    page = signed_in.get("/people/").text
    for words in ("alice@example.com", bob.email, "Connector in", charlie.email, "none yet"):
        assert words in page


def test_an_admin_sees_those_with_a_role_in_the_organization(grace, bob, charlie):
    page = browser_of(grace).get("/people/").text
    assert bob.email in page
    assert charlie.email not in page
    assert browser_of(grace).get(f"/people/{charlie.pk}/").status_code == 404


def test_nothing_is_changed_through_the_list(signed_in):
    assert signed_in.post("/people/").status_code == 405


def test_a_role_is_given_changed_and_taken_on_record(grace, bob, organization):
    client, page = browser_of(grace), f"/people/{bob.pk}/"
    client.post(page, role(organization, Role.ADMIN))
    grant = Grant.objects.get(person=bob)
    assert (grant.role, grant.sandbox_name) == (Role.ADMIN, "")

    assert client.post(f"{page}roles/{grant.pk}/take/")["Location"] == "/people/"
    assert not bob.grants.exists()
    events = Event.objects.filter(organization=organization, actor=grace).values_list("kind", flat=True)
    assert list(events) == [Kind.ROLE_GIVEN, Kind.ROLE_TAKEN]


def test_nobody_changes_their_own_role(grace, alice, organization):
    answer = browser_of(grace).post(f"/people/{grace.pk}/", role(organization, Role.VIEWER))
    assert answer.status_code == 422
    assert "for another admin" in answer.text
    browser_of(grace).post(f"/people/{grace.pk}/roles/{grace.grants.get().pk}/take/")
    browser_of(alice).post(f"/people/{alice.pk}/account/", {"op": "demote"})
    assert grace.grants.get().role == Role.ADMIN
    alice.refresh_from_db()
    assert alice.is_admin


def test_an_admin_of_one_sandbox_gives_roles_there_alone(organization, bob, charlie):
    organization.sandboxes.create(name="dev-team")
    Grant.objects.create(person=charlie, organization=organization, sandbox_name="dev-team", role=Role.ADMIN)
    Grant.objects.create(person=bob, organization=organization, sandbox_name="dev-team", role=Role.VIEWER)
    client, page = browser_of(charlie), f"/people/{bob.pk}/"

    assert client.post(page, role(organization, Role.ADMIN)).status_code == 422
    assert client.post(page, role(organization, Role.ADMIN, "prod")).status_code == 422
    whole = bob.grants.get(sandbox_name="")
    assert client.post(f"{page}roles/{whole.pk}/take/").status_code == 404
    assert client.post(page, role(organization, Role.CONNECTOR, "dev-team")).status_code == 302
    assert bob.grants.get(sandbox_name="dev-team").role == Role.CONNECTOR


def test_a_closed_account_lets_nobody_in_from_that_moment_on(signed_in, bob):
    elsewhere = browser_of(bob)
    signed_in.post(f"/people/{bob.pk}/account/", {"op": "close"})

    assert get_user(elsewhere).is_anonymous
    assert elsewhere.get("/")["Location"].startswith("/sign-in/")
    assert "closed" in signed_in.get("/people/").text
    signed_in.post(f"/people/{bob.pk}/account/", {"op": "open"})
    assert get_user(browser_of(bob)) == bob


def test_an_administrator_is_made_and_unmade(signed_in, bob):
    for operation, expected in (("promote", True), ("demote", False)):
        signed_in.post(f"/people/{bob.pk}/account/", {"op": operation})
        bob.refresh_from_db()
        assert bob.is_admin is expected


def test_there_is_always_an_administrator(alice, bob):
    """Two that take each other's place: the second one has none any more."""
    User.objects.filter(pk=bob.pk).update(is_admin=True)
    first, second = browser_of(alice), browser_of(bob)
    first.post(f"/people/{bob.pk}/account/", {"op": "demote"})
    assert second.post(f"/people/{alice.pk}/account/", {"op": "demote"}).status_code == 403
    alice.refresh_from_db()
    assert alice.is_admin
    assert second.get("/people/").status_code == 403


def test_an_administrator_takes_a_lost_second_step_away(signed_in, bob):
    set_up_app(browser_of(bob))
    assert "Take the second step away" in signed_in.get(f"/people/{bob.pk}/").text

    signed_in.post(f"/people/{bob.pk}/second-steps/remove/")

    assert sign_in(Client(), bob.email)["Location"] == "/"
    assert Event.objects.filter(kind=Kind.FACTOR_REMOVED, actor__is_admin=True).exists()
    assert "Take the second step away" not in signed_in.get(f"/people/{bob.pk}/").text


def test_what_another_administrator_did_meanwhile_stays_done(alice, bob):
    """The page that promotes was opened before the account was closed."""
    as_it_was = User.objects.get(pk=bob.pk)
    giving.set_account(alice, bob, is_active=False)
    giving.set_account(alice, as_it_was, is_admin=True)
    bob.refresh_from_db()
    assert (bob.is_active, bob.is_admin) == (False, True)


def test_no_session_comes_back_with_an_account_that_is_opened_again(signed_in, bob):
    stolen = Client()
    sign_in(stolen, bob.email)
    assert stolen.get("/account/").status_code == 200
    signed_in.post(f"/people/{bob.pk}/account/", {"op": "close"})
    signed_in.post(f"/people/{bob.pk}/account/", {"op": "open"})
    assert stolen.get("/account/").status_code == 302
