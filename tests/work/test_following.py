"""A connection that Adobe is still setting up is followed until it is enabled and has an etag."""

from datetime import timedelta

import pytest
from django.utils import timezone
from django_q.models import OrmQ

from tests.story.running import wait_for
from wizard.connections.models import BaseConnection
from wizard.connections.statuses import Status
from wizard.flow_service.client import FlowService
from wizard.record.kinds import Kind
from wizard.work import following, submitting, sweeping
from wizard.work.following import follow

READS = {"method": "GET", "path": "/connections/*"}


@pytest.fixture
def initializing(asked_for, flow_service):
    """A connection that was made, and that Adobe is setting up for as long as it is told."""

    def make(seconds, **values):
        flow_service.set_faults([{"kind": "initializing", "seconds": seconds, "times": 1}])
        connection = asked_for()
        submitting.submit(connection.pk)
        return later(connection, **values)

    return make


def later(connection, **values):
    """As if time had gone by."""
    BaseConnection.objects.filter(pk=connection.pk).update(**values)
    connection.refresh_from_db()
    return connection


def followed(connection):
    follow(connection.pk)
    connection.refresh_from_db()
    return connection


def states(connection):
    return [event.message for event in connection.events.filter(kind=Kind.STATE)]


def queued():
    return [task.func() for task in OrmQ.objects.all()]


def test_what_was_just_made_is_followed_at_once(initializing):
    OrmQ.objects.all().delete()
    connection = initializing(60)

    assert "wizard.work.following.follow" in queued()
    assert (connection.status, connection.etag) == (Status.CONNECTED, "")
    assert connection.follow_at > timezone.now()


def test_while_it_is_initializing_it_is_followed_on(initializing):
    connection = followed(initializing(60))

    assert (connection.remote_state, connection.etag, connection.is_initializing) == ("initializing", "", True)
    assert connection.follow_at > timezone.now()
    assert states(connection) == ["Adobe says: initializing."]


def test_it_ends_enabled_with_the_etag_and_is_not_followed_any_more(initializing, flow_service):
    connection = followed(initializing(0.5))
    wait_for(lambda: flow_service.read(connection.base_connection_id)["state"] == "enabled", "the end of it")
    followed(connection)

    remote = flow_service.read(connection.base_connection_id)
    assert (connection.remote_state, connection.etag) == ("enabled", remote["etag"])
    assert connection.follow_at is None
    assert states(connection) == ["Adobe says: initializing.", "Adobe says: enabled."]


def test_what_is_enabled_at_once_needs_one_look_and_no_event(asked_for, flow_service):
    connection = asked_for()
    submitting.submit(connection.pk)
    connection.refresh_from_db()
    followed(connection)

    assert (connection.remote_state, connection.follow_at) == ("enabled", None)
    assert states(connection) == []
    before = len(flow_service.requests("GET"))
    followed(connection)
    assert len(flow_service.requests("GET")) == before


def test_what_a_look_up_has_found_is_followed_too(asked_for, flow_service):
    posts = {"method": "POST", "path": "/connections"}
    faults = [{"kind": "initializing", "seconds": 60, "times": 1}, {"kind": "lose_after", "match": posts, "times": 1}]
    flow_service.set_faults(faults)
    connection = asked_for()
    OrmQ.objects.all().delete()
    submitting.submit(connection.pk)
    connection.refresh_from_db()

    assert (connection.status, connection.remote_state) == (Status.CONNECTED, "initializing")
    assert queued() == ["wizard.work.following.follow"]


@pytest.mark.parametrize("age", [timedelta(minutes=2), timedelta(hours=1), timedelta(hours=23)])
def test_the_longer_it_takes_the_longer_are_the_pauses_up_to_some_minutes(initializing, age):
    connection = followed(initializing(60, connected_at=timezone.now() - age))

    pause = (connection.follow_at - timezone.now()).total_seconds()
    expected = min(age.total_seconds() / 2, following.LONGEST)
    assert expected - 10 < pause < expected * 1.2 + 10


def test_after_a_day_it_is_given_up(initializing):
    connection = followed(initializing(60, connected_at=timezone.now() - following.FOLLOWED_FOR - timedelta(minutes=1)))

    assert (connection.status, connection.remote_state) == (Status.CONNECTED, "initializing")
    assert (connection.follow_at, connection.is_initializing) == (None, False)


@pytest.mark.parametrize(
    "fault", [{"kind": "status", "status": 503}, {"kind": "lose_before"}, {"kind": "garbage"}], ids=lambda f: f["kind"]
)
def test_a_flow_service_in_trouble_is_asked_again(initializing, flow_service, fault):
    connection = initializing(0)
    flow_service.set_faults([fault | {"match": READS}])
    followed(connection)

    assert (connection.status, connection.remote_state) == (Status.CONNECTED, "")
    assert connection.follow_at > timezone.now()
    flow_service.set_faults([])
    assert followed(connection).remote_state == "enabled"


def test_a_dead_flow_service_is_asked_again_and_not_for_ever(initializing, settings):
    connection = initializing(0)
    settings.FLOW_SERVICE_URL = "http://127.0.0.1:9/flowservice"
    assert followed(connection).follow_at > timezone.now()
    later(connection, connected_at=timezone.now() - following.FOLLOWED_FOR - timedelta(minutes=1))

    assert followed(connection).follow_at is None


def test_one_that_has_vanished_stays_connected_here_until_it_is_given_up(initializing, flow_service):
    connection = initializing(0)
    flow_service.call("DELETE", f"/connections/{connection.base_connection_id}")
    followed(connection)

    assert (connection.status, connection.remote_state) == (Status.CONNECTED, "")
    assert connection.follow_at > timezone.now()
    later(connection, connected_at=timezone.now() - following.FOLLOWED_FOR - timedelta(minutes=1))
    assert followed(connection).follow_at is None


def test_a_lost_task_is_queued_again_by_one_of_two_sweeps(initializing):
    connection = initializing(60)
    OrmQ.objects.all().delete()
    sweeping.sweep()
    assert OrmQ.objects.count() == 0
    later(connection, follow_at=timezone.now())
    sweeping.sweep()
    sweeping.sweep()

    assert queued() == ["wizard.work.following.follow"]


@pytest.mark.parametrize("changed", [{"etag": '"edited"'}, {"remote_state": "disabled"}], ids=["edited", "switched"])
def test_what_was_changed_while_it_was_read_is_not_undone(initializing, monkeypatch, changed):
    connection = initializing(0)
    get_connection = FlowService.get_connection

    def read_slowly(client, connection_id):
        remote = get_connection(client, connection_id)
        later(connection, **changed)
        return remote

    monkeypatch.setattr(FlowService, "get_connection", read_slowly)
    followed(connection)

    assert {name: getattr(connection, name) for name in changed} == changed
    assert connection.follow_at is not None
    monkeypatch.undo()
    assert followed(connection).follow_at is None


def test_an_etag_that_is_known_is_never_replaced(initializing):
    connection = initializing(0, etag='"known"')

    assert followed(connection).etag == '"known"'


def test_what_is_not_connected_is_not_asked_for(initializing, flow_service):
    connection = initializing(0, status=Status.DELETED)
    before = len(flow_service.requests("GET"))
    follow(connection.pk)

    assert len(flow_service.requests("GET")) == before
