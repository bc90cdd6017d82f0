"""What the circuit breaker holds back, what counts as trouble, and what a probe sends."""

from datetime import timedelta

import pytest
from django.utils import timezone
from django_q.models import OrmQ

from tests.organizations.trouble import as_if_open_for, keep_open, opened, pause
from wizard.connections.models import BaseConnection
from wizard.connections.statuses import Status
from wizard.flow_service.client import FlowService
from wizard.organizations import breaker
from wizard.organizations.models import Organization
from wizard.record.kinds import Kind
from wizard.work import submitting, sweeping, trouble

POSTS = ("POST", "/connections")
LISTS = ("GET", "/connections")
BROKEN = {"kind": "status", "match": {"method": "POST", "path": "/connections"}, "status": 503}


def submitted(connection):
    submitting.submit(connection.pk)
    connection.refresh_from_db()
    return connection


def held(asked_for, organization, *names):
    """Connections that found the breaker open."""
    opened(organization)
    keep_open(organization)
    return [submitted(asked_for(name)) for name in names]


def probe_is_due(organization, *connections):
    as_if_open_for(organization, seconds=4)
    BaseConnection.objects.filter(pk__in=[connection.pk for connection in connections]).update(due_at=timezone.now())


def test_what_comes_while_it_is_open_is_held_and_says_since_when_and_why(asked_for, flow_service, organization):
    (connection,) = held(asked_for, organization, "Orders")

    organization.refresh_from_db()
    event = connection.events.last()
    assert (connection.status, connection.due_at > timezone.now()) == (Status.WAITING, True)
    assert f"since {organization.trouble_since:%H:%M:%S} UTC: HTTP 503" in connection.due_reason
    assert (event.kind, event.message) == (Kind.HELD, connection.due_reason)
    assert flow_service.requests() == []


def test_what_is_held_again_gets_no_second_event(asked_for, flow_service, organization):
    (connection,) = held(asked_for, organization, "Orders")
    BaseConnection.objects.filter(pk=connection.pk).update(due_at=timezone.now())
    submitted(connection)

    assert connection.due_at > timezone.now()
    assert [event.kind for event in connection.events.all()] == [Kind.ASKED, Kind.HELD]


@pytest.mark.parametrize(
    "fault", [BROKEN, BROKEN | {"status": 500}, {"kind": "lose_before", "match": BROKEN["match"]}], ids=str
)
def test_three_creates_in_trouble_hold_back_the_fourth(asked_for, flow_service, organization, fault):
    flow_service.set_faults([fault])
    for number in range(3):
        submitted(asked_for(f"In trouble {number}"))
    keep_open(organization)
    fourth = submitted(asked_for("Fourth"))

    assert (fourth.status, fourth.attempts) == (Status.WAITING, 0)
    assert len(flow_service.requests(*POSTS)) == 3


def test_no_token_is_trouble_too(asked_for, flow_service, organization):
    flow_service.set_faults([{"kind": "status", "match": {"path": "/ims/*"}, "status": 503}])
    for number in range(3):
        submitted(asked_for(f"Without {number}"))
    keep_open(organization)

    assert submitted(asked_for("Fourth")).attempts == 0


@pytest.mark.parametrize(
    "fault",
    [
        {"kind": "status", "match": BROKEN["match"], "status": 400, "code": "1308-400"},
        {"kind": "throttle", "match": BROKEN["match"], "retry_after": 1},
    ],
    ids=["refused", "throttled"],
)
def test_what_is_refused_or_throttled_was_answered_and_is_no_trouble(asked_for, flow_service, organization, fault):
    flow_service.set_faults([fault])
    for number in range(breaker.TROUBLES):
        submitted(asked_for(f"Answered {number}"))

    assert Organization.objects.get().troubles == 0


def test_a_source_that_adobe_does_not_know_is_no_trouble_of_the_flow_service(
    signed_in, filled, flow_service, organization, monkeypatch
):
    monkeypatch.setattr(FlowService, "list_connection_specs", lambda *_, **__: [])
    form = filled("No such source")
    for name in [name for name in form if name.startswith("auth.")]:
        del form[name]
    assert signed_in.post("/connect/dataset/", form).status_code == 302
    connection = submitted(BaseConnection.objects.get())

    assert (connection.status, connection.error_code) == (Status.FAILED, trouble.UNKNOWN_SPEC)
    assert Organization.objects.get().troubles == 0


def test_a_send_that_another_process_has_taken_over_is_no_trouble(asked_for, flow_service, organization, monkeypatch):
    monkeypatch.setattr(BaseConnection, "mark_sent", lambda _: False)
    submitted(asked_for("Taken over"))

    assert Organization.objects.get().troubles == 0
    assert flow_service.requests(*POSTS) == []


def test_a_probe_that_fails_sends_no_create_and_waits_for_longer(asked_for, flow_service, organization):
    (connection,) = held(asked_for, organization, "Orders")
    flow_service.set_faults([{"kind": "status", "match": {"method": "GET", "path": "/connections"}, "status": 503}])
    probe_is_due(organization, connection)
    submitted(connection)

    assert len(flow_service.requests(*LISTS)) == 1
    assert flow_service.requests(*POSTS) == []
    assert (connection.status, connection.sent_at) == (Status.WAITING, None)
    assert "could not finish the request at the moment. (HTTP 503)" in connection.events.last().message
    assert pause(organization) > timedelta(seconds=3)
    assert submitted(asked_for("The next")).attempts == 0


def test_a_probe_that_succeeds_sends_its_create_and_releases_all_that_were_held(asked_for, flow_service, organization):
    first, *others = held(asked_for, organization, "First", "Second", "Third")
    probe_is_due(organization, first)
    submitted(first)

    assert first.status == Status.CONNECTED
    OrmQ.objects.all().delete()
    sweeping.sweep()
    assert OrmQ.objects.count() == len(others)
    assert [submitted(other).status for other in others] == [Status.CONNECTED] * 2
    assert flow_service.names() == ["First", "Second", "Third"]


def test_a_create_that_is_refused_after_its_probe_closes_it_all_the_same(asked_for, flow_service, organization):
    (connection,) = held(asked_for, organization, "Orders")
    flow_service.set_faults([BROKEN | {"status": 400, "code": "1308-400"}])
    probe_is_due(organization, connection)
    submitted(connection)

    assert connection.status == Status.FAILED
    assert Organization.objects.get().trouble_since is None


def test_while_one_probes_the_others_are_held(asked_for, flow_service, organization):
    (connection,) = held(asked_for, organization, "Orders")
    probe_is_due(organization, connection)
    assert breaker.wait_until(Organization.objects.get()) is None
    submitted(connection)

    assert (connection.status, connection.attempts) == (Status.WAITING, 0)
    assert flow_service.requests() == []


def test_credentials_that_do_not_open_leave_the_probe_to_the_next(asked_for, flow_service, organization):
    first, second = held(asked_for, organization, "First", "Second")
    probe_is_due(organization, first, second)
    BaseConnection.objects.filter(pk=second.pk).update(auth_params=first.auth_params)

    assert submitted(second).status == Status.FAILED
    assert submitted(first).status == Status.CONNECTED


@pytest.mark.parametrize(
    "fault",
    [{"kind": "status", "status": 403, "code": "403003"}, {"kind": "throttle", "retry_after": 1}],
    ids=["refused", "throttled"],
)
def test_a_probe_that_is_refused_or_throttled_was_answered_and_its_create_is_sent(
    asked_for, flow_service, organization, fault
):
    (connection,) = held(asked_for, organization, "Orders")
    flow_service.set_faults([fault | {"match": {"method": "GET", "path": "/connections"}}])
    probe_is_due(organization, connection)
    submitted(connection)

    assert connection.status == Status.CONNECTED
    assert Organization.objects.get().trouble_since is None
