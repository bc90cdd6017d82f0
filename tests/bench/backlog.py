"""A thousand creates, queued at once: how long until the last one is connected."""

import os
import subprocess
import sys
from collections.abc import Iterator

from tests.bench.house import Visitor, visited
from tests.bench.timing import Figure, at_most, spread
from tests.start.running import ROOT
from tests.story.running import wait_for

CREATES, WORKERS, LATENCY = 1_000, 8, 0.2  # of the Flow Service's answers, in seconds
WHY = (
    "a create takes some 15 ms of processor time in its worker, in five transactions that each wait for the disk and "
    "for all others who write; beside it work the local Flow Service and whoever else uses this machine."
)
MOST_TIMES = 3  # a minute each
UNDECIDED = "select count(*) from connections_baseconnection where status in ('waiting', 'connecting')"
LAST = "select (max(julianday(connected_at)) - 2440587.5) * 86400 from connections_baseconnection"
LEFT = "select count(*) from connections_baseconnection where status = 'connected' and follow_at is not null"
CONNECTED = "select count(*) from connections_baseconnection where status = 'connected'"


def figures(times: int) -> Iterator[Figure]:
    with visited(is_apart=True, TASK_WORKERS=str(WORKERS)) as visitor:
        visitor.connect("The first one, which gets the token")
        visitor.emulator.set_faults([{"kind": "latency", "seconds": LATENCY}])
        found = spread([_seconds(visitor) for _ in range(max(1, min(times // 10, MOST_TIMES)))])
    floor = spread([CREATES * LATENCY / WORKERS])
    name = f"{CREATES:,} creates queued at once, latency {LATENCY * 1000:g} ms, {WORKERS} workers"
    yield Figure(name, "s", found, "the latency alone", floor, (at_most(floor, 1.2),), WHY)


def _seconds(visitor: Visitor) -> float:
    before = visitor.rows(CONNECTED)[0][0]
    began = _queue(visitor)
    wait_for(lambda: visitor.rows(UNDECIDED) == [(0,)], "all to be decided", seconds=300)
    assert visitor.rows(CONNECTED)[0][0] == before + CREATES
    ended = float(visitor.rows(LAST)[0][0])
    # So that what is asked of them afterwards does not stand in the next one's way.
    wait_for(lambda: visitor.rows(LEFT) == [(0,)], "all to be followed", seconds=300)
    return ended - began


def _queue(visitor: Visitor) -> float:
    """When the workers could see them."""
    settings = visitor.house.settings | {"DJANGO_SETTINGS_MODULE": "wizard.settings"}
    command = [sys.executable, "-m", "tests.bench.queueing", str(CREATES)]
    done = subprocess.run(command, cwd=ROOT, env=os.environ | settings, capture_output=True, text=True, check=True)
    return float(done.stdout)
