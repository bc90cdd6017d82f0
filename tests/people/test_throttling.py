"""Guessing is slow, for one account and from one address, whichever process is asked; and it is as slow for a name
that nobody has."""

from collections.abc import Callable
from typing import Any

import pytest
from django.contrib.auth.hashers import MD5PasswordHasher
from django.test import Client

from tests.people.steps import PASSWORD, browser_of, sign_in, who
from wizard import settings as product
from wizard.people import floods
from wizard.people.models import User
from wizard.record.kinds import Kind
from wizard.record.models import Event


def test_an_account_is_shut_after_five_wrong_passwords_from_anywhere(alice: User, bob: User) -> None:
    for number in range(5):
        sign_in(Client(REMOTE_ADDR=f"198.51.100.{number}"), password="wrong")
    right = Client(REMOTE_ADDR="198.51.100.77")
    assert "Too many failed attempts" in sign_in(right).text
    assert who(right).is_anonymous
    assert sign_in(right, bob.email)["Location"] == "/"


def test_the_letters_of_an_address_make_no_other_account(alice: User) -> None:
    for spelling in ("Alice@example.com", "ALICE@EXAMPLE.COM", " alice@example.com", "alice@Example.com", alice.email):
        sign_in(Client(), spelling, "wrong")
    assert "Too many failed attempts" in sign_in(Client()).text


def test_the_host_that_a_request_names_makes_no_other_account(alice: User) -> None:
    """The server answers to every port of its name, and to every spelling."""
    for number, host in enumerate(("testserver", "testserver:1", "testserver:2", "TESTSERVER", "Testserver:3")):
        sign_in(Client(headers={"host": host}, REMOTE_ADDR=f"198.51.100.{number}"), password="wrong")
    assert "Too many failed attempts" in sign_in(Client()).text


def test_an_address_is_shut_after_ten_wrong_passwords_for_anybody(alice: User) -> None:
    for number in range(10):
        sign_in(Client(REMOTE_ADDR="198.51.100.9"), f"guess{number}@example.com", "wrong")
    assert "Too many failed attempts" in sign_in(Client(REMOTE_ADDR="198.51.100.9")).text
    assert sign_in(Client(REMOTE_ADDR="198.51.100.10"))["Location"] == "/"


def test_the_addresses_of_one_network_count_as_one(alice: User) -> None:
    for number in range(10):
        sign_in(Client(REMOTE_ADDR=f"2001:db8:1:1::{number:x}"), f"guess{number}@example.com", "wrong")
    assert "Too many failed attempts" in sign_in(Client(REMOTE_ADDR="2001:db8:1:1:ffff::1")).text
    assert sign_in(Client(REMOTE_ADDR="2001:db8:1:2::1"))["Location"] == "/"


def test_an_address_is_not_what_a_header_says(alice: User) -> None:
    """Nobody but the proxy may say it, and there is none in front of a server on loopback."""
    for number in range(10):
        strange = Client(headers={"x-forwarded-for": f"198.51.100.{number}"})
        sign_in(strange, f"guess{number}@example.com", "wrong")
    assert "Too many failed attempts" in sign_in(Client(headers={"x-forwarded-for": "203.0.113.5"})).text


def test_a_name_that_nobody_has_is_shut_just_the_same(db: None) -> None:
    for _ in range(5):
        sign_in(Client(), "nobody@example.com", "wrong")
    assert "Too many failed attempts" in sign_in(Client(), "nobody@example.com", "wrong").text


def test_the_right_password_in_between_opens_no_second_round(alice: User) -> None:
    for password in ("wrong", "wrong", "wrong", PASSWORD, "wrong", "wrong"):
        sign_in(Client(), password=password)
    assert "Too many failed attempts" in sign_in(Client()).text


def test_posts_of_the_form_are_few_a_minute_even_when_right(alice: User) -> None:
    answers = [sign_in(Client()).status_code for _ in range(31)]
    assert answers == [302] * 30 + [429]
    assert "Too many attempts" in sign_in(Client()).text


def test_confirming_cannot_be_guessed_by_a_stolen_session(alice: User) -> None:
    stolen = browser_of(alice)
    for _ in range(5):
        stolen.post("/account/confirm/", {"password": "wrong"})
    assert "Too many failed attempts" in stolen.post("/account/confirm/", {"password": PASSWORD}).text


def test_the_old_password_cannot_be_guessed_either(alice: User) -> None:
    stolen = browser_of(alice)
    guess = {"oldpassword": "wrong", "password1": "another horse battery", "password2": "another horse battery"}
    answers = [stolen.post("/account/password/", guess).status_code for _ in range(6)]
    assert answers == [200] * 5 + [429]


def test_all_processes_count_together() -> None:
    assert product.CACHES["default"]["BACKEND"] == "django.core.cache.backends.db.DatabaseCache"


def test_a_refusal_by_the_throttle_writes_no_more_events(alice: User) -> None:
    """Nobody fills the record by going on."""
    for _ in range(8):
        sign_in(Client(), password="wrong")
    assert Event.objects.count() == 5


# --- The same work for every name ---


@pytest.fixture
def hashed(monkeypatch: pytest.MonkeyPatch) -> list[str]:
    """One entry for every password that was hashed."""
    work: list[str] = []
    encode: Callable[..., str] = MD5PasswordHasher.encode

    def counted(self: MD5PasswordHasher, *args: Any) -> str:
        work.append("hash")
        return encode(self, *args)

    monkeypatch.setattr(MD5PasswordHasher, "encode", counted)
    return work


@pytest.mark.parametrize("whom", ["alice", "nobody", "closed", "passwordless"])
def test_a_sign_in_costs_one_hash_whoever_it_is_for(alice: User, hashed: list[str], whom: str) -> None:
    User.objects.create_user("closed@example.com", PASSWORD)
    User.objects.filter(email="closed@example.com").update(is_active=False)
    User.objects.create_user("passwordless@example.com")
    hashed.clear()
    sign_in(Client(), f"{whom}@example.com", "wrong")
    assert hashed == ["hash"]


def test_every_name_is_refused_in_the_same_words(alice: User) -> None:
    User.objects.create_user("closed@example.com", PASSWORD)
    User.objects.filter(email="closed@example.com").update(is_active=False)
    User.objects.create_user("passwordless@example.com")
    names = ("alice", "nobody", "closed", "passwordless")
    words = {str(sign_in(Client(), f"{name}@example.com", "wrong").context["form"].errors) for name in names}
    assert len(words) == 1


def test_a_closed_account_is_named_to_its_owner_alone(alice: User) -> None:
    User.objects.filter(pk=alice.pk).update(is_active=False)
    client = Client()
    assert sign_in(client)["Location"] == "/sign-in/closed/"
    assert "This account is closed" in client.get("/sign-in/closed/").text
    assert who(client).is_anonymous
    assert client.get("/").status_code == 302


# --- Names that nobody has, from ever new addresses ---


def guess(number: int) -> None:
    client = Client(REMOTE_ADDR=f"198.51.{number // 200}.{number % 200}")
    sign_in(client, f"nobody{number}@example.com", "wrong")


def test_a_flood_of_unknown_names_fills_no_record(db: None, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(floods, "ONE_BY_ONE", 10)
    for number in range(70):
        guess(number)
    told = list(Event.objects.filter(kind=Kind.SIGN_IN_FAILED).order_by("pk"))
    assert len(told) == 10 + 3
    assert [event.details.get("number") for event in told[10:]] == [16, 32, 64]
    assert "number 64 within this hour" in told[-1].message


def test_a_flood_hides_no_attack_on_an_account(alice: User, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(floods, "ONE_BY_ONE", 2)
    for number in range(7):
        guess(number)
    sign_in(Client(REMOTE_ADDR="203.0.113.9"), password="wrong")
    assert Event.objects.filter(kind=Kind.SIGN_IN_FAILED).last().details["account"] == alice.email  # type: ignore[union-attr]
