"""Who a person is, and who sees whom."""

import pytest
from django.db import IntegrityError
from django.test import Client

from wizard.people.models import User


def test_it_keeps_an_address_in_lower_case(db: None) -> None:
    assert User.objects.create_user("Alice@Example.COM", "a long enough one").email == "alice@example.com"


def test_it_takes_an_address_once_in_whatever_letters(alice: User, bob: User) -> None:
    with pytest.raises(IntegrityError):
        User.objects.filter(pk=bob.pk).update(email="ALICE@example.com")
    assert alice.pk != bob.pk


def test_it_finds_a_person_by_an_address_in_whatever_letters(alice: User) -> None:
    assert User.objects.get_by_natural_key("ALICE@example.com") == alice


def test_it_makes_an_administrator_on_the_command_line(db: None) -> None:
    assert User.objects.create_superuser("root@example.com", "a long enough one").is_admin
    assert not User.objects.create_user("guest@example.com", "a long enough one").is_admin


def test_it_shows_an_administrator_who_is_here(signed_in: Client, bob: User) -> None:
    page = signed_in.get("/people/")
    assert page.status_code == 200
    assert "alice@example.com" in page.text
    assert bob.email in page.text


def test_it_refuses_the_list_of_people_to_others(client: Client, bob: User) -> None:
    client.force_login(bob)
    assert client.get("/people/").status_code == 403


def test_it_changes_nobody_through_the_list(signed_in: Client) -> None:
    assert signed_in.post("/people/").status_code == 405
