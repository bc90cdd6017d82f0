"""The POST of the form alone: its row sealed and queued, while nobody takes it up."""

import os
import signal
import sqlite3
from collections.abc import Iterator
from contextlib import contextmanager
from itertools import count

from tests.bench.house import Visitor, visited
from tests.bench.timing import WARM_UP, Figure, at_most, by_turns
from tests.start.running import free_port
from tests.story.running import wait_for

WHY = (
    "the form is built and checked by its source’s schema; the row, its event, the form’s id and the task are one "
    "transaction, the event’s place in the chain another: some twenty statements, where the floor has three."
)
FLOOR = {"DJANGO_SETTINGS_MODULE": "tests.bench.floor.settings"}


def figures(times: int) -> Iterator[Figure]:
    with visited(is_apart=True) as visitor, _paused(visitor), inserting(visitor) as url:
        forms = [visitor.form(f"Posted {number}") for number in range(times + WARM_UP)]
        names, token = count(), visitor.browser.get(url, timeout=60).text
        calls = {
            "floor": lambda: _insert(visitor, url, {"name": f"Row {next(names)}", "csrfmiddlewaretoken": token}),
            "form": lambda: visitor.post(forms.pop()),
        }
        found = by_turns(calls, times)
    floor = found["floor"]
    name = "the POST of the form alone: row sealed, queued"
    yield Figure(name, "ms", found["form"], "one row inserted, signed in", floor, (at_most(floor, 3),), WHY)


def _insert(visitor: Visitor, url: str, fields: dict[str, str]) -> None:
    answer = visitor.browser.post(url, fields, timeout=60, allow_redirects=False)
    assert answer.status_code == 302, answer.text


@contextmanager
def inserting(visitor: Visitor) -> Iterator[str]:
    """Where a view inserts one row: the same server, middleware, database and session; other addresses."""
    house, port = visitor.house, free_port()
    assert house.run("migrate", "--run-syncdb", "--verbosity", "0", **FLOOR) == (0, "")
    with house.popen("serve", PORT=str(port), **FLOOR) as server:
        try:
            url = f"http://127.0.0.1:{port}/row/"
            wait_for(lambda: _answers(visitor, url), "the floor’s view")
            yield url
        finally:
            server.terminate()


def _answers(visitor: Visitor, url: str) -> bool:
    try:
        return visitor.browser.get(url, timeout=60).ok
    except OSError:
        return False


@contextmanager
def _paused(visitor: Visitor) -> Iterator[None]:
    """The workers stand still: what they do would be measured, too."""
    workers = visitor.started.pids("manage.py work")
    try:
        wait_for(lambda: _are_still(visitor, workers), "workers that stand still")
        yield
    finally:
        _tell(workers, signal.SIGCONT)


def _are_still(visitor: Visitor, workers: list[int]) -> bool:
    """False where one of them was stopped while it had the database to itself; then all go on for a moment."""
    _tell(workers, signal.SIGSTOP)
    try:
        visitor.rows("begin immediate")
    except sqlite3.OperationalError:
        _tell(workers, signal.SIGCONT)
        return False
    return True


def _tell(workers: list[int], number: int) -> None:
    for pid in workers:
        os.kill(pid, number)
