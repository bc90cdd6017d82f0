"""The first run: one link, one person, once."""

import hashlib
from datetime import timedelta

import pytest
from django.contrib.auth import get_user
from django.db import IntegrityError
from django.http import HttpResponse
from django.test import Client
from django.utils import timezone

from wizard.people import services
from wizard.people.models import SignInLink, User

PASSWORD = "correct horse battery"


@pytest.fixture
def token(db: None) -> str:
    token = services.issue_first_link()
    assert token
    return token


def submit(client: Client, token: str, email: str = "alice@example.com", password: str = PASSWORD) -> HttpResponse:
    return client.post(f"/first/{token}/", {"email": email, "password1": password, "password2": password})


def test_it_makes_the_first_administrator_and_signs_them_in(client: Client, token: str) -> None:
    response = submit(client, token, "Alice@Example.com")
    assert (response.status_code, response["Location"]) == (302, "/")
    alice = User.objects.get()
    assert (alice.email, alice.is_admin) == ("alice@example.com", True)
    assert get_user(client) == alice  # type: ignore[arg-type]
    assert alice.check_password(PASSWORD)


def test_it_keeps_the_digest_of_a_link_alone(token: str) -> None:
    link = SignInLink.objects.get()
    assert link.digest == hashlib.sha256(token.encode()).hexdigest()
    assert token not in str(vars(link))


def test_it_opens_the_form_without_using_the_link_up(client: Client, token: str) -> None:
    for _ in range(2):
        page = client.get(f"/first/{token}/")
        assert page.status_code == 200
        assert 'name="password2"' in page.text


def test_it_works_once(client: Client, token: str) -> None:
    submit(client, token)
    page = submit(Client(), token, "mallory@example.com")
    assert page.status_code == 410
    assert 'name="password1"' not in page.text
    assert User.objects.get().email == "alice@example.com"


def test_it_makes_one_person_when_two_browsers_come_at_once(
    client: Client, token: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Both have found the link open; the second one loses where it counts."""
    submit(client, token)
    monkeypatch.setattr(services, "is_open", lambda _token: True)
    page = submit(Client(), token, "mallory@example.com")
    assert page.status_code == 410
    assert User.objects.count() == 1


def test_it_does_not_use_a_link_up_for_a_person_that_cannot_be_saved(token: str) -> None:
    nobody = User(email="x@example.com", password=None)
    with pytest.raises(IntegrityError):
        services.create_first_person(token, nobody)
    assert services.is_open(token)


def test_it_refuses_an_expired_link(client: Client, token: str) -> None:
    SignInLink.objects.update(expires_at=timezone.now() - timedelta(seconds=1))
    assert client.get(f"/first/{token}/").status_code == 410
    assert submit(client, token).status_code == 410
    assert not User.objects.exists()


def test_it_lasts_a_day(token: str) -> None:
    link = SignInLink.objects.get()
    assert timedelta(hours=23, minutes=59) < link.expires_at - timezone.now() <= timedelta(hours=24)


def test_it_does_not_know_a_made_up_link(client: Client, db: None) -> None:
    page = client.get("/first/made-up/")
    assert page.status_code == 404
    assert "/sign-in/" in page.text


def test_a_fresh_link_replaces_the_one_before(client: Client, token: str) -> None:
    fresh = services.issue_first_link()
    assert client.get(f"/first/{token}/").status_code == 404
    assert client.get(f"/first/{fresh}/").status_code == 200
    assert SignInLink.objects.count() == 1


def test_no_link_is_made_once_somebody_has_an_account(alice: User) -> None:
    assert services.issue_first_link() is None
    assert not SignInLink.objects.exists()


def test_no_link_works_once_somebody_has_an_account(client: Client, token: str, alice: User) -> None:
    assert submit(client, token, "mallory@example.com").status_code == 410
    assert list(User.objects.all()) == [alice]


@pytest.mark.parametrize("password", ["short", "12345678901234", "password1234", "alice@example.com"])
def test_it_refuses_a_weak_password_and_keeps_the_address(client: Client, token: str, password: str) -> None:
    page = submit(client, token, password=password)
    assert page.status_code == 422
    assert 'value="alice@example.com"' in page.text
    assert not User.objects.exists()
    assert services.is_open(token)


def test_it_refuses_two_different_passwords(client: Client, token: str) -> None:
    fields = {"email": "alice@example.com", "password1": PASSWORD, "password2": PASSWORD + "!"}
    assert client.post(f"/first/{token}/", fields).status_code == 422


def test_it_gives_the_address_with_the_token_to_nobody(client: Client, token: str) -> None:
    for response in (client.get(f"/first/{token}/"), submit(client, token)):
        assert response["Referrer-Policy"] == "strict-origin"
        assert "no-store" in response["Cache-Control"]


def test_it_refuses_a_form_from_elsewhere(token: str) -> None:
    assert submit(Client(enforce_csrf_checks=True), token).status_code == 403
    assert not User.objects.exists()
