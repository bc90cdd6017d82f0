"""Who a person is."""

from typing import Any

import pytest
from django.db import IntegrityError

from wizard.people import sign_in_settings
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


def test_the_product_keeps_passwords_as_argon2id(db: None, settings: Any) -> None:
    settings.PASSWORD_HASHERS = sign_in_settings.PASSWORD_HASHERS
    kept = User.objects.create_user("ivan@example.com", "a long enough one").password
    assert kept.startswith("argon2$argon2id$")
