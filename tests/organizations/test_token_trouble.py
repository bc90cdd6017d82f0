"""A token that stops working is told and recorded once, and forgotten with the next one that works."""

from datetime import timedelta

import pytest
from django.utils import timezone

from wizard.flow_service.errors import NotSent
from wizard.organizations.models import Organization
from wizard.organizations.services import ensure_first_organization
from wizard.organizations.tokens import access_token
from wizard.record.kinds import Kind
from wizard.record.models import Event

REFUSED, ACCEPTED = Kind.CREDENTIALS_REFUSED, Kind.CREDENTIALS_ACCEPTED


@pytest.fixture
def refused(organization):
    """An organization with a wrong secret."""
    organization.seal("client_secret", "wr0ng-s3cret")
    organization.save(update_fields=["client_secret"])
    return organization


def recorded():
    return list(Event.objects.values_list("kind", flat=True))


def test_a_refusal_is_kept_with_since_when_and_in_which_words(refused):
    with pytest.raises(NotSent):
        access_token(refused, None)

    found = Organization.objects.get()
    assert found.token_trouble_since > timezone.now() - timedelta(minutes=1)
    assert "invalid_client" in found.token_trouble
    assert "Copy the client ID" in found.token_trouble
    assert "wr0ng" not in found.token_trouble


def test_it_is_on_record_once_and_not_at_each_try(refused):
    with pytest.raises(NotSent):
        access_token(refused, None)
    since = Organization.objects.get().token_trouble_since
    for _ in range(2):
        with pytest.raises(NotSent):
            access_token(refused, None)

    assert recorded() == [REFUSED]
    assert Organization.objects.get().token_trouble_since == since
    event = Event.objects.get()
    assert (event.organization, event.outcome, event.actor) == (refused, "failed", None)
    assert event.details == {"code": "invalid_client"}


def test_the_next_token_that_works_ends_it(refused, flow_service):
    with pytest.raises(NotSent):
        access_token(refused, None)
    refused.seal("client_secret", flow_service.client_secret)
    refused.save(update_fields=["client_secret"])
    access_token(refused, None)

    found = Organization.objects.get()
    assert (found.token_trouble_since, found.token_trouble) == (None, "")
    assert recorded() == [REFUSED, ACCEPTED]


def test_a_refused_renewal_is_told_while_the_old_token_is_still_good(organization):
    first = access_token(organization, None)
    organization.seal("client_secret", "wrong")
    organization.token_expires_at = timezone.now() + timedelta(minutes=1)
    organization.save()

    assert access_token(organization, None) == first
    assert Organization.objects.get().token_trouble_since is not None


@pytest.mark.parametrize("status", [429, 500, 503])
def test_an_ims_that_is_busy_or_broken_says_nothing_about_the_credentials(organization, flow_service, status):
    flow_service.set_faults([{"kind": "status", "match": {"path": "/ims/*"}, "status": status}])
    with pytest.raises(NotSent):
        access_token(organization, None)

    assert Organization.objects.get().token_trouble_since is None
    assert recorded() == []


def test_a_refusal_of_credentials_that_were_replaced_meanwhile_is_no_news(refused, monkeypatch):
    def replaced(*_args, **_kwargs):
        Organization.objects.update(token_renewal_ends_at=None)
        raise NotSent("no", status=401, code="invalid_client")

    monkeypatch.setattr("wizard.organizations.tokens.fetch_token", replaced)
    with pytest.raises(NotSent):
        access_token(refused, None)

    assert Organization.objects.get().token_trouble_since is None


def test_a_stored_secret_that_does_not_open_is_told_as_well(organization):
    Organization.objects.update(client_secret=b"no sealed value at all")
    with pytest.raises(NotSent):
        access_token(organization, None)

    assert "does not open" in Organization.objects.get().token_trouble
    assert recorded() == [REFUSED]


def test_a_ready_token_that_is_not_accepted_is_told_until_the_next_start(organization, settings):
    settings.ACCESS_TOKEN = "ready-t0ken"
    for _ in range(2):
        with pytest.raises(NotSent):
            access_token(organization, "ready-t0ken")
    found = Organization.objects.get()
    assert "ACCESS_TOKEN" in found.token_trouble
    assert "ready-t0ken" not in found.token_trouble
    assert recorded() == [REFUSED]

    ensure_first_organization()
    assert Organization.objects.get().token_trouble_since is None
