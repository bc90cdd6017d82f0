"""The same machines with Redis as the task queue, which is killed, and comes back empty."""

from collections import Counter

from tests.machines.house import running_machines
from tests.machines.run import Run
from tests.redis_server import running_redis

CREATES = 15
VICTIMS = ("queue", "queue", "worker", "task", "database")


def test_every_create_is_made_once_though_the_queue_is_lost(tmp_path):
    with running_redis() as queue, running_machines(tmp_path, TASK_BROKER_URL=queue.url) as machines:
        run = Run(machines, 4, CREATES, VICTIMS, queue)
        run.rage()
        run.settle()
        report = run.report()

    assert report.is_good, report.table()
    assert len(report.rows) == CREATES
    assert report.by_status["connected"] > CREATES // 2, report.table()
    assert report.killed == Counter(VICTIMS)
    assert [(outage.statuses, outage.back) for outage in run.outages] == [({503}, {200})]
