"""What made nothing is sent again: after which pauses, how often, and what is never sent twice."""

from datetime import timedelta

import pytest
from django.utils import timezone
from django_q.models import OrmQ

from wizard.connections.models import BaseConnection
from wizard.connections.statuses import Status
from wizard.flow_service.errors import NoAnswer, NotSent, Refused, Unavailable
from wizard.organizations import breaker
from wizard.record.kinds import Kind
from wizard.work import pauses, submitting, sweeping

POSTS = ("POST", "/connections")
IMS = {"path": "/ims/*"}
SPECS = {"path": "/connectionSpecs"}


@pytest.fixture
def dataset(signed_in, filled):
    """A connection whose source is looked up before it is created."""
    form = filled("Looked up first")
    fields = {name: value for name, value in form.items() if not name.startswith("auth.")}
    assert signed_in.post("/connect/dataset/", fields).status_code == 302
    return BaseConnection.objects.get(name="Looked up first")


def submitted(connection):
    submitting.submit(connection.pk)
    connection.refresh_from_db()
    return connection


def when_due(connection):
    """As if the pause had gone by, and trouble did not hold back the others."""
    breaker.note_success(connection.organization)
    BaseConnection.objects.filter(pk=connection.pk).update(due_at=timezone.now())
    return submitted(connection)


def kinds(connection):
    return [event.kind for event in connection.events.all()]


# --- How long, and how often ---


@pytest.mark.parametrize(("times", "seconds"), list(enumerate(pauses.UNSENT)))
def test_the_pauses_of_what_was_not_sent_grow(times, seconds):
    pause = (pauses.next_attempt(NotSent(), times) - timezone.now()).total_seconds()

    assert seconds - 5 < pause < 1.2 * seconds + 5


@pytest.mark.parametrize("error", [NotSent(), NotSent(status=503), Unavailable(status=429, retry_after=1)], ids=repr)
def test_it_is_sent_again_so_many_times_and_no_more(error):
    assert pauses.next_attempt(error, len(pauses.UNSENT) - 1) is not None
    assert pauses.next_attempt(error, len(pauses.UNSENT)) is None


@pytest.mark.parametrize(
    "error",
    [
        Refused(status=400),
        NoAnswer(),
        Unavailable(status=503),
        NotSent(status=400, code="invalid_client"),
        NotSent(status=401),
        NotSent(code="1413-400"),
    ],
    ids=repr,
)
def test_what_would_not_help_is_not_sent_again(error):
    assert pauses.next_attempt(error, 0) is None


def test_a_throttle_that_names_no_time_waits_half_a_minute(asked_for, flow_service):
    flow_service.set_faults([{"kind": "status", "match": {"path": "/connections"}, "status": 429}])
    connection = submitted(asked_for())

    assert connection.status == Status.WAITING
    pause = (connection.due_at - timezone.now()).total_seconds()
    assert pauses.THROTTLED - 5 < pause < 1.2 * pauses.THROTTLED + 5


# --- What waits, until when, and what it says meanwhile ---


def test_what_waits_says_why_and_forgets_that_when_it_is_sent(asked_for, flow_service):
    flow_service.set_faults([{"kind": "throttle", "match": {"path": "/connections"}, "retry_after": 9, "times": 1}])
    connection = submitted(asked_for())

    assert connection.waits_on_purpose
    assert "429" in connection.due_reason
    when_due(connection)
    assert (connection.status, connection.due_at, connection.due_reason) == (Status.CONNECTED, None, "")


def test_the_sweep_queues_it_when_its_pause_is_over_and_not_before(asked_for, flow_service):
    flow_service.set_faults([{"kind": "throttle", "match": {"path": "/connections"}, "retry_after": 600, "times": 1}])
    connection = submitted(asked_for())
    OrmQ.objects.all().delete()
    long_ago = timezone.now() - timedelta(hours=1)
    BaseConnection.objects.filter(pk=connection.pk).update(stepped_at=long_ago)
    sweeping.sweep()
    assert OrmQ.objects.count() == 0
    BaseConnection.objects.filter(pk=connection.pk).update(due_at=timezone.now())
    sweeping.sweep()
    sweeping.sweep()

    assert [task.func() for task in OrmQ.objects.all()] == ["wizard.work.submitting.submit"]
    assert submitted(connection).status == Status.CONNECTED


def test_a_task_that_comes_before_the_pause_is_over_sends_nothing(asked_for, flow_service):
    flow_service.set_faults([{"kind": "throttle", "match": {"path": "/connections"}, "retry_after": 600}])
    connection = submitted(asked_for())
    submitted(connection)

    assert (connection.status, connection.attempts) == (Status.WAITING, 1)
    assert len(flow_service.requests(*POSTS)) == 1


# --- Before the create ---


@pytest.mark.parametrize(
    "fault",
    [
        {"kind": "status", "status": 503},
        {"kind": "status", "status": 429},
        {"kind": "lose_before"},
        {"kind": "garbage"},
    ],
    ids=lambda fault: str(fault.get("status", fault["kind"])),
)
def test_while_there_is_no_token_to_be_had_it_waits(asked_for, flow_service, fault):
    flow_service.set_faults([fault | {"match": IMS}])
    connection = submitted(asked_for())

    assert (connection.status, connection.sent_at) == (Status.WAITING, None)
    assert connection.due_at > timezone.now()
    flow_service.set_faults([])
    assert when_due(connection).status == Status.CONNECTED
    assert flow_service.names() == ["Orders"]


@pytest.mark.parametrize(
    "fault",
    [
        {"kind": "status", "status": 503},
        {"kind": "throttle", "retry_after": 5},
        {"kind": "lose_before"},
        {"kind": "lose_after"},
        {"kind": "garbage"},
    ],
    ids=lambda fault: fault["kind"],
)
def test_a_look_up_ahead_of_the_create_that_fails_has_made_nothing(dataset, flow_service, fault):
    flow_service.set_faults([fault | {"match": SPECS}])
    submitted(dataset)

    assert (dataset.status, dataset.sent_at) == (Status.WAITING, None)
    assert flow_service.requests(*POSTS) == []
    flow_service.set_faults([])
    assert when_due(dataset).status == Status.CONNECTED


def test_a_look_up_ahead_of_the_create_that_is_refused_makes_it_fail(dataset, flow_service):
    flow_service.set_faults([{"kind": "status", "match": SPECS, "status": 403, "code": "403003"}])
    submitted(dataset)

    assert (dataset.status, dataset.error_code) == (Status.FAILED, "403003")
    assert Kind.SENT not in kinds(dataset)


# --- Never twice ---


def test_what_may_have_been_made_is_never_put_back(asked_for, flow_service):
    flow_service.set_faults([{"kind": "lose_before", "match": {"method": "POST", "path": "/connections"}, "times": 1}])
    connection = submitted(asked_for())
    BaseConnection.objects.filter(pk=connection.pk).update(stepped_at=timezone.now() - timedelta(hours=1))
    sweeping.sweep()
    submitted(connection)

    assert Kind.PUT_BACK not in kinds(connection)
    assert len(flow_service.requests(*POSTS)) == 1


def test_two_tasks_of_one_pause_send_it_once(asked_for, flow_service):
    flow_service.set_faults([{"kind": "throttle", "match": {"path": "/connections"}, "retry_after": 9, "times": 1}])
    connection = submitted(asked_for())
    when_due(connection)
    submitted(connection)

    assert flow_service.names() == ["Orders"]
    assert len(flow_service.requests(*POSTS)) == 2
