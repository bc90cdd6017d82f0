"""`manage.py serve`: the web server alone, as a service manager runs it."""

import signal

import pytest

from tests.start.running import House, answers, process_table
from tests.story.running import wait_for
from wizard.management.commands import start


@pytest.fixture
def house(tmp_path) -> House:
    house = House(tmp_path / "data", WEB_WORKERS="1")
    assert house.run("prepare") == (0, "")
    return house


def test_its_own_process_is_the_web_server_and_ends_by_the_signal_of_a_service_manager(house: House) -> None:
    with house.popen("serve") as process:
        wait_for(lambda: answers(house), "an answer")
        line = process_table()[process.pid][1]
        process.send_signal(signal.SIGTERM)
        process.wait(timeout=20)

    assert "web_server" in line
    assert "--workers 1" in line


def test_it_says_which_port_is_taken(house: House) -> None:
    with house.popen("serve") as process:
        wait_for(lambda: answers(house), "an answer")
        code, said = house.run("serve")
        process.terminate()

    assert code == 1
    assert f"Cannot listen on 127.0.0.1, port {house.port}" in said
    assert "or set PORT." in said


@pytest.mark.parametrize(("longest_call", "patience"), [(5, 60), (60, 75), (120, 135)])
def test_a_page_that_asks_adobe_ends_before_the_web_server_is_stopped(
    settings, longest_call: int, patience: int
) -> None:
    settings.FLOW_SERVICE_TIMEOUT = longest_call
    argv = start.web_server()

    assert argv[argv.index("--workers-kill-timeout") + 1] == str(patience)


def test_start_runs_the_same_with_the_strength_that_is_set(settings) -> None:
    settings.WEB_WORKERS = 5
    argv, _ = start.commands()["web server"]

    assert argv == start.web_server()
    assert argv[argv.index("--workers") + 1] == "5"
