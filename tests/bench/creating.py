"""From the POST of the form until the page says *connected*, as a browser asks for it."""

import re
import time
from collections.abc import Iterator
from itertools import count

import requests

from tests.bench.house import Visitor, visited
from tests.bench.timing import WARM_UP, Figure, Target, Values, by_turns
from tests.emulator.service import postgres_body

LATENCIES = (0, 50, 500)  # milliseconds of the Flow Service's answers
POLL = re.compile(r'hx-trigger="every (\d+)(ms|s)"')
WHY = (
    "the row and its task are stored before anything is sent, a worker looks for tasks every 50 ms, and the page asks "
    "again some times a second; all of it, and the Flow Service, works on this one machine."
)
_numbers = count()


def figures(times: int) -> Iterator[Figure]:
    with visited(is_apart=True) as visitor:
        for latency in LATENCIES:
            visitor.emulator.set_faults([{"kind": "latency", "seconds": latency / 1000}])
            yield _figure(visitor, latency, times)


def _figure(visitor: Visitor, latency: int, times: int) -> Figure:
    forms = [visitor.form(f"Create {next(_numbers)}") for _ in range(times + WARM_UP)]
    calls = {"floor": lambda: _plain(visitor), "person": lambda: _followed(visitor, forms.pop())}
    found = by_turns(calls, times)
    name = f"create, person's view, Flow Service latency {latency} ms"
    return Figure(name, "ms", found["person"], "the POST alone", found["floor"], _targets(found["floor"]), WHY)


def _targets(floor: Values) -> tuple[Target, ...]:
    median, p95 = round(floor.median + 250, 2), round(floor.p95 + 400, 2)
    return Target("the floor + 250 ms, median", median), Target("the floor + 400 ms, p95", p95, "p95")


def _plain(visitor: Visitor) -> None:
    """As Adobe's tutorials do it: one POST with a token at hand, on a connection of its own."""
    service = visitor.emulator
    url, body = f"{service.flow_service_url}/connections", postgres_body(f"Floor {next(_numbers)}")
    assert requests.post(url, json=body, headers=service.headers, timeout=60).status_code == 201


def _followed(visitor: Visitor, fields: dict[str, str]) -> None:
    """The page that the POST leads to, and its status again as often as htmx asks for it."""
    path = visitor.post(fields)
    page = visitor.get(path).text
    while "pill-connected" not in page:
        time.sleep(pause(page))
        page = visitor.get(path, is_htmx=True).text


def pause(page: str) -> float:
    """The seconds until the page asks for its status. Raises AssertionError where it does not."""
    found = POLL.search(page)
    assert found, "The page does not ask again."
    return int(found[1]) / (1000 if found[2] == "ms" else 1)
