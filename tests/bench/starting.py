"""From `manage.py start` to the sign-in page: with everything prepared, and with an empty DATA_DIR."""

import os
import subprocess
import sys
import time
from collections.abc import Callable, Iterator
from pathlib import Path
from tempfile import TemporaryDirectory

import requests

from tests.bench.timing import Figure, Target, Values, milliseconds, spread
from tests.start.running import ROOT, House

MOST_TIMES = 5
SETUP = "import django; django.setup()"
TARGET = Target("in 3 s", 3)
FLOOR = "django.setup()"
PATIENCE = 60
WHY = "what it needs is prepared by one process; then web server and worker load Django side by side."
EMPTY_WHY = (
    "an empty directory gets a database by all migrations, and each file that pages load is compressed for once; "
    "every later start finds them."
)


def figures(times: int) -> Iterator[Figure]:
    with TemporaryDirectory() as directory:
        floor, prepared, empty = _seconds(Path(directory), max(1, min(times // 3, MOST_TIMES)))
    yield Figure("cold start to the sign-in page, prepared", "s", prepared, FLOOR, floor, (TARGET,), WHY)
    name = "cold start to the sign-in page, empty DATA_DIR"
    yield Figure(name, "s", empty, FLOOR, floor, (TARGET,), EMPTY_WHY)


def _seconds(directory: Path, times: int) -> tuple[Values, Values, Values]:
    house = House(directory / "prepared")
    assert house.run("prepare") == (0, "")
    calls: dict[str, Callable[[int], float]] = {
        "floor": lambda _: milliseconds(lambda: _set_up(house)) / 1000,
        "prepared": lambda _: until_sign_in(house),
        "empty": lambda number: until_sign_in(House(directory / f"empty {number}")),
    }
    found: dict[str, list[float]] = {name: [] for name in calls}
    for number in range(times):
        for name, call in calls.items():
            found[name].append(call(number))
    return spread(found["floor"]), spread(found["prepared"]), spread(found["empty"])


def _set_up(house: House) -> None:
    settings = house.settings | {"DJANGO_SETTINGS_MODULE": "wizard.settings"}
    subprocess.run([sys.executable, "-c", SETUP], cwd=ROOT, env=os.environ | settings, check=True)


def until_sign_in(house: House) -> float:
    """The seconds from the start of the process until the page is there, whole; the process is stopped afterwards."""
    began = time.perf_counter()
    with house.popen("start") as process:
        try:
            wait_for_sign_in(f"http://127.0.0.1:{house.port}/sign-in/", process)
            return time.perf_counter() - began
        finally:
            process.terminate()
            process.communicate(timeout=PATIENCE)


def wait_for_sign_in(url: str, process: "subprocess.Popen[str]", seconds: float = PATIENCE) -> None:
    """Raises AssertionError if the process ends meanwhile, or nothing comes."""
    deadline = time.monotonic() + seconds
    while time.monotonic() < deadline:
        assert process.poll() is None, process.stdout and process.stdout.read()
        try:
            if requests.get(url, timeout=PATIENCE).status_code == 200:
                return
        except requests.ConnectionError:
            time.sleep(0.01)
    raise AssertionError(f"{url} did not come.")
