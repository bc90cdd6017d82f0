"""A newer version queues what the worker of an older one does not know: that is not lost."""

from datetime import timedelta
from multiprocessing import Event, Queue, Value
from typing import Any

import pytest
from django.utils import timezone
from django_q.brokers import get_broker
from django_q.models import OrmQ
from django_q.monitor import monitor
from django_q.pusher import pusher
from django_q.tasks import async_task
from django_q.worker import worker

from wizard.connections.models import BaseConnection
from wizard.connections.queries import TASK_LOST_AFTER
from wizard.management.commands import work
from wizard.work.sweeping import sweep

LATER = "wizard.work.a_room_of_the_next_version.submit"


def one_round() -> None:
    """What a worker does with the tasks that are due, without its processes."""
    tasks: Any = Queue()
    results: Any = Queue()
    stop = Event()
    stop.set()
    pusher(tasks, stop, get_broker())
    tasks.put("STOP")
    worker(tasks, results, Value("f", -1), 60)
    results.put("STOP")
    monitor(results, get_broker())


def test_a_task_of_a_newer_version_stays_in_the_queue_and_comes_back(transactional_db: None) -> None:
    async_task(LATER, 1)
    one_round()

    (left,) = OrmQ.objects.all()
    assert left.func() == LATER
    assert timezone.now() < left.lock < timezone.now() + timedelta(minutes=10)


def test_a_task_that_nobody_has_known_for_a_day_is_given_up(
    transactional_db: None, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(work, "LEFT_TO_OTHERS_FOR", timedelta(0))
    async_task(LATER, 1)
    one_round()
    assert not OrmQ.objects.exists()


def test_a_task_that_is_known_and_fails_does_not_come_back(transactional_db: None) -> None:
    async_task("wizard.work.submitting.submit", 4711)
    one_round()
    assert not OrmQ.objects.exists()


def test_a_create_whose_task_got_lost_is_sent_all_the_same(
    transactional_db: None, asked_for: Any, flow_service: Any
) -> None:
    """However that happened: the row itself says that it waits."""
    connection = asked_for("Orders")
    OrmQ.objects.all().delete()
    BaseConnection.objects.update(stepped_at=timezone.now() - TASK_LOST_AFTER - timedelta(seconds=1))
    sweep()
    one_round()

    connection.refresh_from_db()
    assert connection.status == "connected"
    assert flow_service.names() == ["Orders"]
