"""An organization is added by an administrator: its secret sealed, its fields checked where they stand."""

from datetime import date, timedelta

import pytest
from django.utils import timezone
from django_q.models import OrmQ

from tests.conftest import CANARY
from tests.emulator.running import OTHER_TENANT
from tests.people.steps import browser_of
from wizard.administering import checking
from wizard.organizations.models import Organization
from wizard.record.kinds import Kind
from wizard.record.models import Event

NEW = "/organizations/new/"


def test_it_is_kept_with_its_secret_sealed_and_its_check_is_queued(signed_in, organization, alice, form):
    ends = date(2031, 5, 6)
    typed = form(name="Acme", client_secret=CANARY, owner=str(alice.pk), credentials_expire_on=ends.isoformat())
    answer = signed_in.post(NEW, typed)

    assert answer["Location"] == "/organizations/"
    made = Organization.objects.get(name="Acme")
    assert (made.client_id, made.scopes, made.owner, made.credentials_expire_on) == (
        *("acme-client", "openid,session"),
        *(alice, ends),
    )
    assert made.unseal("client_secret").open() == CANARY
    assert CANARY.encode() not in bytes(made.client_secret)
    assert made.is_practice
    assert made.is_open
    assert made.credentials_changed_at > timezone.now() - timedelta(minutes=1)
    assert made.is_being_checked
    assert OrmQ.objects.count() == 1
    event = Event.objects.get()
    assert (event.kind, event.actor, event.organization) == (Kind.ORGANIZATION_ADDED, alice, made)


def test_the_form_offers_the_usual_scopes_and_no_secret_ever(signed_in, organization, form, settings):
    assert settings.IMS_SCOPES in signed_in.get(NEW).content.decode()
    answer = signed_in.post(NEW, form(client_secret=CANARY, name=""))

    assert answer.status_code == 422
    assert "pass&#x27;w" not in answer.content.decode()
    assert "c4nary" not in answer.content.decode()


@pytest.mark.parametrize(
    ("field", "value", "words"),
    [
        ("name", "", "required"),
        ("name", "a\x07b", "control character"),
        ("ims_org_id", "ABC", "looks like"),
        ("ims_org_id", "ABC@AdobeOrg\n", None),
        ("ims_org_id", "A BC@AdobeOrg", "looks like"),
        ("ims_org_id", "АBC@AdobeOrg", "looks like"),
        ("client_id", "two words", "no spaces"),
        ("client_id", "a\r\nX-Evil: 1", "no spaces"),
        ("client_id", "client\x00", "Null characters"),
        ("client_secret", "", "required"),
        ("client_secret", "a\x00b", "Null characters"),
        ("scopes", "a b", "without spaces"),
        ("credentials_expire_on", "0001-01-01", "greater than"),
        ("credentials_expire_on", "soon", "valid date"),
        ("owner", "999999", "valid choice"),
    ],
)
def test_what_is_wrong_is_said_at_its_field(signed_in, organization, form, field, value, words):
    answer = signed_in.post(NEW, form(**{field: value}))

    if words is None:
        # A line break at the end is no part of what a browser sends in a text field.
        assert Organization.objects.filter(ims_org_id="ABC@AdobeOrg").exists()
        return
    assert answer.status_code == 422
    errors = answer.context["form"].errors
    assert list(errors) == [field]
    assert words in str(errors[field])
    assert Organization.objects.count() == 1


@pytest.mark.parametrize("change", [str, str.lower])
def test_an_organization_is_here_once(signed_in, organization, form, change):
    name, _, suffix = organization.ims_org_id.partition("@")
    answer = signed_in.post(NEW, form(ims_org_id=f"{change(name)}@{suffix}"))

    assert answer.status_code == 422
    assert "is here already" in answer.content.decode()


def test_only_administrators_of_the_installation_add_one(bob, charlie, olga, form):
    for person in (bob, charlie, olga):
        browser = browser_of(person)
        assert browser.get(NEW).status_code == 403
        assert browser.post(NEW, form()).status_code == 403
        assert 'href="/organizations/new/"' not in browser.get("/organizations/").content.decode()
    assert not Organization.objects.filter(name="Acme").exists()


def test_nothing_else_than_its_fields_can_be_set(signed_in, organization, form):
    signed_in.post(NEW, form(is_practice="", uuid=str(organization.uuid), is_open="", token_trouble="x", pk="1"))

    made = Organization.objects.get(name="Acme")
    assert made.is_practice
    assert made.uuid != organization.uuid
    assert made.token_trouble == ""


def test_a_second_one_is_checked_with_its_own_credentials(signed_in, organization, alice, form, flow_service):
    credentials = {"ims_org_id": OTHER_TENANT.ims_org_id, "client_id": OTHER_TENANT.client_id}
    signed_in.post(NEW, form(**credentials, client_secret=OTHER_TENANT.client_secret))
    made = Organization.objects.get(name="Acme")
    checking.check(made.pk, alice.pk)

    made.refresh_from_db()
    assert made.check_error == ""
    assert {sandbox.name for sandbox in made.sandboxes.all()} == {"prod", "dev"}
    asked = flow_service.requests("POST", "/ims/token/v3")
    assert [OTHER_TENANT.client_id in str(request["body"]) for request in asked] == [True]
