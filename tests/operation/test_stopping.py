"""SIGTERM under load: whatever was accepted is answered whole, what is on its way to Adobe comes to its end, once."""

import os
import signal
import subprocess
import sys
import threading
import time
import uuid
from collections import Counter
from collections.abc import Iterator
from pathlib import Path

import pytest
import requests

from tests.emulator.running import Emulator, running_emulator
from tests.operation.houses import Person, house_on, latency, statuses
from tests.start.running import ROOT, House
from tests.story.running import wait_for

LATENCY = 7  # seconds; longer than processes are commonly waited for
CLIENTS = 16
REFUSED = "refused"


class Load:
    """Clients that read and post until they are stopped, and what became of each request."""

    def __init__(self, person: Person) -> None:
        self._person = person
        self._is_over = threading.Event()
        self._lock = threading.Lock()
        self.seen: Counter[str] = Counter()
        self.accepted: list[str] = []
        self._threads = [threading.Thread(target=self._go_on, args=(number,)) for number in range(CLIENTS)]
        for thread in self._threads:
            thread.start()

    def stop(self) -> None:
        self._is_over.set()
        for thread in self._threads:
            thread.join()

    def _go_on(self, number: int) -> None:
        with requests.Session() as session:
            session.cookies.update(self._person.browser.cookies)
            while not self._is_over.is_set():
                found = self._note(lambda: self._post(session) if number % 4 == 0 else self._read(session))
                time.sleep(0.2 if found == REFUSED or number % 4 == 0 else 0.02)

    def _note(self, ask) -> str:
        try:
            found = ask()
        except requests.ConnectionError as error:
            is_refused = "Connection refused" in str(error)
            found = REFUSED if is_refused else f"cut off: {error}"
        with self._lock:
            self.seen[found] += 1
        return found

    def _read(self, session: requests.Session) -> str:
        answer = session.get(f"{self._person.url}/connections/", timeout=60)
        return "whole" if answer.status_code == 200 and answer.text.rstrip().endswith("</html>") else answer.text

    def _post(self, session: requests.Session) -> str:
        fields = self._person.filled(f"Load {uuid.uuid4()}")
        answer = session.post(f"{self._person.url}/connect/postgres/", fields, allow_redirects=False, timeout=60)
        if answer.status_code == 302:
            with self._lock:
                self.accepted.append(fields["name"])
        return "whole" if answer.status_code == 302 else answer.text


@pytest.fixture
def flow(tmp_path: Path) -> Iterator[Emulator]:
    with running_emulator(tmp_path) as emulator:
        emulator.set_faults([latency(LATENCY)])
        yield emulator


@pytest.fixture
def house(tmp_path: Path, flow: Emulator) -> House:
    return house_on(flow, tmp_path / "data", 20)


def test_nothing_is_cut_off(house: House, flow: Emulator) -> None:
    with house.started() as started:
        load = Load(Person(house, started))
        try:
            wait_for(lambda: len(flow.requests("POST", "/connections")) >= 4 and len(load.accepted) > 8, "a load")
            started.process.send_signal(signal.SIGTERM)
            # A call is waited for, and nothing new is begun.
            assert started.process.wait(timeout=3 * LATENCY) == 0
        finally:
            load.stop()
    assert set(load.seen) <= {"whole", REFUSED}
    assert load.seen["whole"] > CLIENTS
    sent = len(flow.requests("POST", "/connections"))
    left = statuses(house)
    assert set(left) == {"connected", "waiting"}
    assert (left["connected"], left.total()) == (sent, len(load.accepted))
    assert left["waiting"] > 0

    flow.set_faults([])
    with house.started() as again:
        wait_for(lambda: statuses(house)["connected"] == len(load.accepted), "all of them")
        assert again.stop(signal.SIGTERM) == 0
    assert sorted(flow.names()) == sorted(load.accepted)


@pytest.mark.parametrize("part", ["web_server", "manage.py work"])
def test_a_part_alone_ends_what_it_has_begun(house: House, flow: Emulator, part: str) -> None:
    """As a service manager stops it that runs each of them by itself: `manage.py start` says which one has gone."""
    with house.started() as started:
        person = Person(house, started)
        assert person.post(person.filled("Orders")).status_code == 302
        wait_for(lambda: flow.requests("POST", "/connections"), "the send")
        (pid, *_) = started.pids(part)
        os.kill(pid, signal.SIGTERM)
        assert started.process.wait(timeout=3 * LATENCY) == 1
    assert statuses(house) == {"connected": 1}


def test_a_second_ctrl_c_waits_for_nobody(house: House, flow: Emulator) -> None:
    with house.started() as started:
        load = Load(Person(house, started))
        try:
            wait_for(lambda: flow.requests("POST", "/connections"), "a send")
            started.process.send_signal(signal.SIGINT)
            time.sleep(0.5)
            began = time.monotonic()
            started.process.send_signal(signal.SIGINT)
            started.process.wait(timeout=LATENCY)
        finally:
            load.stop()
    assert time.monotonic() - began < LATENCY
    assert "connecting" in statuses(house)


# The signal comes while the worker has the database to itself.
TOLD_WHILE_IT_WRITES = """
beat = beating.beat
def told(worker):
    with transaction.atomic():
        os.kill(os.getpid(), signal.SIGTERM)
        beat(worker)
beating.beat = told
"""
# The processes of the first cluster are killed; the signal comes before there is another one.
TOLD_BETWEEN_TWO_CLUSTERS = """
work.SHORT_LIFE = 0
def killed(worker):
    for process in multiprocessing.active_children():
        process.kill()
beating.beat = killed
work.logger.error = lambda *_: os.kill(os.getpid(), signal.SIGTERM)
"""
WORKER = """
import multiprocessing, os, signal, django
django.setup()
from django.core.management import call_command
from django.db import transaction
from wizard.management.commands import work
from wizard.monitoring import beating
{told}
call_command("work")
"""


@pytest.mark.parametrize("told", [TOLD_WHILE_IT_WRITES, TOLD_BETWEEN_TWO_CLUSTERS], ids=["writing", "between"])
def test_a_worker_that_is_told_to_stop_at_a_bad_moment_stops(house: House, told: str) -> None:
    assert house.run("prepare") == (0, "")
    began = time.monotonic()
    ended = subprocess.run(
        [sys.executable, "-c", WORKER.format(told=told)],
        cwd=ROOT,
        env=house.environment | {"DJANGO_SETTINGS_MODULE": "wizard.settings"},
        capture_output=True,
        text=True,
        timeout=100,
        check=False,
    )
    assert (ended.returncode, ended.stdout) == (0, ""), ended.stderr
    assert [line for line in ended.stderr.splitlines() if " INFO " not in line] == []
    # SQLite's patience with a lock is 20 s.
    assert time.monotonic() - began < 20
