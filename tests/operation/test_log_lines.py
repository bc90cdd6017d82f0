"""The log stays short while something is wrong, and says how often."""

import logging
from collections.abc import Callable, Iterator
from typing import Any

import pytest
from django.db import DatabaseError, connection
from django.test import Client

from tests.operation.conftest import read_only
from wizard import log_lines
from wizard.connections.models import BaseConnection
from wizard.log_lines import RepeatFilter, ShortFilter
from wizard.monitoring.bounded import Bounded


class Lines(logging.Handler):
    def __init__(self) -> None:
        super().__init__()
        self.said: list[str] = []

    def emit(self, record: logging.LogRecord) -> None:
        # The local Flow Service of a test says something, too; and a request may be a line.
        if not record.name.startswith(("wizard.emulator", "wizard.requests")):
            self.said.append(self.format(record))


@pytest.fixture
def lines() -> Iterator[Lines]:
    """What the console would show, of everything."""
    handler = Lines()
    handler.addFilter(RepeatFilter())
    handler.addFilter(ShortFilter())
    logging.getLogger().addHandler(handler)
    yield handler
    logging.getLogger().removeHandler(handler)


@pytest.mark.parametrize(("path", "headers"), [("/no/such/page", {}), ("/", {"host": "elsewhere.example"})])
def test_a_flood_of_refused_requests_writes_few_lines(
    signed_in: Client, lines: Lines, path: str, headers: dict[str, str]
) -> None:
    for number in range(300):
        signed_in.get(path.replace("page", str(number)), headers=headers)
    assert len(lines.said) <= 16
    assert "[number 256 like this in a minute; most are left out]" in lines.said[-1]
    assert not [line for line in lines.said if "Traceback" in line]


def test_a_flood_of_requests_without_their_token_writes_few_lines(alice: Any, lines: Lines) -> None:
    strict = Client(enforce_csrf_checks=True)
    strict.force_login(alice)
    for _ in range(300):
        assert strict.post("/connect/postgres/", {}).status_code == 403
    assert len(lines.said) <= 16


def test_places_are_counted_apart_and_each_minute_begins_anew(lines: Lines, monkeypatch: pytest.MonkeyPatch) -> None:
    log, now = logging.getLogger("wizard.somewhere"), [1000.0]
    monkeypatch.setattr(log_lines.time, "monotonic", lambda: now[0])
    handler = Lines()
    handler.addFilter(RepeatFilter())
    log.addHandler(handler)
    for number in range(20):
        log.warning("Here: %s", number)
        log.warning("There: %d%%", number)
    assert [line for line in handler.said if "Here" in line] == [
        *(f"Here: {number}" for number in range(5)),
        "Here: 7 [number 8 like this in a minute; most are left out]",
        "Here: 15 [number 16 like this in a minute; most are left out]",
    ]
    assert "There: 15% [number 16" in handler.said[-1]
    now[0] += 60
    log.warning("Here: %s", "again")
    log.removeHandler(handler)
    assert handler.said[-1] == "Here: again"


def test_another_kind_of_error_at_the_same_place_is_told(lines: Lines) -> None:
    log = logging.getLogger("wizard.somewhere")
    for error in [ValueError("one")] * 50 + [KeyError("another")]:
        try:
            raise error
        except (ValueError, KeyError):
            log.exception("It broke.")
    assert "KeyError: 'another'" in lines.said[-1]


@pytest.mark.django_db(transaction=True)
def test_trouble_with_storing_is_one_line_that_says_what_to_do(lines: Lines) -> None:
    try:
        with read_only(), connection.cursor() as cursor:
            cursor.execute("DELETE FROM connections_baseconnection")
    except DatabaseError:
        logging.getLogger("wizard.somewhere").exception("It could not be done: %d%%", 5)
    assert lines.said == [
        "It could not be done: 5% (The server’s database cannot be written to: attempt to write a readonly database. "
        "It is read-only, or belongs to another user: once that is mended, the wizard goes on by itself.)"
    ]


def test_a_task_that_could_not_store_is_one_line(lines: Lines) -> None:
    words = (
        "database or disk is full : Traceback (most recent call last):\n  File ...\n"
        "django.db.utils.OperationalError: database or disk is full\n"
    )
    logging.getLogger("django-q").error("Failed 'wizard.work.submitting.submit' (a-b-c) - " + words)  # noqa: G003
    logging.getLogger("django-q").error("Failed: ours : Traceback (most recent call last):\nValueError: ours")
    assert lines.said[0] == "Failed 'wizard.work.submitting.submit' (a-b-c) - database or disk is full"
    assert "ValueError: ours" in lines.said[1]


def test_work_writes_a_line_for_each_call_and_looking_at_it_none(
    signed_in: Client, connected: Callable[..., BaseConnection], lines: Lines, monkeypatch: pytest.MonkeyPatch
) -> None:
    # What a test has not committed is not there for the thread that asks for the health.
    monkeypatch.setattr("wizard.monitoring.readiness._asked", Bounded(lambda: {"database": True, "keys": True}))
    logging.getLogger().setLevel(logging.INFO)
    connection = connected("Orders")
    calls = [line for line in lines.said if line.startswith(("POST", "GET"))]
    assert calls == lines.said
    # A token, the look-up of the source's spec or not, the create, and its state: each once.
    assert len([line for line in calls if "/connections:" in line and line.startswith("POST")]) == 1
    assert len(calls) <= 5
    lines.said.clear()
    for path in ("/health/live", connection.get_absolute_url(), "/", "/connections/"):
        for _ in range(3):
            signed_in.get(path)
            signed_in.get(path, headers={"HX-Request": "true"})
    assert lines.said == []


def request(method: str, path: str, status: int, route: str = "connection") -> logging.LogRecord:
    """The line of a request, as fields tell of it."""
    made = logging.LogRecord("wizard.requests", logging.INFO, "here.py", 1, "%s %s: %s", (method, path, status), None)
    made.fields = {"event": "request", "method": method, "path": path, "status": status, "route": route, "person": 1}
    return made


def test_what_asks_again_and_again_is_not_a_line_each() -> None:
    """A page that polls, a health check, and whoever tries one address after the other."""
    passes = RepeatFilter()
    for polled in ("/connections/1/", "/connections/2/"):
        assert sum(passes.filter(request("GET", polled, 200)) for _ in range(60)) == 8
    assert sum(passes.filter(request("GET", "/health/ready", 200, "health_ready")) for _ in range(60)) == 8
    assert sum(passes.filter(request("GET", f"/{number}.php", 404, "unknown")) for number in range(1000)) == 12
    assert sum(passes.filter(request("GET", f"/static/{number}", 200, "static")) for number in range(60)) == 8
    assert all(passes.filter(request("POST", "/connect/postgres/", 302, "connect")) for _ in range(60))
    assert all(passes.filter(request("GET", f"/connections/{number}/", 200)) for number in range(10, 70))
