"""SIGTERM to the web server alone, at moments and in places where it could be lost."""

import subprocess
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import pytest

from tests.start.running import ROOT, House, answers, process_table
from tests.story.running import wait_for

# There is another thread that takes signals, and the main thread sleeps.
ANOTHER_THREAD = """
import runpy, signal, sys, threading, time, django
django.setup()
import granian.cli
from wizard import web_server
from wizard.management.commands import start
def beside_another_thread(go_on):
    def begin():
        threading.Thread(target=time.sleep, args=(100,), daemon=True).start()
        signal.pthread_sigmask(signal.SIG_BLOCK, [signal.SIGTERM])
        return go_on()
    return begin
{module}.{name} = beside_another_thread({module}.{name})
sys.argv = start.web_server()[1:]
runpy.run_module(sys.argv[0], run_name="__main__")
"""


@pytest.fixture
def house(tmp_path: Path) -> House:
    house = House(tmp_path / "data")
    assert house.run("prepare") == (0, "")
    return house


@pytest.mark.parametrize("workers", [1, 2, 4])
def test_one_that_has_just_forked_is_not_waited_for(house: House, workers: int) -> None:
    with ended_at_last(house.popen("serve", WEB_WORKERS=str(workers))) as server:
        while not forks_of(server.pid):
            assert server.poll() is None
        server.terminate()
        assert server.wait(timeout=20) == 0


@pytest.mark.parametrize(("module", "name"), [("granian.cli", "entrypoint"), ("web_server", "in_worker")])
def test_the_signal_may_come_to_any_thread(house: House, module: str, name: str) -> None:
    environment = house.environment | {"DJANGO_SETTINGS_MODULE": "wizard.settings"}
    command = [sys.executable, "-c", ANOTHER_THREAD.format(module=module, name=name)]
    with ended_at_last(subprocess.Popen(command, cwd=ROOT, env=environment)) as server:
        wait_for(lambda: answers(house), "an answer")
        server.terminate()
        assert server.wait(timeout=20) == 0


@contextmanager
def ended_at_last(server: subprocess.Popen) -> Iterator[subprocess.Popen]:
    with server:
        try:
            yield server
        finally:
            server.kill()


def forks_of(pid: int) -> list[int]:
    return [fork for fork, (parent, _) in process_table().items() if parent == pid]
