"""Invitations: a link that works once, for the address and the role that it was made for."""

import re
from datetime import timedelta
from unittest.mock import Mock

import pytest
from django.contrib.auth import get_user
from django.core import mail
from django.test import Client
from django.utils import timezone

from tests.access.test_people import grace, role
from tests.people.steps import browser_of
from wizard.access import inviting
from wizard.access.models import Grant, Invitation
from wizard.access.roles import Role
from wizard.organizations.models import Organization
from wizard.people.models import User
from wizard.record.kinds import Kind
from wizard.record.models import Event

__all__ = ["grace"]
PASSWORD = {"password1": "correct horse battery", "password2": "correct horse battery"}


@pytest.fixture
def link(grace, organization):
    """The path of an invitation that grace has sent to judy, as a viewer."""
    page = browser_of(grace).post("/people/invite/", {"email": "Judy@Example.com", **role(organization)})
    assert page.status_code == 200
    return re.search(r"http://testserver(/join/[\w-]+/)", page.text)[1]


def test_it_makes_an_account_with_its_role_and_signs_it_in(link, organization, grace):
    client = Client()
    page = client.get(link)
    assert "judy@example.com" in page.text
    assert "grace@example.com" in page.text
    assert page["Referrer-Policy"] == "strict-origin"
    assert client.post(link, PASSWORD)["Location"] == "/"

    judy = get_user(client)
    assert (judy.email, judy.is_admin) == ("judy@example.com", False)
    assert (judy.grants.get().organization, judy.grants.get().role) == (organization, Role.VIEWER)
    kinds = list(Event.objects.values_list("kind", flat=True))
    assert kinds[:2] == [Kind.INVITED, Kind.JOINED]


def test_it_works_once(link):
    Client().post(link, PASSWORD)
    assert Client().get(link).status_code == 410
    assert Client().post(link, PASSWORD).status_code == 410
    assert User.objects.filter(email="judy@example.com").count() == 1


def test_of_two_browsers_that_come_at_once_one_gets_in(link, monkeypatch):
    invitation = inviting.invitation_of(link.split("/")[2])
    Client().post(link, PASSWORD)
    monkeypatch.setattr(inviting, "invitation_of", lambda _token: invitation)
    assert Client().post(link, PASSWORD).status_code == 410
    assert User.objects.filter(email="judy@example.com").count() == 1


def test_only_its_digest_is_kept(link, grace):
    token = link.split("/")[2]
    assert token not in str(list(Invitation.objects.values()))
    assert token not in browser_of(grace).get("/people/").text


def test_what_is_posted_beside_the_password_changes_nothing(link):
    client = Client()
    client.post(link, {**PASSWORD, "email": "mallory@example.com", "is_admin": "on", "role": "3"})
    assert (get_user(client).email, get_user(client).is_admin) == ("judy@example.com", False)
    assert get_user(client).grants.get().role == Role.VIEWER


def test_it_refuses_a_weak_password(link):
    assert Client().post(link, {"password1": "short", "password2": "short"}).status_code == 422
    assert Client().get(link).status_code == 200


def test_it_ends_after_a_week(link):
    Invitation.objects.update(expires_at=timezone.now() - timedelta(seconds=1))
    assert Client().get(link).status_code == 410


def test_it_ends_when_it_is_withdrawn(link, grace):
    invitation = Invitation.objects.get()
    assert "judy@example.com" in browser_of(grace).get("/people/").text
    browser_of(grace).post(f"/people/invitations/{invitation.pk}/withdraw/")
    assert Client().get(link).status_code == 410
    assert "judy@example.com" not in browser_of(grace).get("/people/").text


def test_it_ends_with_the_role_of_who_sent_it(link, grace):
    grace.grants.update(role=Role.CONNECTOR)
    assert Client().post(link, PASSWORD).status_code == 410
    assert not User.objects.filter(email="judy@example.com").exists()


def test_it_ends_with_the_account_of_who_sent_it(link, grace):
    User.objects.filter(pk=grace.pk).update(is_active=False)
    assert Client().get(link).status_code == 410


def test_another_invitation_of_the_same_address_closes_the_former_one(link, grace, organization):
    browser_of(grace).post("/people/invite/", {"email": "judy@example.com", **role(organization, Role.CONNECTOR)})
    assert Client().get(link).status_code == 410
    assert inviting.open_invitations().get().role == Role.CONNECTOR


def test_an_address_that_has_an_account_is_told_so_at_its_field(grace, bob, organization):
    page = browser_of(grace).post("/people/invite/", {"email": bob.email.upper(), **role(organization)})
    assert page.status_code == 422
    assert "has an account already" in page.text
    assert not Invitation.objects.exists()


def test_only_an_administrator_invites_administrators(grace, signed_in):
    fields = {"email": "judy@example.com", "place": "installation", "role": "3"}
    assert browser_of(grace).post("/people/invite/", fields).status_code == 422
    page = signed_in.post("/people/invite/", fields)
    client = Client()
    client.post(re.search(r"/join/[\w-]+/", page.text)[0], PASSWORD)
    assert get_user(client).is_admin


def test_an_admin_invites_to_no_other_place(organization, charlie):
    organization.sandboxes.create(name="dev-team")
    Grant.objects.create(person=charlie, organization=organization, sandbox_name="dev-team", role=Role.ADMIN)
    for place in (role(organization), role(organization, sandbox="prod")):
        assert browser_of(charlie).post("/people/invite/", {"email": "judy@example.com", **place}).status_code == 422
    assert not Invitation.objects.exists()


def test_another_admins_invitation_is_not_to_be_found(link, charlie):
    other = type(Invitation.objects.get().organization).objects.create(name="Other", ims_org_id="0E@AdobeOrg")
    Grant.objects.create(person=charlie, organization=other, role=Role.ADMIN)
    client, pk = browser_of(charlie), Invitation.objects.get().pk
    assert "judy@example.com" not in client.get("/people/").text
    assert client.post(f"/people/invitations/{pk}/withdraw/").status_code == 404


def test_the_link_stands_in_no_log(link, caplog):
    Client().post(link, {**PASSWORD})
    Client().get(link)
    assert link.split("/")[2] not in caplog.text


def test_it_is_mailed_where_mail_is_set_up(grace, organization, settings):
    settings.EMAIL_IS_SET = True
    page = browser_of(grace).post("/people/invite/", {"email": "judy@example.com", **role(organization)})

    [message] = mail.outbox
    assert message.to == ["judy@example.com"]
    assert re.search(r"http://testserver/join/[\w-]+/", message.body)
    assert "has mail" in page.text


def test_mail_that_is_not_taken_leaves_the_link_on_the_page(grace, organization, settings, monkeypatch):
    settings.EMAIL_IS_SET = True
    monkeypatch.setattr(
        "django.core.mail.backends.locmem.EmailBackend.send_messages", Mock(side_effect=ConnectionRefusedError)
    )
    page = browser_of(grace).post("/people/invite/", {"email": "judy@example.com", **role(organization)})
    assert "Send this link to judy@example.com" in page.text


def test_where_nobody_signs_in_with_a_password_none_is_asked_for(link, settings):
    settings.OIDC_ONLY = True
    client = Client()
    assert "password1" not in client.get(link).text

    assert client.post(link)["Location"] == "/sign-in/"
    judy = User.objects.get(email="judy@example.com")
    assert not judy.has_usable_password()
    assert judy.grants.get().role == Role.VIEWER
    assert get_user(client).is_anonymous
    assert client.get(link).status_code == 410


@pytest.fixture
def mallory(organization):
    """An admin of another organization."""
    other = Organization.objects.create(name="Elsewhere", ims_org_id="E15E@AdobeOrg", is_practice=True)
    person = User.objects.create_user("mallory@example.com", "correct horse battery")
    Grant.objects.create(person=person, organization=other, role=Role.ADMIN)
    return person


def test_an_admin_of_another_organization_closes_no_invitation_of_this_one(link, mallory):
    other = mallory.grants.get().organization
    page = browser_of(mallory).post("/people/invite/", {"email": "judy@example.com", **role(other)})
    assert Client().get(link).status_code == 200
    second = re.search(r"http://testserver(/join/[\w-]+/)", page.text)[1]
    assert Client().post(link, PASSWORD)["Location"] == "/"
    assert Client().post(second, PASSWORD).status_code == 410
    assert User.objects.filter(email="judy@example.com").count() == 1


def test_a_link_that_was_mailed_is_not_shown_to_who_invites(grace, organization, settings):
    """Who could open it in another's name would have an account that single sign-on takes for the other's."""
    settings.EMAIL_IS_SET = True
    page = browser_of(grace).post("/people/invite/", {"email": "judy@example.com", **role(organization)})
    assert "/join/" not in page.text
