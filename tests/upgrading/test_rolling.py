"""A rolling upgrade: the old and the new version at work on one database, while it is migrated and people go on."""

from collections import Counter
from collections.abc import Iterator
from contextlib import ExitStack, contextmanager
from pathlib import Path

import pytest

from tests.emulator.running import Emulator, running_emulator
from tests.story.running import wait_for
from tests.upgrading.databases import POSTGRES, Places, rows
from tests.upgrading.machine import Machine
from tests.upgrading.newer import newer_version
from tests.upgrading.person import Person

LINK = "from wizard.management.commands.start import invitation; print(invitation())"
VERSIONS = "SELECT asked_by_version, coalesce(sent_by_version, 'old') FROM connections_baseconnection"
UNFINISHED = "SELECT name, status FROM connections_baseconnection WHERE status <> 'connected'"
NOT_KNOWN = "Function wizard.work.submitting_by_the_next_version.submit is not defined"
# So many forms each part of the way takes.
SOME = 3


@pytest.fixture
def emulator(tmp_path: Path) -> Iterator[Emulator]:
    with running_emulator(tmp_path) as emulator:
        yield emulator


@contextmanager
def two_machines(places: Places, emulator: Emulator) -> Iterator[tuple[Machine, Machine]]:
    """One with the version of this tree, at work; and one with the next version, to be started."""
    houses = places.houses(POSTGRES, 2)
    for house in houses:
        house.settings |= pointing_at(emulator)
    old, new = (Machine(house, places.directory) for house in houses)
    assert old.house.run("prepare") == (0, "")
    new.house.root = newer_version(places.directory / "next")
    with ExitStack() as stack:
        for machine in (old, new):
            stack.callback(machine.stop)
        old.start()
        wait_for(old.answers, "the old version")
        yield old, new


def pointing_at(emulator: Emulator) -> dict[str, str]:
    """With a short timeout, after which a task that nobody knew comes back; and as few processes as it takes."""
    return {
        "FLOW_SERVICE_URL": emulator.flow_service_url,
        "FLOW_SERVICE_TIMEOUT": "3",
        "IMS_URL": emulator.ims_url,
        "IMS_ORG_ID": emulator.org,
        "IMS_CLIENT_ID": emulator.client_id,
        "IMS_CLIENT_SECRET": emulator.client_secret,
        "SANDBOX_NAME": emulator.sandbox,
        "WEB_WORKERS": "1",
        "TASK_WORKERS": "1",
    }


@contextmanager
def somebody(machine: Machine) -> Iterator[Person]:
    person = Person(machine)
    code, link = machine.house.run("shell", "--no-imports", "-c", LINK)
    assert code == 0, link
    person.sign_in(link.split()[-1])
    person.start()
    try:
        yield person
    finally:
        person.stop()
        person.join(timeout=60)


def goes_on(person: Person, *machines: Machine) -> None:
    """Through these machines, until each has taken some forms more."""
    person.proxy.machines = list(machines)
    wanted = {port: person.taken[port] + SOME for port in (machine.house.port for machine in machines)}
    wait_for(lambda: person.ends or all(person.taken[port] >= wanted[port] for port in wanted), "some forms")
    assert person.ends == []


def test_every_create_is_made_once_while_the_version_changes(places: Places, emulator: Emulator) -> None:
    with two_machines(places, emulator) as (old, new), somebody(old) as person:
        goes_on(person, old)
        for part in ("serve", "work"):
            code, said = new.house.run(part)
            assert code != 0
            assert "for this version: connections." in said
            assert "is missing. Run: python manage.py prepare." in said

        assert new.house.run("prepare") == (0, "")
        goes_on(person, old)
        new.start("serve")
        wait_for(new.answers, "the new version")
        goes_on(person, old, new)
        wait_for(lambda: NOT_KNOWN in old.said("work"), "a task that the old version does not know")
        new.start("work")
        goes_on(person, old, new)

        # The old one comes up in a database that is ahead of it.
        person.proxy.machines = [new]
        old.stop()
        old.start()
        wait_for(old.answers, "the old version once more")
        goes_on(person, old, new)
        person.proxy.machines = [new]
        old.stop()
        goes_on(person, new)

        person.stop()
        person.join(timeout=60)
        wait_for(lambda: not rows(new.house, UNFINISHED), "every create to come to its end")
        assert person.ends == []
        # A worker has one for each task that it did not know.
        assert "Traceback" not in old.said("serve") + new.said("serve")
        made = emulator.call("GET", "/connections", params={"limit": 1000}).json()["items"]
        assert Counter(item["name"] for item in made) == Counter(person.sent.values())
        found = Counter(rows(new.house, VERSIONS))
        assert found.total() == len(person.sent)
        assert {("old", "old"), ("new", "new")} <= found.keys()
        assert "The database was prepared by a newer version (connections." in old.said()
