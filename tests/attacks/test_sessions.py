"""Sessions: not to be fixed, guessed, kept or taken along; and nobody guesses passwords from one place for long."""

from http.cookies import Morsel

import pytest
from django.contrib.auth import get_user
from django.contrib.sessions.models import Session
from django.test import Client

from wizard.access.models import Grant
from wizard.organizations.models import Organization
from wizard.people import services as people
from wizard.people.models import User

PASSWORD = "correct horse battery"


def sign_in(client: Client, email: str, password: str = PASSWORD, address: str = "203.0.113.7") -> int:
    return client.post("/sign-in/", {"login": email, "password": password}, REMOTE_ADDR=address).status_code


def test_a_session_that_was_put_into_a_browser_is_not_signed_in(client: Client, alice: User) -> None:
    mallory = Client()
    mallory.get("/people/")
    planted = mallory.session
    planted["planted"] = "yes"
    planted.save()
    client.cookies["wizard_session"] = planted.session_key
    assert sign_in(client, alice.email) == 302

    assert client.cookies["wizard_session"].value != planted.session_key
    assert get_user(client) == alice  # type: ignore[arg-type]
    mallory.cookies["wizard_session"] = planted.session_key
    assert mallory.get("/").status_code == 302
    assert not Session.objects.filter(session_key=planted.session_key).exists()


@pytest.mark.parametrize("key", ["x", "a" * 32, "../../etc/passwd", "' OR 1=1 --", "\u00e9" * 8, "0" * 5000])
def test_a_key_that_nobody_gave_out_is_no_session(client: Client, alice: User, key: str) -> None:
    client.cookies["wizard_session"] = key
    assert client.get("/").status_code == 302
    assert sign_in(client, alice.email) == 302

    assert client.cookies["wizard_session"].value != key


def test_another_person_in_the_same_browser_gets_another_session(client: Client, alice: User, bob: User) -> None:
    sign_in(client, alice.email)
    first = client.cookies["wizard_session"].value
    client.post("/sign-out/")
    sign_in(client, bob.email)

    assert client.cookies["wizard_session"].value != first
    thief = Client()
    thief.cookies["wizard_session"] = first
    assert thief.get("/").status_code == 302, "what was signed out is over"


def test_the_links_that_sign_somebody_in_begin_a_session_anew(client: Client, db: None) -> None:
    client.get("/sign-in/")
    planted = client.session
    planted["planted"] = "yes"
    planted.save()
    client.cookies["wizard_session"] = planted.session_key
    fields = {"email": "alice@example.com", "password1": "another horse battery", "password2": "another horse battery"}
    client.post(f"/first/{people.issue_first_link()}/", fields)

    assert get_user(client).is_authenticated  # type: ignore[arg-type]
    assert client.cookies["wizard_session"].value != planted.session_key


def test_a_sessions_cookie_is_for_no_script_and_for_no_other_site(client: Client, alice: User) -> None:
    sign_in(client, alice.email)
    cookie: Morsel[str] = client.cookies["wizard_session"]

    assert (cookie["httponly"], cookie["samesite"], cookie["domain"], cookie["path"]) == (True, "Lax", "", "/")
    assert len(cookie.value) >= 32


def test_who_is_closed_or_gone_has_no_session_any_more(client: Client, bob: User, organization: Organization) -> None:
    client.force_login(bob)
    assert client.get("/").status_code == 200
    User.objects.filter(pk=bob.pk).update(is_active=False)
    assert client.get("/").status_code == 302
    User.objects.filter(pk=bob.pk).update(is_active=True)
    Grant.objects.filter(person=bob).delete()
    User.objects.filter(pk=bob.pk).delete()
    assert client.get("/").status_code == 302


def test_one_address_may_not_try_one_password_with_many_names(client: Client, alice: User) -> None:
    for number in range(60):
        sign_in(client, f"person{number}@example.com", "Winter2026 password", "203.0.113.66")
    refused = client.post("/sign-in/", {"login": alice.email, "password": PASSWORD}, REMOTE_ADDR="203.0.113.66")

    assert refused.status_code in (200, 429)
    assert get_user(client).is_anonymous  # type: ignore[arg-type]
    assert sign_in(client, alice.email, address="203.0.113.77") == 302, "from elsewhere alice still gets in"


def test_a_forged_forwarding_does_not_make_an_address_new(client: Client, alice: User) -> None:
    """Without a proxy in front what a visitor says of his address counts for nothing."""
    for number in range(60):
        fields = {"login": f"person{number}@example.com", "password": "wrong"}
        client.post("/sign-in/", fields, headers={"X-Forwarded-For": f"198.51.100.{number}"})
    client.post("/sign-in/", {"login": alice.email, "password": PASSWORD}, headers={"X-Forwarded-For": "198.51.100.99"})

    assert get_user(client).is_anonymous  # type: ignore[arg-type]
