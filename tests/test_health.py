"""What a load balancer gets to know."""

import pytest
from django.db import OperationalError
from django.test import Client

from wizard.vault import canary
from wizard.vault.models import KeyCanary


def test_it_is_alive_without_a_database(client: Client) -> None:
    response = client.get("/health/live")
    assert (response.status_code, response.text) == (200, "alive\n")


def test_it_is_ready_when_the_keys_open_the_database(client: Client, db: None) -> None:
    canary.ensure(is_new=True)
    response = client.get("/health/ready")
    assert (response.status_code, response.json()) == (200, {"database": True, "keys": True})


def test_it_is_not_ready_with_other_keys(client: Client, db: None) -> None:
    canary.ensure(is_new=True)
    KeyCanary.objects.update(sealed=b"\x01" + bytes(64))
    response = client.get("/health/ready")
    assert (response.status_code, response.json()) == (503, {"database": True, "keys": False})


def test_it_is_not_ready_without_its_database(client: Client, monkeypatch: pytest.MonkeyPatch) -> None:
    def unreachable() -> None:
        raise OperationalError("connection to 10.0.0.7 failed for user wizard")

    monkeypatch.setattr(canary, "verify", unreachable)
    response = client.get("/health/ready")
    assert (response.status_code, response.json()) == (503, {"database": False, "keys": False})
