"""An organization is edited by its admins: three choices for the secret, and names of fields on record."""

from datetime import timedelta

import pytest
from django.db import transaction
from django.utils import timezone

from tests.conftest import CANARY
from tests.people.steps import browser_of
from wizard.administering.organization_form import OrganizationForm
from wizard.organizations.models import Organization
from wizard.organizations.tokens import access_token
from wizard.record.kinds import Kind
from wizard.record.models import Event


@pytest.fixture
def url(second):
    return f"/organizations/{second.uuid}/"


@pytest.fixture
def edited(second, form):
    """The form as it is shown; keyword arguments change fields."""

    def fill(choice="keep", **changes):
        shown = {"name": "Second", "ims_org_id": second.ims_org_id, "client_id": second.client_id, "scopes": "openid"}
        return form(**{**shown, "client_secret": "", "choice.client_secret": choice, **changes})

    return fill


def test_the_page_shows_everything_but_the_secret(olga, url, second):
    html = browser_of(olga).get(url).content.decode()

    assert second.ims_org_id in html
    assert second.client_id in html
    assert second.unseal("client_secret").open() not in html
    assert "stored encrypted" in html
    for choice in ("Keep the stored one", "Replace it", "Remove it"):
        assert choice in html


def test_a_kept_secret_and_its_token_stay_as_they_are(olga, url, second, edited):
    access_token(second, None)
    before = bytes(Organization.objects.get(pk=second.pk).client_secret)
    browser_of(olga).post(url, edited(name="Renamed"))

    found = Organization.objects.get(pk=second.pk)
    assert found.name == "Renamed"
    assert bytes(found.client_secret) == before
    assert found.token_expires_at is not None
    event = Event.objects.get()
    assert (event.kind, event.actor, event.details) == (Kind.ORGANIZATION_CHANGED, olga, {"fields": ["name"]})


def test_a_replaced_secret_is_sealed_and_forgets_the_token(olga, url, second, edited):
    access_token(second, None)
    Organization.objects.update(token_trouble_since=timezone.now(), token_trouble="Refused.")
    browser_of(olga).post(url, edited("replace", client_secret=CANARY))

    found = Organization.objects.get(pk=second.pk)
    assert found.unseal("client_secret").open() == CANARY
    assert (found.access_token, found.token_expires_at, found.token_renewal_ends_at) == (None, None, None)
    assert (found.token_trouble_since, found.token_trouble) == (None, "")
    assert found.credentials_changed_at > timezone.now() - timedelta(minutes=1)
    event = Event.objects.get()
    assert event.details == {"fields": ["client_secret"]}
    assert "c4nary" not in str(vars(event))


def test_a_removed_secret_is_gone(olga, url, second, edited):
    browser_of(olga).post(url, edited("remove"))

    assert Organization.objects.get(pk=second.pk).client_secret is None
    assert "Remove it" not in browser_of(olga).get(url).content.decode()


def test_another_client_id_forgets_the_token_and_keeps_the_secret(olga, url, second, edited):
    access_token(second, None)
    browser_of(olga).post(url, edited(client_id="another-client"))

    found = Organization.objects.get(pk=second.pk)
    assert (found.client_id, found.access_token, found.token_expires_at) == ("another-client", None, None)
    assert found.unseal("client_secret").open()


def test_what_was_typed_without_being_chosen_is_not_used(olga, url, second, edited):
    answer = browser_of(olga).post(url, edited("keep", client_secret=CANARY))

    assert answer.status_code == 422
    assert "did not choose" in answer.content.decode()
    assert "c4nary" not in answer.content.decode()
    assert Organization.objects.get(pk=second.pk).unseal("client_secret").open() != CANARY


def test_a_replacement_has_to_be_typed(olga, url, edited):
    answer = browser_of(olga).post(url, edited("replace"))

    assert answer.status_code == 422
    assert list(answer.context["form"].errors) == ["client_secret"]


def test_whatever_else_is_chosen_keeps_the_secret(olga, url, second, edited):
    browser_of(olga).post(url, edited("everything"))

    assert Organization.objects.get(pk=second.pk).unseal("client_secret").open()


def test_another_organization_id_asks_for_its_own_secret(olga, url, second, edited):
    other = "ABCDEFABCDEFABCDEFABCDEF@AdobeOrg"
    answer = browser_of(olga).post(url, edited(ims_org_id=other))
    assert answer.status_code == 422
    assert "former organization ID" in answer.content.decode()

    browser_of(olga).post(url, edited("replace", ims_org_id=other, client_secret="its own"))
    found = Organization.objects.get(pk=second.pk)
    assert (found.ims_org_id, found.unseal("client_secret").open()) == (other, "its own")


def test_the_id_of_one_with_connections_stays(signed_in, organization, second, connected, edited):
    connection = connected()
    type(connection).objects.filter(pk=connection.pk).update(organization=second)
    signed_in.post(f"/organizations/{second.uuid}/", edited(ims_org_id="ABCDEF@AdobeOrg", name="Renamed"))

    found = Organization.objects.get(pk=second.pk)
    assert (found.ims_org_id, found.name) == (second.ims_org_id, "Renamed")


def test_the_credentials_of_the_environment_are_read_only(signed_in, organization, alice, form):
    url = f"/organizations/{organization.uuid}/"
    html = signed_in.get(url).content.decode()
    assert "come from the settings of this installation" in html
    assert 'name="client_secret"' not in html
    before = Organization.objects.get(pk=organization.pk)
    answer = signed_in.post(
        url,
        form(
            **{"name": "Ours", "ims_org_id": "EVIL@AdobeOrg", "client_id": "evil", "client_secret": "evil"},
            **{"choice.client_secret": "remove", "owner": str(alice.pk), "credentials_expire_on": "2031-01-02"},
        ),
    )

    assert answer.status_code == 302
    found = Organization.objects.get(pk=organization.pk)
    for name in ("ims_org_id", "client_id", "scopes", "client_secret"):
        assert getattr(found, name) == getattr(before, name), name
    assert (found.name, found.owner, str(found.credentials_expire_on)) == ("Ours", alice, "2031-01-02")
    assert Event.objects.get().details == {"fields": ["credentials_expire_on", "name", "owner"]}


def test_what_is_not_different_is_not_on_record(olga, url, edited):
    assert browser_of(olga).post(url, edited()).status_code == 302
    assert not Event.objects.exists()


def test_an_owner_is_somebody_who_has_to_do_with_it(alice, bob, olga, url, edited, second):
    html = browser_of(olga).get(url).content.decode()
    assert "olga@example.com" in html
    assert bob.email not in html
    assert browser_of(olga).post(url, edited(owner=str(bob.pk))).status_code == 422

    browser_of(olga).post(url, edited(owner=str(olga.pk)))
    assert Organization.objects.get(pk=second.pk).owner == olga
    assert bob.email in browser_of(alice).get(url).content.decode()


def test_a_closed_account_is_offered_as_no_owner(signed_in, bob, url, edited):
    bob.is_active = False
    bob.save()

    assert signed_in.post(url, edited(owner=str(bob.pk))).status_code == 422


@pytest.mark.parametrize("method", ["get", "post"])
def test_a_connector_may_not_and_a_stranger_finds_nothing(organization, bob, charlie, olga, edited, method):
    url = f"/organizations/{organization.uuid}/"
    for person, status in ((bob, 403), (charlie, 404), (olga, 404)):
        assert getattr(browser_of(person), method)(url, edited()).status_code == status
        assert browser_of(person).post(f"{url}switch/", {"op": "close"}).status_code == status
    assert Organization.objects.get(pk=organization.pk).is_open


def test_a_closed_organization_takes_no_new_connections_and_can_be_opened_again(
    signed_in, organization, alice, filled, connected
):
    made = connected()
    url = f"/organizations/{organization.uuid}/switch/"
    signed_in.post(url, {"op": "close"})
    signed_in.post(url, {"op": "close"})
    assert signed_in.post("/connect/postgres/", filled("Another")).status_code == 422
    assert "closed for new connections" in signed_in.get("/organizations/").content.decode()
    assert signed_in.get(made.get_absolute_url()).status_code == 200

    signed_in.post(url, {"op": "open"})
    assert signed_in.post("/connect/postgres/", filled("Another")).status_code == 302
    assert [(event.kind, event.message) for event in Event.objects.filter(kind=Kind.ORGANIZATION_CHANGED)] == [
        (Kind.ORGANIZATION_CHANGED, "Closed for new connections."),
        (Kind.ORGANIZATION_CHANGED, "Opened again."),
    ]


def test_there_is_no_third_way(signed_in, organization):
    url = f"/organizations/{organization.uuid}/switch/"
    assert signed_in.post(url, {"op": "delete"}).status_code == 404
    assert signed_in.get(url).status_code == 405


def test_one_that_somebody_else_adds_at_the_same_moment_is_told_at_its_field(
    alice, url, second, edited, form, monkeypatch
):
    other = Organization.objects.create(name="Other", ims_org_id="0THER@AdobeOrg", client_id="x", scopes="x")
    monkeypatch.setattr(OrganizationForm, "clean_ims_org_id", lambda self: self.cleaned_data["ims_org_id"])
    monkeypatch.setattr(OrganizationForm, "validate_unique", lambda _self: None)
    browser = browser_of(alice)
    with transaction.atomic():
        changed = browser.post(url, edited("replace", ims_org_id=other.ims_org_id, client_secret="x"))
    with transaction.atomic():
        added = browser.post("/organizations/new/", form(ims_org_id=other.ims_org_id))

    for answer in (changed, added):
        assert answer.status_code == 422
        assert "is here already" in answer.content.decode()
