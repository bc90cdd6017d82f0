"""Redis as the task queue: what is asked for waits for the commit, and outlives a Redis that is killed or emptied."""

import json
from datetime import timedelta

import pytest
from django.db import transaction
from django.utils import timezone
from django_q.conf import Conf
from django_q.signing import SignedPackage

from tests.conftest import CANARY
from tests.redis_server import running_redis
from wizard.connections.models import BaseConnection
from wizard.connections.queries import TASK_LOST_AFTER
from wizard.connections.statuses import Status
from wizard.connections.tasks import submit_later
from wizard.redis_broker import Broker
from wizard.work.sweeping import sweep

KEY = "django_q:wizard:q"


@pytest.fixture(scope="module")
def server():
    with running_redis() as server:
        yield server


@pytest.fixture
def queue(server, settings, monkeypatch):
    """The tasks that are in Redis, by what they are about."""
    settings.TASK_BROKER_URL = server.url
    monkeypatch.setattr(Conf, "BROKER_CLASS", "wizard.redis_broker.Broker")
    if server.process.poll() is not None:
        server.start()
    server.client().flushall()

    def tasks():
        found = [SignedPackage.loads(task) for task in server.client().lrange(KEY, 0, -1)]
        return [(task["func"].rpartition(".")[2], *task["args"]) for task in found]

    return tasks


@pytest.mark.django_db(transaction=True)
def test_a_task_is_queued_when_its_row_is_there_for_all_and_not_before(queue):
    with transaction.atomic():
        submit_later(1)
        assert queue() == []
    assert queue() == [("submit", 1)]


@pytest.mark.django_db(transaction=True)
def test_what_is_taken_back_is_never_queued(queue):
    with transaction.atomic():
        submit_later(1)
        transaction.set_rollback(True)
    assert queue() == []


def test_who_reads_along_in_redis_learns_an_id(queue, server, asked_for, django_capture_on_commit_callbacks):
    with django_capture_on_commit_callbacks(execute=True):
        connection = asked_for()

    assert ("submit", connection.pk) in queue()
    kept = b"".join(server.client().lrange(KEY, 0, -1))
    assert CANARY.encode() not in kept
    assert json.dumps(CANARY).encode() not in kept


def test_a_killed_redis_takes_nothing_from_the_person_and_the_sweep_queues_it(
    queue, server, asked_for, django_capture_on_commit_callbacks
):
    server.kill()
    with django_capture_on_commit_callbacks(execute=True):
        connection = asked_for()
    server.start()

    assert connection.status == Status.WAITING
    assert queue() == []
    assert swept(connection, django_capture_on_commit_callbacks) == Status.WAITING
    assert queue() == [("submit", connection.pk)]


def test_an_emptied_redis_loses_nothing(queue, server, asked_for, django_capture_on_commit_callbacks):
    with django_capture_on_commit_callbacks(execute=True):
        connection = asked_for()
    server.client().flushall()
    swept(connection, django_capture_on_commit_callbacks)

    assert ("submit", connection.pk) in queue()


def swept(connection, callbacks):
    """The status of the row after a sweep, once it has waited for longer than a task may be away."""
    long_ago = timezone.now() - TASK_LOST_AFTER - timedelta(seconds=1)
    BaseConnection.objects.filter(pk=connection.pk).update(stepped_at=long_ago)
    with callbacks(execute=True):
        sweep()
    connection.refresh_from_db()
    return connection.status


def test_a_worker_that_finds_no_redis_waits_for_it(queue, server, monkeypatch):
    monkeypatch.setattr("wizard.redis_broker.PAUSE", 0)
    broker = Broker()
    server.kill()

    assert broker.ping() is False
    assert broker.dequeue() is None
    broker.set_stat("key", "value", 3)
    server.start()
    broker.enqueue("a task")
    assert broker.dequeue() == [(None, b"a task")]
