"""REQUIRE_SECOND_FACTOR: who has none is led to set one up, and comes nowhere else before."""

from typing import Any

import pytest
from allauth.mfa.models import Authenticator
from django.test import Client

from tests.people.steps import set_up_app, sign_in
from wizard.organizations.models import Organization
from wizard.people.models import User


@pytest.fixture(autouse=True)
def demanded(settings: Any) -> None:
    settings.REQUIRE_SECOND_FACTOR = True


@pytest.mark.parametrize(
    "path", ["/", "/connections/", "/people/", "/account/", "/account/sessions/", "/connect/mysql/"]
)
def test_it_leads_to_where_one_is_set_up(signed_in: Client, organization: Organization, path: str) -> None:
    assert signed_in.get(path)["Location"] == "/account/two-step/"
    assert signed_in.post(path)["Location"] == "/account/two-step/"
    assert "asks everybody for a second step" in signed_in.get("/account/two-step/").text


def test_with_one_everything_is_open(signed_in: Client, organization: Organization) -> None:
    set_up_app(signed_in)
    assert signed_in.get("/account/two-step/recovery-codes/").status_code == 200
    assert signed_in.get("/").status_code == 200
    assert "asks everybody" not in signed_in.get("/account/two-step/").text


def test_a_passkey_is_one_and_recovery_codes_are_none(
    signed_in: Client, alice: User, organization: Organization
) -> None:
    row = Authenticator.objects.create(user=alice, type="recovery_codes", data={})
    assert signed_in.get("/").status_code == 302
    row.delete()
    Authenticator.objects.create(user=alice, type="webauthn", data={"name": "Laptop"})
    assert signed_in.get("/").status_code == 200


def test_it_lets_go_whoever_will_not(signed_in: Client) -> None:
    assert signed_in.post("/sign-out/")["Location"] == "/sign-in/"


def test_it_starts_again_when_the_last_one_is_removed(signed_in: Client) -> None:
    set_up_app(signed_in)
    signed_in.post("/account/two-step/app/remove/")
    assert signed_in.get("/")["Location"] == "/account/two-step/"


def test_what_asks_for_no_page_is_refused_instead(signed_in: Client) -> None:
    assert signed_in.get("/connections/", headers={"accept": "application/json"}).status_code == 403


def test_public_pages_stay_public(client: Client, alice: User) -> None:
    for path in ("/sign-in/", "/health/live"):
        assert client.get(path).status_code == 200
    sign_in(client)
    assert client.get("/health/live").status_code == 200


def test_nobody_is_asked_where_it_is_not_demanded(signed_in: Client, settings: Any, organization: Organization) -> None:
    settings.REQUIRE_SECOND_FACTOR = False
    assert signed_in.get("/").status_code == 200
