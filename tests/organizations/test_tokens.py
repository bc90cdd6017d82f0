"""Access tokens: sealed, renewed ahead of their end, by one process at a time."""

import threading
from datetime import timedelta

import pytest
from django.db import connection as database
from django.utils import timezone

from wizard.flow_service.errors import NotSent
from wizard.organizations import tokens
from wizard.organizations.models import Organization
from wizard.organizations.tokens import access_token

TOKENS = ("POST", "/ims/token/v3")


def test_a_token_is_fetched_once_and_kept_sealed(organization, flow_service):
    first = access_token(organization, None)
    again = access_token(Organization.objects.get(), None)

    assert first == again
    assert len(flow_service.requests(*TOKENS)) == 1
    assert first.encode() not in bytes(Organization.objects.get().access_token)


def test_a_stale_token_is_replaced(organization, flow_service):
    first = access_token(organization, None)

    assert access_token(organization, first) != first
    assert len(flow_service.requests(*TOKENS)) == 2


def test_a_token_is_renewed_ahead_of_its_end(organization, flow_service):
    first = access_token(organization, None)
    organization.token_expires_at = timezone.now() + tokens.RENEW_AHEAD - timedelta(seconds=1)
    organization.save(update_fields=["token_expires_at"])

    assert access_token(organization, None) != first


def test_while_one_renews_the_others_use_what_is_still_good(organization, flow_service):
    first = access_token(organization, None)
    organization.token_expires_at = timezone.now() + timedelta(minutes=1)
    organization.token_renewal_ends_at = timezone.now() + timedelta(seconds=20)
    organization.save()

    assert access_token(organization, None) == first
    assert len(flow_service.requests(*TOKENS)) == 1


@pytest.mark.django_db(transaction=True)
def test_many_at_once_ask_ims_once(organization, flow_service):
    flow_service.set_faults([{"kind": "latency", "match": {"path": "/ims/*"}, "seconds": 0.3}])
    found = []

    def ask():
        found.append(access_token(Organization.objects.get(), None))
        database.close()

    threads = [threading.Thread(target=ask) for _ in range(6)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()

    assert len(found) == 6
    assert len(set(found)) == 1
    assert len(flow_service.requests(*TOKENS)) == 1


def test_a_refusal_leaves_the_way_free_for_the_next(organization, flow_service):
    organization.seal("client_secret", "wrong")
    organization.save(update_fields=["client_secret"])
    for _ in range(2):
        with pytest.raises(NotSent) as caught:
            access_token(organization, None)
        assert caught.value.code == "invalid_client"
        assert "wrong" not in str(caught.value)

    assert len(flow_service.requests(*TOKENS)) == 2


def test_a_token_that_is_still_good_outlives_a_silent_ims(organization, flow_service):
    first = access_token(organization, None)
    organization.token_expires_at = timezone.now() + timedelta(minutes=1)
    organization.save(update_fields=["token_expires_at"])
    flow_service.set_faults([{"kind": "status", "match": {"path": "/ims/*"}, "status": 503}])

    assert access_token(organization, None) == first


def test_forgetting_a_token_spares_one_that_came_since(organization, flow_service):
    first = access_token(organization, None)
    other_process = Organization.objects.get()
    second = access_token(other_process, first)
    tokens.forget_token(organization)

    assert access_token(Organization.objects.get(), None) == second


def test_a_renewal_that_took_too_long_spares_what_another_has_done(organization, flow_service, monkeypatch):
    def overtaken(*_args, **_options):
        Organization.objects.update(token_renewal_ends_at=timezone.now() + timedelta(minutes=5))
        raise NotSent("silent")

    monkeypatch.setattr(tokens, "fetch_token", overtaken)
    with pytest.raises(NotSent):
        access_token(organization, None)

    assert Organization.objects.get().token_renewal_ends_at is not None


def test_a_secret_that_does_not_open_is_a_reason_not_to_send(organization, flow_service):
    Organization.objects.update(client_secret=b"nonsense")

    with pytest.raises(NotSent, match="does not open"):
        access_token(organization, None)


def test_a_ready_token_is_used_as_it_is_and_not_for_ever(organization, flow_service, settings):
    settings.ACCESS_TOKEN = "a-ready-token"

    assert access_token(organization, None) == "a-ready-token"
    with pytest.raises(NotSent, match="ACCESS_TOKEN"):
        access_token(organization, "a-ready-token")
    assert flow_service.requests(*TOKENS) == []
