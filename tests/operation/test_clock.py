"""The clock is put back or ahead by hours: nothing is sent twice, nobody waits for hours, the record stays whole."""

import time
from collections.abc import Callable
from datetime import datetime, timedelta
from types import SimpleNamespace
from typing import Any

import pytest
from django.core.cache import cache
from django.core.management import call_command
from django.test import Client
from django.utils import timezone
from django_q.models import OrmQ

from tests.emulator.running import Emulator
from wizard.connections.models import BaseConnection
from wizard.connections.statuses import Status
from wizard.flow_service.client import FlowService
from wizard.organizations import tokens
from wizard.organizations.models import Organization
from wizard.people import middleware
from wizard.people.models import User
from wizard.record.kinds import Kind
from wizard.record.models import Event
from wizard.record.verifying import verify
from wizard.work import clock as clocks
from wizard.work import reconciling, submitting, sweeping
from wizard.work.sweeping import sweep

BACK, AHEAD = timedelta(hours=-3), timedelta(hours=3)


class FakeClock:
    """Of this process. The one that knows no jumps goes on as it does, unless it is told to."""

    def __init__(self, monkeypatch: pytest.MonkeyPatch) -> None:
        self.offset, self.later = timedelta(0), 0.0
        fake = self

        class Shifted(datetime):
            @classmethod
            def now(cls, tz: Any = None) -> datetime:
                return datetime.now(tz) + fake.offset

        wall = SimpleNamespace(
            time=lambda: time.time() + self.offset.total_seconds() + self.later,
            monotonic=lambda: time.monotonic() + self.later,
        )
        monkeypatch.setattr(timezone, "datetime", Shifted)
        monkeypatch.setattr(clocks, "time", wall)
        monkeypatch.setattr(middleware, "time", wall)
        monkeypatch.setattr(sweeping, "clock", clocks.Clock())

    def jump(self, by: timedelta) -> None:
        self.offset += by


@pytest.fixture
def clock(monkeypatch: pytest.MonkeyPatch) -> FakeClock:
    return FakeClock(monkeypatch)


def sends(flow_service: Emulator) -> int:
    return len(flow_service.requests("POST", "/connections"))


# --- Back ---


def test_what_is_queued_does_not_wait_until_the_clock_catches_up(
    asked_for: Callable[..., BaseConnection], clock: FakeClock, flow_service: Emulator
) -> None:
    connection = asked_for("Orders")
    clock.jump(BACK)
    sweep()
    assert OrmQ.objects.get().lock <= timezone.now()
    submitting.submit(connection.pk)
    submitting.submit(connection.pk)
    connection.refresh_from_db()
    assert (connection.status, sends(flow_service)) == (Status.CONNECTED, 1)


def test_a_pause_ends_when_it_would_have(
    asked_for: Callable[..., BaseConnection], clock: FakeClock, flow_service: Emulator
) -> None:
    flow_service.set_faults([{"kind": "throttle", "retry_after": 30, "times": 1, "match": {"path": "/connections"}}])
    connection = asked_for("Orders")
    submitting.submit(connection.pk)
    clock.jump(BACK)
    sweep()
    submitting.submit(connection.pk)
    connection.refresh_from_db()
    assert (connection.status, sends(flow_service)) == (Status.CONNECTED, 2)


def test_what_a_dead_process_has_left_is_taken_up_again(
    asked_for: Callable[..., BaseConnection], clock: FakeClock, flow_service: Emulator
) -> None:
    connection = asked_for("Orders")
    assert connection.claim()
    clock.jump(BACK)
    sweep()
    connection.refresh_from_db()
    assert connection.stepped_at <= timezone.now()


def test_a_breaker_lets_one_try_again(
    asked_for: Callable[..., BaseConnection], clock: FakeClock, flow_service: Emulator, organization: Organization
) -> None:
    connection = asked_for("Orders")
    now = timezone.now()
    Organization.objects.update(troubles=3, trouble_since=now, probe_at=now + timedelta(minutes=5))
    submitting.submit(connection.pk)
    assert sends(flow_service) == 0
    clock.jump(BACK)
    sweep()
    submitting.submit(connection.pk)
    connection.refresh_from_db()
    assert connection.status == Status.CONNECTED


def test_a_token_is_asked_for_anew(clock: FakeClock, flow_service: Emulator, organization: Organization) -> None:
    """Whoever was renewing it is gone; and one that Adobe does not take any more is not believed its time."""
    first = tokens.access_token(organization, None)
    Organization.objects.update(token_renewal_ends_at=timezone.now() + timedelta(seconds=20), token_expires_at=None)
    clock.jump(BACK)
    began = time.monotonic()
    second = tokens.access_token(organization, None)
    assert tokens.access_token(organization, second) not in (first, second)
    assert time.monotonic() - began < 15


def test_what_was_made_before_is_left_to_a_person_and_never_called_not_made(
    asked_for: Callable[..., BaseConnection], clock: FakeClock, flow_service: Emulator
) -> None:
    """Sent by a clock that was ahead: what Adobe has made seems to be older than the send."""
    clock.jump(AHEAD)
    flow_service.set_faults([{"kind": "lose_after", "times": 1, "match": {"method": "POST", "path": "/connections"}}])
    connection = asked_for("Orders")
    clock.jump(BACK)
    before = BaseConnection.mark_unknown
    clock.jump(AHEAD)

    def mark_unknown(row: BaseConnection, *texts: str, **values: object) -> bool:
        marked = before(row, *texts, **values)
        clock.jump(BACK)
        sweep()
        return marked

    with pytest.MonkeyPatch.context() as patched:
        patched.setattr(BaseConnection, "mark_unknown", mark_unknown)
        submitting.submit(connection.pk)
    connection.refresh_from_db()
    assert (connection.status, connection.can_be_chosen) == (Status.UNKNOWN, True)
    assert [found["name"] for found in connection.candidates] == ["Orders"]
    last = connection.events.filter(kind=Kind.LOOKED).last()
    assert last is not None
    assert "The server’s clock was put back since the send" in last.message
    assert sends(flow_service) == 1


def test_no_duration_is_negative_and_the_record_is_whole(
    asked_for: Callable[..., BaseConnection], clock: FakeClock, monkeypatch: pytest.MonkeyPatch, signed_in: Client
) -> None:
    connection = asked_for("Orders")
    before = FlowService.create_connection

    def create(client: FlowService, *body: Any, **options: Any) -> Any:
        created = before(client, *body, **options)
        clock.jump(BACK)
        return created

    monkeypatch.setattr(FlowService, "create_connection", create)
    submitting.submit(connection.pk)
    ended = connection.events.get(kind=Kind.CONNECTED)
    assert ended.duration_ms == 0
    assert all(call.duration_ms >= 0 for call in connection.calls.all())
    times = [event.at for event in Event.objects.order_by("pk")]
    assert times != sorted(times)
    report = verify()
    assert (report.findings, report.count) == ([], len(times))
    assert signed_in.get(connection.get_absolute_url()).status_code == 200


def test_looks_go_on_record_again(
    connected: Callable[..., BaseConnection], clock: FakeClock, signed_in: Client
) -> None:
    connection = connected("Orders")
    signed_in.get(connection.get_absolute_url())
    clock.jump(BACK)
    signed_in.get(connection.get_absolute_url())
    signed_in.get(connection.get_absolute_url())
    assert connection.events.filter(kind=Kind.VIEWED).count() == 2


def test_a_session_that_began_in_the_future_lasts_no_longer_than_others(
    clock: FakeClock, client: Client, alice: User
) -> None:
    clock.jump(timedelta(days=365))
    client.force_login(alice)
    client.get("/")
    assert client.session[middleware.BEGAN] > time.time()
    clock.jump(timedelta(days=-365))
    assert client.get("/").status_code == 200
    assert client.session[middleware.BEGAN] <= time.time()


def test_nobody_stays_locked_out(clock: FakeClock, settings: Any, db: None) -> None:
    settings.CACHES = {"default": {"BACKEND": "django.core.cache.backends.db.DatabaseCache", "LOCATION": "cache"}}
    call_command("createcachetable", verbosity=0)
    clock.jump(AHEAD)
    cache.set("attempts", 5, 300)
    clock.jump(BACK)
    cache.set("others", 5, 300)
    # As Django's cache reads the time, the row itself is what tells.
    clocks.go_on_by(timezone.now() - timedelta(hours=3))
    assert cache.get("attempts") is None


# --- Ahead ---


def test_a_create_that_is_on_its_way_is_not_sent_again(
    asked_for: Callable[..., BaseConnection],
    clock: FakeClock,
    flow_service: Emulator,
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    connection = asked_for("Orders")
    before = FlowService.create_connection

    def create(client: FlowService, *body: Any, **options: Any) -> Any:
        created = before(client, *body, **options)
        clock.jump(AHEAD)
        sweep()
        return created

    with monkeypatch.context() as patched:
        patched.setattr(FlowService, "create_connection", create)
        submitting.submit(connection.pk)
    reconciling.reconcile(connection.pk)
    connection.refresh_from_db()
    assert (connection.status, sends(flow_service)) == (Status.CONNECTED, 1)


def test_one_that_was_to_be_sent_is_sent_by_one_process_alone(
    asked_for: Callable[..., BaseConnection],
    clock: FakeClock,
    flow_service: Emulator,
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    connection = asked_for("Orders")
    before = BaseConnection.mark_sent

    def mark_sent(row: BaseConnection) -> bool:
        monkeypatch.setattr(BaseConnection, "mark_sent", before)
        clock.jump(AHEAD)
        sweep()
        submitting.submit(row.pk)
        return before(row)

    monkeypatch.setattr(BaseConnection, "mark_sent", mark_sent)
    submitting.submit(connection.pk)
    connection.refresh_from_db()
    assert (connection.status, sends(flow_service)) == (Status.CONNECTED, 1)


def test_nothing_is_erased_for_an_hour_as_it_may_be_a_mistake(
    signed_in: Client, filled: Callable[..., dict[str, str]], clock: FakeClock, caplog: pytest.LogCaptureFixture
) -> None:
    signed_in.post("/connect/postgres/", filled("Orders", intent="draft"))
    clock.jump(timedelta(days=30))
    sweep()
    assert BaseConnection.objects.count() == 1
    assert "Nothing is erased for being old within the next hour." in caplog.text
    clock.jump(timedelta(days=-30))
    sweep()
    assert BaseConnection.objects.count() == 1
    clock.jump(timedelta(days=30))
    sweep()
    clock.later = clocks.STEADY.total_seconds() + 1
    sweep()
    assert BaseConnection.objects.count() == 0
