"""SIGKILL at any moment, then a restart: no row lost, none stuck, and never a second create.

The Flow Service is another server here, which goes on when the wizard dies, as Adobe does. Five variables point at it.
"""

import time
from collections.abc import Iterator

import pytest

from tests.emulator.running import Emulator, running_process
from tests.story.running import Wizard, connections_of, resources_of, run_in, running, submit, wait_for
from tests.values.documented import DOCUMENTED
from wizard.management.commands.work import SHORT_LIFE

POSTS = {"method": "POST", "path": "/connections"}
# Seconds that a call may last here; a row that stands still for longer is looked after.
TIMEOUT = "2"


@pytest.fixture(scope="module")
def adobe(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Emulator]:
    with running_process(tmp_path_factory.mktemp("adobe")) as (emulator, _):
        yield emulator


@pytest.fixture(scope="module")
def wizard(adobe: Emulator, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Wizard]:
    elsewhere = {
        "FLOW_SERVICE_URL": adobe.flow_service_url,
        "IMS_URL": adobe.ims_url,
        "IMS_ORG_ID": adobe.org,
        "IMS_CLIENT_ID": adobe.client_id,
        "IMS_CLIENT_SECRET": adobe.client_secret,
    }
    with running(Wizard(tmp_path_factory.mktemp("killed"), FLOW_SERVICE_TIMEOUT=TIMEOUT, **elsewhere)) as wizard:
        yield wizard


def all_connected(wizard: Wizard, names: set[str]) -> bool:
    found = connections_of(wizard)
    return all(found.get(name) == "connected" for name in names)


def assert_made_once(wizard: Wizard, adobe: Emulator, names: set[str]) -> None:
    """In the end, on both sides."""
    wait_for(lambda: all_connected(wizard, names), f"{names} in {connections_of(wizard)}")
    made = adobe.names()
    assert {name: made.count(name) for name in names} == dict.fromkeys(names, 1)


def test_a_kill_before_anything_was_sent_puts_the_row_back(wizard, visitor, adobe):
    """The dataset is looked up before it is created: Adobe takes its time for that, and the worker dies meanwhile."""
    wait_for(lambda: adobe.requests("GET", "/connectionSpecs"), "the reading of the catalog, which comes first")
    adobe.set_faults([{"kind": "latency", "match": {"path": "/connectionSpecs"}, "seconds": 1.5, "times": 1}])
    submit(wizard, visitor, "dataset", {"name": "Before it was sent"})
    wait_for(lambda: connections_of(wizard)["Before it was sent"] == "connecting", "the claim")
    wizard.kill("manage.py work")
    wizard.restart()

    assert_made_once(wizard, adobe, {"Before it was sent"})


def test_a_kill_of_the_tasks_alone_needs_no_restart(wizard, visitor, adobe):
    wait_for(lambda: time.monotonic() - wizard.started_at > SHORT_LIFE, "a worker that is not new any more")
    adobe.set_faults([{"kind": "latency", "match": POSTS, "seconds": 1.5, "times": 1}])
    before = len(adobe.requests("POST", "/connections"))
    submit(wizard, visitor, "postgres", {**DOCUMENTED["postgres"][0], "name": "Tasks killed"})
    wait_for(lambda: len(adobe.requests("POST", "/connections")) > before, "the create on the wire")
    wizard.kill_tasks()

    assert_made_once(wizard, adobe, {"Tasks killed"})
    assert wizard.process.poll() is None


@pytest.mark.parametrize("victim", ["web_server", "manage.py work", "manage.py start"])
@pytest.mark.parametrize(
    "fault", [{"kind": "lose_after"}, {"kind": "latency", "seconds": 1.5}], ids=lambda f: f["kind"]
)
def test_a_kill_in_the_middle_of_a_create_makes_it_once(wizard, visitor, adobe, victim, fault):
    name = f"{victim}, {fault['kind']}"
    adobe.set_faults([{**fault, "match": POSTS, "times": 1}])
    before = len(adobe.requests("POST", "/connections"))
    submit(wizard, visitor, "postgres", {**DOCUMENTED["postgres"][0], "name": name})
    wait_for(lambda: len(adobe.requests("POST", "/connections")) > before, "the create on the wire")
    wizard.kill(victim)
    wizard.restart()

    assert_made_once(wizard, adobe, {name})


def test_a_kill_right_after_the_submit_loses_nothing(wizard, visitor, adobe):
    names = {f"Right after {number}" for number in range(5)}
    for name in names:
        submit(wizard, visitor, "postgres", {**DOCUMENTED["postgres"][0], "name": name})
    wizard.kill("manage.py work")
    wizard.restart()

    assert_made_once(wizard, adobe, names)


# As its page does, for the connection of that name.
ASK_FOR_A_DATAFLOW = """
import django

django.setup()
from tests.dataflows.steps import dataflow_asked, source_asked
from wizard.connections.models import BaseConnection

connection = BaseConnection.objects.get(name={name!r})
source = source_asked(connection, connection.created_by, name={name!r})
dataflow_asked(source, connection.created_by, name={name!r})
"""


@pytest.mark.parametrize(
    ("path", "fault"),
    [
        ("/sourceConnections", {"kind": "lose_after"}),
        ("/targetConnections", {"kind": "latency", "seconds": 1.5}),
        ("/data/foundation/conversion/mappingSets", {"kind": "latency", "seconds": 1.5}),
        ("/flows", {"kind": "latency", "seconds": 1.5}),
    ],
    ids=lambda value: value if isinstance(value, str) else value["kind"],
)
def test_a_kill_in_the_middle_of_a_dataflow_makes_each_part_once(wizard, visitor, adobe, path, fault):
    name = f"Dataflow killed at {path.rpartition('/')[2]}"
    submit(wizard, visitor, "postgres", {**DOCUMENTED["postgres"][0], "name": name})
    assert_made_once(wizard, adobe, {name})
    adobe.set_faults([{**fault, "match": {"method": "POST", "path": path}, "times": 1}])
    before = len(adobe.requests("POST", path))
    run_in(wizard, ASK_FOR_A_DATAFLOW.format(name=name))
    wait_for(lambda: len(adobe.requests("POST", path)) > before, "the create on the wire")
    wizard.kill("manage.py work")
    wizard.restart()

    made = ["made"] * 4
    wait_for(lambda: resources_of(wizard, name) == made, f"all parts of {name} in {resources_of(wizard, name)}")
    for kind in ("/sourceConnections", "/targetConnections", "/flows"):
        items = adobe.call("GET", kind).json()["items"]
        assert [item["name"] for item in items].count(name) == 1, kind
