"""SIGKILL at any moment, then a restart: no row lost, none stuck, and never a second create."""

import signal
from collections.abc import Iterator

import pytest
import requests

from tests.connections.documented import DOCUMENTED
from tests.start.running import sign_in_first
from tests.story.running import Wizard, connections_of, running, submit, wait_for

POSTS = {"method": "POST", "path": "/connections"}
# Seconds that a call may last here; a row that stands still for longer is looked after.
TIMEOUT = "2"


@pytest.fixture(scope="module")
def wizard(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Wizard]:
    with running(Wizard(tmp_path_factory.mktemp("killed"), FLOW_SERVICE_TIMEOUT=TIMEOUT)) as wizard:
        yield wizard


@pytest.fixture(scope="module")
def browser(wizard: Wizard) -> requests.Session:
    session = requests.Session()
    sign_in_first(session, wizard.link)
    return session


def all_settled(wizard: Wizard, names: set[str]) -> bool:
    found = connections_of(wizard)
    return set(found) >= names and all(found[name] in ("connected", "failed") for name in names)


@pytest.mark.parametrize("victim", ["granian", "manage.py work"])
@pytest.mark.parametrize("moment", ["before the answer", "after it was made"])
def test_a_kill_in_the_middle_of_a_create_makes_it_once_or_not_at_all(wizard, browser, victim, moment):
    emulator, name = wizard.emulator(), f"{victim}, {moment}"
    kind = {"kind": "lose_after"} if moment == "after it was made" else {"kind": "latency", "seconds": 1.5}
    emulator.set_faults([{**kind, "match": POSTS, "times": 1}])
    before = len(emulator.requests("POST", "/connections"))
    submit(wizard, browser, "postgres", {**DOCUMENTED["postgres"][0], "name": name})
    wait_for(lambda: len(emulator.requests("POST", "/connections")) > before, "the create on the wire")
    wizard.kill(victim)
    wizard.restart()

    wait_for(lambda: all_settled(wizard, {name}), "an outcome")
    outcome = connections_of(wizard)[name]
    assert wizard.emulator().names().count(name) == (1 if outcome == "connected" else 0)
    assert outcome == "connected" or moment == "before the answer"


def test_a_kill_right_after_the_submit_loses_nothing(wizard, browser):
    names = {f"Right after {number}" for number in range(5)}
    for name in names:
        submit(wizard, browser, "postgres", {**DOCUMENTED["postgres"][0], "name": name})
    wizard.kill("manage.py work")
    wizard.restart()

    wait_for(lambda: all_settled(wizard, names), "outcomes")
    made = wizard.emulator().names()
    found = connections_of(wizard)
    for name in names:
        assert made.count(name) == (1 if found[name] == "connected" else 0)


def test_a_kill_of_everything_at_once_leaves_no_process_and_no_stuck_row(wizard, browser):
    names = {f"Everything {number}" for number in range(5)}
    wizard.emulator().set_faults([{"kind": "latency", "match": POSTS, "seconds": 0.3}])
    for name in names:
        submit(wizard, browser, "postgres", {**DOCUMENTED["postgres"][0], "name": name})
    wizard.process.send_signal(signal.SIGKILL)
    wizard.restart()

    wait_for(lambda: all_settled(wizard, names), "outcomes")
    made = wizard.emulator().names()
    found = connections_of(wizard)
    for name in names:
        assert made.count(name) == (1 if found[name] == "connected" else 0)
