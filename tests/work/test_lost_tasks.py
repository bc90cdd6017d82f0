"""Tasks that the queue has lost, and a queue that does not answer for a while."""

from datetime import timedelta

import pytest
from django.db import OperationalError
from django.utils import timezone
from django_q.brokers import orm
from django_q.models import OrmQ

from wizard import database_broker
from wizard.connections.models import BaseConnection
from wizard.work.sweeping import sweep


def waiting_for(connection, **long):
    BaseConnection.objects.filter(pk=connection.pk).update(stepped_at=timezone.now() - timedelta(**long))


def submits():
    return [task.args()[0] for task in OrmQ.objects.all() if task.func() == "wizard.work.submitting.submit"]


@pytest.mark.parametrize(("seconds", "is_queued"), [(10, False), (20, True)])
def test_a_row_whose_task_is_gone_is_queued_again_soon_when_nothing_else_is_in_the_queue(asked_for, seconds, is_queued):
    connection = asked_for()
    OrmQ.objects.all().delete()
    waiting_for(connection, seconds=seconds)
    sweep()

    assert submits() == [connection.pk] * is_queued


def test_a_row_that_waits_behind_many_others_is_not_queued_twice(asked_for):
    connection = asked_for()
    waiting_for(connection, seconds=60)
    sweep()

    assert submits() == [connection.pk]


def test_a_row_that_waits_for_too_long_is_queued_again_in_any_case(asked_for):
    connection = asked_for()
    waiting_for(connection, minutes=3)
    sweep()

    assert submits() == [connection.pk, connection.pk]


@pytest.fixture
def away(monkeypatch):
    """A queue that fails at the first question, and answers the second one."""
    monkeypatch.setattr(database_broker, "PAUSE", 0)
    connect, failures = orm.ORM.get_connection, iter([OperationalError("no route\n\tto host")])

    def fail_first(list_key=None):
        for failure in failures:
            raise failure
        return connect(list_key)

    monkeypatch.setattr(database_broker.Broker, "get_connection", staticmethod(fail_first))


def test_who_takes_the_tasks_asks_again_when_the_queue_did_not_answer(asked_for, monkeypatch, request, caplog):
    asked_for()
    broker = database_broker.Broker()
    request.getfixturevalue("away")

    assert broker.dequeue() is None
    assert len(broker.dequeue()) == 1
    assert [line.getMessage() for line in caplog.records if line.name == "wizard.database_broker"] == [
        "The queue does not answer: The database does not answer: no route"
    ]


def test_a_task_that_is_done_is_taken_out_as_soon_as_the_queue_answers(asked_for, request):
    asked_for()
    broker = database_broker.Broker()
    request.getfixturevalue("away")
    broker.acknowledge(OrmQ.objects.get().pk)

    assert not OrmQ.objects.exists()
