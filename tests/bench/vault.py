"""Sealed values: one sealed and opened, and ten thousand rotated to another key."""

import json
import os
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path
from tempfile import TemporaryDirectory

from tests.bench.timing import Figure, at_most, spread
from tests.start.running import ROOT, House

MAKE_PERSON = "from wizard.people.models import User; User.objects.create_user('filler@example.com', None)"
ALONE = "AES-GCM alone"
ONE = "a value is JSON before and after, and the place that it is bound to is spelled out each time: some microseconds."
ALL = (
    "each row is read, and written only if nobody has changed it since, in small transactions that let others in; the "
    "floor has no database. Writing in a few statements has made it several times as fast as row by row."
)


def figures(times: int) -> Iterator[Figure]:
    with TemporaryDirectory() as directory:
        found = _measured(House(Path(directory) / "wizard"), times)
    micro = {name: spread([second * 1e6 for second in found[name]]) for name in ("one", "one alone")}
    milli = {name: spread([second * 1e3 for second in found[name]]) for name in ("rotate", "rotate alone")}
    yield Figure(
        "seal and open one value", "µs", micro["one"], ALONE, micro["one alone"], (at_most(micro["one alone"], 3),), ONE
    )
    target = at_most(milli["rotate alone"], 3)
    name = "rotate 10,000 values of 5,000 rows"
    yield Figure(name, "ms", milli["rotate"], ALONE, milli["rotate alone"], (target,), ALL)


def _measured(house: House, times: int) -> dict[str, list[float]]:
    for command in (("prepare",), ("shell", "--command", MAKE_PERSON)):
        code, said = house.run(*command)
        assert code == 0, said
    settings = house.settings | {"DJANGO_SETTINGS_MODULE": "wizard.settings"}
    command = [sys.executable, "-m", "tests.bench.sealing", str(times)]
    done = subprocess.run(command, cwd=ROOT, env=os.environ | settings, capture_output=True, text=True, check=True)
    return dict(json.loads(done.stdout))
