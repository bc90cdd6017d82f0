"""How every task is queued: in the transaction that makes it necessary, or in Redis as soon as that has committed."""

from datetime import datetime, timedelta
from functools import partial

from django.conf import settings
from django.db import transaction
from django_q.brokers import get_broker
from django_q.conf import Conf
from django_q.models import OrmQ
from django_q.tasks import async_task


def queue(task: str, *ids: int | str | None) -> None:
    """Queues the function of that dotted name with these arguments, when the transaction commits, and only then.

    The database's own queue is a table, so that the task commits with its row. Redis knows nothing of transactions: a
    task that it lost, or never got, is found missing by the sweep.
    """
    if settings.TASK_BROKER_URL:
        transaction.on_commit(partial(async_task, task, *ids))
    else:
        async_task(task, *ids)


def is_idle() -> bool:
    """Whether no task waits, and none is at work, as far as the queue knows: a table does, Redis forgets what it gave.

    False while Redis does not answer.
    """
    broker = get_broker()
    return not (broker.queue_size() or broker.lock_size())


def hand_out_again(now: datetime) -> None:
    """After the clock was put back: what a table has by the time of before would wait there until that comes again."""
    OrmQ.objects.filter(lock__gt=now + timedelta(seconds=Conf.RETRY)).update(lock=now)
