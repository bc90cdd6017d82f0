"""What a load balancer and a monitor get to know."""

import threading
import time
import uuid
from datetime import timedelta

import pytest
from django.db import OperationalError
from django.db.models.functions import Now
from django.test import Client
from django.utils import timezone

from wizard.connections.models import BaseConnection
from wizard.monitoring import beating, readiness
from wizard.monitoring.models import Beat
from wizard.organizations.models import Organization
from wizard.organizations.services import ensure_first_organization
from wizard.vault import canary
from wizard.vault.models import KeyCanary

IDLE = {"ok": True, "reason": "in_time", "oldest_seconds": 0}
NO_WORKER = {"ok": False, "reason": "none_alive", "number": 0}
NO_TOKEN = {"ok": True, "reason": "never_asked_for"}


@pytest.fixture
def prepared(transactional_db: None) -> None:
    canary.ensure(is_new=True)


def test_it_is_alive_without_a_database(client: Client) -> None:
    response = client.get("/health/live")
    assert (response.status_code, response.text) == (200, "alive\n")


def test_it_is_ready_when_the_keys_open_the_database_though_no_worker_is_alive(client: Client, prepared: None) -> None:
    response = client.get("/health/ready")
    others = {"workers": NO_WORKER, "queue": IDLE, "token": NO_TOKEN}
    assert (response.status_code, response.json()) == (200, {"database": True, "keys": True, **others})
    assert client.get("/health/ready?all=1").status_code == 503


def test_all_is_well_with_a_worker_and_no_queue(client: Client, prepared: None) -> None:
    worker = uuid.uuid4()
    beating.beat(worker)
    beating.beat(worker)
    response = client.get("/health/ready?all=1")
    assert (response.status_code, response.json()["workers"]) == (200, {"ok": True, "reason": "alive", "number": 1})

    beating.end(worker)
    assert client.get("/health/ready?all=1").json()["workers"] == NO_WORKER


def test_a_worker_that_is_silent_is_taken_for_dead_and_forgotten_in_the_end(client: Client, prepared: None) -> None:
    dead, alive, another = uuid.uuid4(), uuid.uuid4(), uuid.uuid4()
    beating.beat(dead)
    Beat.objects.update(at=Now() - timedelta(seconds=31))
    beating.beat(alive)
    beating.beat(another)
    assert client.get("/health/ready").json()["workers"]["number"] == 2

    Beat.objects.filter(pk=dead).update(at=Now() - timedelta(days=2))
    beating.beat(uuid.uuid4())
    assert not Beat.objects.filter(pk=dead).exists()


def test_a_late_queue_is_told_and_what_waits_on_purpose_is_not_late(client, prepared, asked_for) -> None:
    connection = asked_for()
    rows = BaseConnection.objects.filter(pk=connection.pk)
    rows.update(stepped_at=timezone.now() - timedelta(seconds=100))
    found = client.get("/health/ready").json()["queue"]
    assert (found["ok"], found["reason"]) == (False, "late")
    assert 100 <= found["oldest_seconds"] < 110

    rows.update(due_at=timezone.now() + timedelta(minutes=5))
    assert client.get("/health/ready").json()["queue"] == IDLE


@pytest.mark.parametrize(
    ("values", "told"),
    [
        ({"token_expires_at": timedelta(hours=1)}, {"ok": True, "reason": "fresh"}),
        ({"token_expires_at": timedelta(hours=-1)}, {"ok": True, "reason": "expired"}),
        ({"token_trouble_since": timedelta(hours=-1)}, {"ok": False, "reason": "refused"}),
        ({}, NO_TOKEN),
    ],
)
def test_it_says_how_the_access_tokens_are(client, prepared, flow_service, values, told) -> None:
    organization = ensure_first_organization()
    moments = {name: timezone.now() + since for name, since in values.items()}
    Organization.objects.filter(pk=organization.pk).update(token_trouble="Alice’s secret words", **moments)
    response = client.get("/health/ready")
    assert (response.status_code, response.json()["token"]) == (200, told)
    assert client.get("/health/ready?all=1").status_code == 503


def test_it_names_nobody(client, prepared, asked_for) -> None:
    connection = asked_for("Alices orders")
    Organization.objects.update(token_trouble_since=timezone.now(), token_trouble="invalid_client")
    told = Client().get("/health/ready?all=1").text
    for name in ("Alices", str(connection.uuid), connection.organization.ims_org_id, "invalid_client", "prod"):
        assert name not in told


def test_it_is_not_ready_with_other_keys(client: Client, prepared: None) -> None:
    KeyCanary.objects.update(sealed=b"\x01" + bytes(64))
    response = client.get("/health/ready")
    assert (response.status_code, response.json()) == (503, {"database": True, "keys": False})


def test_it_is_not_ready_without_its_database(client: Client, monkeypatch: pytest.MonkeyPatch) -> None:
    def unreachable() -> None:
        raise OperationalError("connection to 10.0.0.7 failed for user wizard")

    monkeypatch.setattr(canary, "verify", unreachable)
    response = client.get("/health/ready")
    assert (response.status_code, response.json()) == (503, {"database": False, "keys": False})


def test_it_does_not_wait_for_a_database_that_hangs_nor_pile_up_questions(
    client: Client, monkeypatch: pytest.MonkeyPatch
) -> None:
    asked, over = [], threading.Event()

    def hang() -> None:
        asked.append(threading.current_thread())
        over.wait(30)

    monkeypatch.setattr(canary, "verify", hang)
    monkeypatch.setattr(readiness, "PATIENCE", 0.2)
    monkeypatch.setattr(readiness, "_asked", readiness.Bounded(readiness._ask))
    started = time.monotonic()
    for _ in range(3):
        assert client.get("/health/ready").json() == {"database": False, "keys": False}
    assert time.monotonic() - started < 10
    assert len(asked) == 1
    assert asked[0].daemon, "the end of the process does not wait for it"

    over.set()
    asked[0].join(10)
