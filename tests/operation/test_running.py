"""The disk takes no more, and the database is held, while the wizard runs: said in words, gone on with by itself."""

import sqlite3
import time
from collections.abc import Iterator
from pathlib import Path

import pytest

from tests.emulator.running import Emulator, running_emulator
from tests.operation.houses import Person, house_on, latency, limit, statuses
from tests.start.running import House
from tests.story.running import wait_for

TIMEOUT = 4  # seconds that a call may last


@pytest.fixture
def flow(tmp_path: Path) -> Iterator[Emulator]:
    with running_emulator(tmp_path) as emulator:
        yield emulator


@pytest.fixture
def house(tmp_path: Path, flow: Emulator) -> House:
    return house_on(flow, tmp_path / "data", TIMEOUT)


def test_a_full_disk_and_room_again(house: House, flow: Emulator) -> None:
    with house.started() as started:
        person = Person(house, started)
        limit(started, is_full=True)
        form = person.filled("Orders")
        for _ in range(30):
            answer = person.post(form)
            assert (answer.status_code, "Nothing was saved, and nothing was sent" in answer.text) == (507, True)
            assert 'value="Orders"' in answer.text
            assert person.get("/connections/").status_code == 200
        # The worker tries again every few seconds.
        time.sleep(12)
        limit(started, is_full=False)
        assert person.post(form).status_code == 302
        wait_for(lambda: statuses(house) == {"connected": 1}, "the connection")
        said = "".join(person.said)
    assert flow.names() == ["Orders"]
    assert "The server cannot write to its disk" in said
    assert "Traceback" not in said
    # Of two web servers, and of the worker's processes.
    assert len(person.said) <= 60


def test_an_outcome_that_finds_no_room_is_looked_up(house: House, flow: Emulator) -> None:
    flow.set_faults([latency(TIMEOUT / 2)])
    with house.started() as started:
        person = Person(house, started)
        assert person.post(person.filled("Orders")).status_code == 302
        wait_for(lambda: flow.requests("POST", "/connections"), "the send")
        limit(started, is_full=True)
        wait_for(flow.names, "the connection at Adobe")
        time.sleep(TIMEOUT / 2 + 1)
        assert statuses(house) == {"connecting": 1}
        limit(started, is_full=False)
        wait_for(lambda: statuses(house) == {"connected": 1}, "the connection here")
    assert len(flow.requests("POST", "/connections")) == 1


def test_somebody_holds_the_database(house: House, flow: Emulator) -> None:
    with house.started() as started:
        person = Person(house, started)
        other = sqlite3.connect(house.data_dir / "wizard.sqlite3", isolation_level=None)
        other.execute("BEGIN IMMEDIATE")
        form, began = person.filled("Orders"), time.monotonic()
        assert person.get("/connections/").status_code == 200
        assert time.monotonic() - began < 10
        answer = person.post(form)
        assert answer.status_code == 503
        assert "The database is busy. Nothing was saved, and nothing was sent to Adobe." in answer.text
        other.execute("ROLLBACK")
        assert person.post(form).status_code == 302
        wait_for(lambda: statuses(house) == {"connected": 1}, "the connection")
        said = "".join(person.said)
    assert flow.names() == ["Orders"]
    assert "Traceback" not in said
