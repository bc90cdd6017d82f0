"""From an empty directory to a first person, to Ctrl-C, to a restart; and what happens when a part dies."""

import os
import signal
import time
from collections.abc import Iterator
from pathlib import Path

import pytest
import requests

from tests.start.running import EMAIL, PASSWORD, House, Started, post_form, process_table, sign_in_first


@pytest.fixture
def house(tmp_path: Path) -> House:
    return House(tmp_path / "data")


@pytest.fixture(scope="module")
def first_run(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Started]:
    with House(tmp_path_factory.mktemp("first") / "data").started() as started:
        yield started


def assert_gone(pids: list[int]) -> None:
    """None of them runs; the kernel needs a moment for those that it kills."""
    deadline = time.monotonic() + 5
    while left := set(pids) & process_table().keys():
        assert time.monotonic() < deadline, f"left behind: {left}"
        time.sleep(0.05)


def test_it_prints_one_line_with_the_link(first_run: Started) -> None:
    assert len(first_run.said) == 1
    assert "/first/" in first_run.url


def test_it_is_ready_when_it_says_so(first_run: Started) -> None:
    answer = requests.get(requests.compat.urljoin(first_run.url, "/health/ready"), timeout=10)
    assert (answer.json()["database"], answer.json()["keys"]) == (True, True)


def test_its_link_signs_the_first_person_in_once(first_run: Started) -> None:
    browser = requests.Session()
    home = sign_in_first(browser, first_run.url)
    assert (home.status_code, requests.utils.urlparse(home.url).path) == (200, "/")
    assert EMAIL in home.text
    assert requests.get(first_run.url, timeout=10).status_code == 410


def test_its_processes_count_wrong_passwords_together(first_run: Started) -> None:
    url = requests.compat.urljoin(first_run.url, "/sign-in/")
    answers = [post_form(requests.Session(), url, {"login": "nobody@example.com", "password": "x"}) for _ in range(6)]
    assert ["Too many failed" in answer.text for answer in answers] == 5 * [False] + [True]


def test_it_gives_no_secret_to_the_list_of_processes(first_run: Started) -> None:
    secrets = [first_run.data_dir / name for name in ("secret_key", "credential_keys", "practice_client_secret")]
    lines = " ".join(first_run.family().values())
    assert not [path.name for path in secrets if path.read_text() in lines]


def test_it_keeps_its_data_for_its_owner(first_run: Started) -> None:
    files = [path for path in first_run.data_dir.iterdir() if path.is_file()]
    assert {"wizard.sqlite3", "credential_keys"} <= {path.name for path in files}
    assert [path.name for path in files if path.stat().st_mode & 0o077] == []


def test_ctrl_c_stops_all_of_it_and_a_restart_knows_the_person(house: House) -> None:
    with house.started() as started:
        sign_in_first(requests.Session(), started.url)
        family = list(started.family())
        assert started.stop() == 0
    assert_gone(family)

    with house.started() as again:
        assert again.url == f"http://127.0.0.1:{house.port}/sign-in/"
        home = post_form(requests.Session(), again.url, {"login": EMAIL, "password": PASSWORD})
        assert EMAIL in home.text
        family = list(again.family())
        assert again.stop(signal.SIGKILL) == -signal.SIGKILL
    assert_gone(family)

    with house.started() as after_a_crash:
        assert after_a_crash.stop(signal.SIGTERM) == 0


@pytest.mark.parametrize(("words", "which"), [("web_server", 0), ("manage.py work", 0), ("manage.py work", -1)])
def test_it_stops_as_a_whole_when_a_part_is_killed(house: House, words: str, which: int) -> None:
    """The web server's main process, the worker's, and one of those in which the worker runs its tasks."""
    with house.started() as started:
        family = list(started.family())
        os.kill(started.pids(words)[which], signal.SIGKILL)
        assert "ended unexpectedly" in started.read_until("Stopped, because")[-1]
        assert started.process.wait(timeout=20) == 1
    assert_gone(family)
