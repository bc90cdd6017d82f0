"""What becomes of a waiting connection: each outcome, on the wire and in the database."""

from datetime import timedelta

import pytest
from django.utils import timezone
from django_q.models import OrmQ

from tests.conftest import CANARY
from wizard.connections.models import BaseConnection
from wizard.connections.statuses import Status
from wizard.flow_service.datatypes import Created
from wizard.flow_service.errors import Unavailable
from wizard.organizations import breaker
from wizard.record.kinds import Kind
from wizard.work import pauses, reconciling, submitting, sweeping

POSTS = ("POST", "/connections")


def kinds(connection):
    return [event.kind for event in connection.events.all()]


def look_now(connection):
    """As if the pause before the next look had gone by, and a worker had taken up what the sweep queues."""
    OrmQ.objects.all().delete()
    later(connection, next_look_at=timezone.now())
    sweeping.sweep()
    assert [task.func() for task in OrmQ.objects.all()] == ["wizard.work.reconciling.reconcile"]
    reconciling.reconcile(connection.pk)
    connection.refresh_from_db()


def later(connection, **values):
    """As if time had gone by."""
    BaseConnection.objects.filter(pk=connection.pk).update(**values)
    connection.refresh_from_db()


def test_it_connects_and_keeps_id_and_etag(asked_for, flow_service):
    connection = asked_for()
    submitting.submit(connection.pk)

    connection.refresh_from_db()
    remote = flow_service.call("GET", f"/connections/{connection.base_connection_id}").json()["items"][0]
    assert connection.status == Status.CONNECTED
    assert (remote["name"], remote["etag"]) == ("Orders", connection.etag)
    assert connection.etag.startswith('"')
    assert kinds(connection) == [Kind.ASKED, Kind.CLAIMED, Kind.SENT, Kind.CONNECTED]


def test_it_sends_what_was_asked_for_whatever_became_of_the_catalog(asked_for, flow_service, monkeypatch):
    connection = asked_for()
    monkeypatch.setattr(BaseConnection, "spec", None)
    submitting.submit(connection.pk)

    connection.refresh_from_db()
    (request,) = flow_service.requests(*POSTS)
    assert connection.status == Status.CONNECTED
    assert request["body"]["auth"]["specName"] == "Connection String Based Authentication"
    assert request["body"]["connectionSpec"] == {"id": connection.connection_spec_id, "version": "1.0"}


def test_running_it_twice_sends_once(asked_for, flow_service):
    connection = asked_for()
    submitting.submit(connection.pk)
    submitting.submit(connection.pk)

    assert len(flow_service.requests(*POSTS)) == 1


def test_a_refusal_is_kept_with_code_words_and_request_id(asked_for, flow_service):
    flow_service.set_faults(
        [
            {
                "kind": "status",
                "match": {"method": "POST", "path": "/connections"},
                "status": 400,
                "code": "1308-400",
                "message": f"cannot log in with {CANARY}",
            }
        ]
    )
    connection = asked_for()
    submitting.submit(connection.pk)

    connection.refresh_from_db()
    assert connection.status == Status.FAILED
    assert (connection.error_status, connection.error_code) == (400, "1308-400")
    assert "cannot log in" in connection.error_message
    assert CANARY not in connection.error_message
    assert connection.error_request_id
    assert all(CANARY not in event.message for event in connection.events.all())


def send_when_due(connection):
    """As if the pause had gone by."""
    later(connection, due_at=timezone.now())
    submitting.submit(connection.pk)
    connection.refresh_from_db()


def test_what_cannot_be_sent_waits_and_is_sent_when_the_server_is_back(asked_for, flow_service, settings):
    connection, address = asked_for(), settings.FLOW_SERVICE_URL
    settings.FLOW_SERVICE_URL = "http://127.0.0.1:9/flowservice"
    submitting.submit(connection.pk)

    connection.refresh_from_db()
    assert connection.status == Status.WAITING
    assert connection.due_at > timezone.now()
    assert "sent again" in connection.events.last().message
    submitting.submit(connection.pk)
    assert flow_service.requests(*POSTS) == []
    settings.FLOW_SERVICE_URL = address
    send_when_due(connection)
    assert connection.status == Status.CONNECTED
    assert len(flow_service.requests(*POSTS)) == 1


def test_what_can_never_be_sent_fails_in_the_end(asked_for, flow_service, settings):
    connection = asked_for()
    settings.FLOW_SERVICE_URL = "http://127.0.0.1:9/flowservice"
    for _ in range(len(pauses.UNSENT) + 1):
        breaker.note_success(connection.organization)
        send_when_due(connection)

    assert (connection.status, connection.error_kind) == (Status.FAILED, "NotSent")
    assert flow_service.requests(*POSTS) == []


def test_no_token_makes_it_fail_before_anything_is_sent(asked_for, flow_service, organization):
    connection = asked_for()
    organization.seal("client_secret", "wrong")
    organization.save(update_fields=["client_secret"])
    submitting.submit(connection.pk)

    connection.refresh_from_db()
    assert (connection.status, connection.error_code) == (Status.FAILED, "invalid_client")
    assert Kind.SENT not in kinds(connection)
    assert flow_service.requests(*POSTS) == []


def test_a_throttled_create_waits_as_long_as_adobe_asks_and_is_sent_again(asked_for, flow_service):
    connection = asked_for()
    flow_service.set_faults([{"kind": "throttle", "match": {"path": "/connections"}, "retry_after": 100, "times": 1}])
    submitting.submit(connection.pk)

    connection.refresh_from_db()
    assert connection.status == Status.WAITING
    pause = connection.due_at - timezone.now()
    assert timedelta(seconds=95) < pause < timedelta(seconds=121)
    send_when_due(connection)
    assert connection.status == Status.CONNECTED
    assert flow_service.names() == ["Orders"]


@pytest.mark.parametrize("hours", [1, 24 * 365])
def test_no_throttle_makes_it_wait_for_longer_than_ten_minutes(asked_for, hours):
    refusal = Unavailable(status=429, retry_after=3600.0 * hours)

    assert pauses.next_attempt(refusal, 0) < timezone.now() + timedelta(seconds=600 * 1.2 + 1)


def test_a_create_that_is_throttled_without_end_fails_with_adobes_words(asked_for, flow_service):
    connection = asked_for()
    flow_service.set_faults([{"kind": "throttle", "match": {"path": "/connections"}, "retry_after": 1}])
    for _ in range(len(pauses.UNSENT) + 1):
        send_when_due(connection)

    assert (connection.status, connection.error_status) == (Status.FAILED, 429)
    flow_service.set_faults([])
    assert flow_service.names() == []


@pytest.mark.parametrize("kind", ["lose_after", "garbage"])
def test_a_lost_answer_is_looked_up_and_the_connection_adopted(asked_for, flow_service, kind):
    flow_service.set_faults([{"kind": kind, "match": {"method": "POST", "path": "/connections"}, "times": 1}])
    connection = asked_for()
    submitting.submit(connection.pk)

    connection.refresh_from_db()
    assert connection.status == Status.CONNECTED
    assert connection.etag
    assert Kind.UNKNOWN in kinds(connection)
    assert len(flow_service.requests(*POSTS)) == 1
    assert flow_service.names() == ["Orders"]


def test_a_create_that_never_arrived_fails_after_the_last_look_and_is_not_sent_again(asked_for, flow_service):
    flow_service.set_faults([{"kind": "lose_before", "match": {"method": "POST", "path": "/connections"}, "times": 1}])
    connection = asked_for()
    submitting.submit(connection.pk)
    connection.refresh_from_db()
    assert connection.status == Status.UNKNOWN

    for _ in pauses.LOOKS:
        assert connection.next_look_at > timezone.now()
        look_now(connection)

    assert connection.status == Status.FAILED
    assert "safe to try again" in connection.error_message
    assert len(flow_service.requests(*POSTS)) == 1


def test_a_look_that_fails_does_not_count(asked_for, flow_service):
    flow_service.set_faults(
        [
            {"kind": "lose_after", "match": {"method": "POST", "path": "/connections"}, "times": 1},
            {"kind": "status", "match": {"method": "GET", "path": "/connections"}, "status": 503, "times": 5},
        ]
    )
    connection = asked_for()
    submitting.submit(connection.pk)
    for _ in range(5):
        look_now(connection)

    assert connection.status == Status.CONNECTED


@pytest.mark.parametrize("status", [408, 500, 502, 503, 504])
def test_an_answer_that_leaves_it_open_is_looked_up_too(asked_for, flow_service, status):
    flow_service.set_faults(
        [{"kind": "status", "match": {"method": "POST", "path": "/connections"}, "status": status, "times": 1}]
    )
    connection = asked_for()
    submitting.submit(connection.pk)

    connection.refresh_from_db()
    assert connection.status == Status.UNKNOWN
    assert connection.is_being_looked_up


def test_a_silent_server_is_given_up_at_the_deadline(asked_for, flow_service):
    flow_service.set_faults([{"kind": "latency", "match": {"method": "POST", "path": "/connections"}, "seconds": 30}])
    connection = asked_for()
    submitting.submit(connection.pk)

    connection.refresh_from_db()
    assert connection.status == Status.UNKNOWN
    assert connection.stepped_at - connection.sent_at < timedelta(seconds=10)


def test_several_that_fit_are_left_to_a_person(asked_for, flow_service):
    connection = asked_for()
    connection.claim()
    connection.mark_sent()
    connection.mark_unknown("no answer")
    spec = connection.spec
    body = {"name": "Orders", "connectionSpec": {"id": spec.id, "version": "1.0"}}
    body["auth"] = {"specName": connection.auth_spec_name, "params": {"connectionString": "Server=x"}}
    for _ in range(2):
        assert flow_service.call("POST", "/connections", json=body).status_code == 201
    reconciling.reconcile(connection.pk)

    connection.refresh_from_db()
    assert (connection.status, connection.next_look_at) == (Status.UNKNOWN, None)
    assert "Several in the sandbox fit" in connection.events.last().message


def test_another_connection_of_ours_is_never_adopted(asked_for, flow_service):
    first = asked_for()
    submitting.submit(first.pk)
    first.refresh_from_db()
    later(first, name="Renamed here")
    second = asked_for()
    second.claim()
    second.mark_sent()
    second.mark_unknown("no answer")
    reconciling.reconcile(second.pk)

    second.refresh_from_db()
    assert second.status == Status.UNKNOWN
    assert second.base_connection_id == ""


def test_a_worker_that_died_before_sending_puts_the_row_back(asked_for, flow_service):
    connection = asked_for()
    connection.claim()
    later(connection, stepped_at=timezone.now() - timedelta(minutes=10))
    sweeping.sweep()

    connection.refresh_from_db()
    assert connection.status == Status.WAITING
    submitting.submit(connection.pk)
    assert flow_service.names() == ["Orders"]


def test_a_worker_that_died_after_sending_is_looked_up_and_never_sent_again(asked_for, flow_service):
    connection = asked_for()
    connection.claim()
    connection.mark_sent()
    later(connection, stepped_at=timezone.now() - timedelta(minutes=10))
    sweeping.sweep()

    connection.refresh_from_db()
    assert connection.status == Status.UNKNOWN
    submitting.submit(connection.pk)
    assert flow_service.requests(*POSTS) == []


def test_a_row_that_stalls_again_and_again_fails_in_the_end(asked_for, flow_service):
    connection = asked_for()
    for _ in range(sweeping.MOST_PUT_BACKS + 1):
        connection.claim()
        later(connection, stepped_at=timezone.now() - timedelta(minutes=10))
        sweeping.sweep()
        connection.refresh_from_db()

    assert connection.status == Status.FAILED
    assert flow_service.requests(*POSTS) == []


def test_a_worker_that_was_taken_for_dead_sends_nothing(asked_for, flow_service, monkeypatch):
    connection = asked_for()
    unseal = BaseConnection.unseal

    def sleep_too_long(row, field):
        BaseConnection.objects.filter(pk=row.pk).update(stepped_at=timezone.now() - timedelta(minutes=10))
        sweeping.sweep()
        return unseal(row, field)

    monkeypatch.setattr(BaseConnection, "unseal", sleep_too_long)
    submitting.submit(connection.pk)

    connection.refresh_from_db()
    assert connection.status == Status.WAITING
    assert flow_service.requests(*POSTS) == []


def test_a_late_answer_is_never_lost_sight_of(asked_for, flow_service):
    connection = asked_for()
    connection.claim()
    sleeper = BaseConnection.objects.get(pk=connection.pk)
    connection.mark_sent()
    connection.mark_failed("given up")
    later(connection, status=Status.WAITING)
    connection.claim()
    submitting.keep_created(sleeper, Created("late-id", '"etag"'))

    assert connection.events.last().kind == Kind.LATE
    assert "late-id" in connection.events.last().message


def test_a_lost_task_is_queued_again(asked_for):
    connection = asked_for()
    OrmQ.objects.all().delete()
    later(connection, stepped_at=timezone.now() - timedelta(minutes=10))
    sweeping.sweep()

    assert OrmQ.objects.count() == 1


def test_credentials_that_do_not_open_make_it_fail_with_a_sentence(asked_for, flow_service):
    first, second = asked_for("First"), asked_for("Second")
    later(second, auth_params=first.auth_params)
    submitting.submit(second.pk)

    second.refresh_from_db()
    assert second.status == Status.FAILED
    assert "belongs elsewhere" in second.error_message
    assert flow_service.requests(*POSTS) == []


def test_a_token_that_ended_early_is_replaced_and_the_create_sent_once_more(asked_for, flow_service):
    first = asked_for("First")
    submitting.submit(first.pk)
    flow_service.end_tokens()
    second = asked_for("Second")
    submitting.submit(second.pk)
    second.refresh_from_db()
    assert second.status == Status.WAITING
    submitting.submit(second.pk)

    second.refresh_from_db()
    assert second.status == Status.CONNECTED
    assert flow_service.names() == ["First", "Second"]


def test_a_token_that_is_refused_again_ends_in_failed(asked_for, flow_service):
    refusal = {"kind": "status", "match": {"method": "POST", "path": "/connections"}, "status": 401, "code": "401013"}
    flow_service.set_faults([refusal])
    connection = asked_for()
    submitting.submit(connection.pk)
    submitting.submit(connection.pk)

    connection.refresh_from_db()
    assert (connection.status, connection.error_code) == (Status.FAILED, "401013")
    assert len(flow_service.requests(*POSTS)) == 2


def test_two_sweeps_queue_one_look(asked_for, flow_service):
    connection = asked_for()
    connection.claim()
    connection.mark_sent()
    connection.mark_unknown("no answer")
    OrmQ.objects.all().delete()
    later(connection, next_look_at=timezone.now())
    sweeping.sweep()
    sweeping.sweep()

    assert OrmQ.objects.count() == 1


def test_a_row_that_waits_long_is_queued_once_more_and_not_by_every_sweep(asked_for):
    connection = asked_for()
    OrmQ.objects.all().delete()
    later(connection, stepped_at=timezone.now() - timedelta(minutes=10))
    for _ in range(3):
        sweeping.sweep()

    assert OrmQ.objects.count() == 1


def test_a_sweep_that_comes_late_does_not_put_back_what_is_being_sent(asked_for, flow_service):
    connection = asked_for()
    connection.claim()
    later(connection, stepped_at=timezone.now() - timedelta(minutes=10))
    seen_by_the_sweep = BaseConnection.objects.get(pk=connection.pk)
    assert connection.mark_sent()

    assert not seen_by_the_sweep.put_back("It looked dead.")
    connection.refresh_from_db()
    assert connection.status == Status.CONNECTING


def test_an_old_put_back_does_not_count_after_trying_again(asked_for, flow_service, alice):
    connection = asked_for()
    connection.claim()
    connection.put_back("ended early")
    assert connection.times_put_back == 1
    connection.claim()
    connection.mark_failed("refused")
    connection.ask(alice)

    assert connection.times_put_back == 0


def test_a_ready_token_that_is_refused_is_not_sent_twice(asked_for, flow_service, settings):
    settings.ACCESS_TOKEN = "a-ready-token-that-nobody-knows"
    connection = asked_for()
    submitting.submit(connection.pk)

    connection.refresh_from_db()
    assert (connection.status, connection.error_status) == (Status.FAILED, 401)
    assert len(flow_service.requests(*POSTS)) == 1


def test_a_name_that_is_taken_again_does_not_lose_a_late_answer(asked_for, flow_service):
    first = asked_for("Orders")
    first.claim()
    first.mark_sent()
    sleeper = BaseConnection.objects.get(pk=first.pk)
    first.mark_failed("given up")
    later(first, created_at=timezone.now() - timedelta(hours=1))
    BaseConnection.objects.filter(pk=first.pk).update(name="Orders")
    other = asked_for("Orders 2")
    later(other, name="Orders")
    submitting.keep_created(sleeper, Created("late-id", "etag"))

    assert "late-id" in first.events.last().message


def test_a_very_long_message_of_adobes_is_kept_as_far_as_it_fits(asked_for, flow_service):
    refusal = {"kind": "status", "match": {"method": "POST", "path": "/connections"}, "status": 400, "code": "1308-400"}
    flow_service.set_faults([refusal | {"message": "long " * 1000}])
    connection = asked_for()
    submitting.submit(connection.pk)

    connection.refresh_from_db()
    assert connection.status == Status.FAILED
    assert 1000 < len(connection.events.last().message) <= 2100


def test_a_create_asks_the_database_no_more_than_it_has_to(asked_for, django_assert_max_num_queries):
    """A token is at hand, as it nearly always is. A thousand that wait ask a thousand times as much."""
    submitting.submit(asked_for("The first one").pk)
    second = asked_for("The second one")
    with django_assert_max_num_queries(40):
        submitting.submit(second.pk)
