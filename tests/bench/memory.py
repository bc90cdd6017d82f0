"""What the web server and the workers need of this machine's memory, each shared page counted once in all."""

import re
import time
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

from tests.bench.house import Visitor, visited
from tests.bench.timing import Figure, Target, Values, spread
from tests.start.running import process_table

CLIENTS, CREATES = 16, 40
PARTS = {
    "web": "wizard.web_server",
    "workers": "manage.py work",
    "start": "manage.py start",
    "Flow Service": "wizard.emulator",
}
MEASURED = ("web", "workers")
PSS = re.compile(r"^Pss: +(\d+) kB", re.MULTILINE)
PAUSE = 0.2
WHY = (
    "the web server’s and the worker’s processes are forks that share what is loaded until they use it: CPython counts "
    "references in the objects themselves, so that each process at work gets its own copies, some 35 MB."
)


def figures(times: int) -> Iterator[Figure]:
    with visited(is_apart=True) as visitor:
        visitor.connect("The first one")
        idle = [_take(visitor) for _ in range(times)]
        with ThreadPoolExecutor(CLIENTS) as pool:
            work = [pool.submit(_look_around, visitor, times * PAUSE) for _ in range(CLIENTS)]
            work.append(pool.submit(_create, visitor))
            loaded = [_take(visitor) for _ in range(times)]
        for done in work:
            done.result()
    yield from _figures("idle", idle)
    yield from _figures("under load", loaded)


def _figures(state: str, found: list[dict[str, float]]) -> Iterator[Figure]:
    whole = spread([sum(one[part] for part in MEASURED) for one in found])
    target = Target("web and workers in 300 MB, max", 300, "max")
    yield Figure(f"memory, {state}: web and workers", "MB", whole, targets=(target,), why=WHY)
    for part in PARTS:
        yield Figure(f"memory, {state}: {part} alone", "MB", _of(part, found))


def _of(part: str, found: list[dict[str, float]]) -> Values:
    return spread([one[part] for one in found])


def _take(visitor: Visitor) -> dict[str, float]:
    """Megabytes by part, at this moment."""
    time.sleep(PAUSE)
    family, found = visitor.started.family(), dict.fromkeys(PARTS, 0.0)
    apart = {pid: line for pid, (_, line) in process_table().items() if str(visitor.house.data_dir.parent) in line}
    for pid, line in {**apart, **family}.items():
        part = next((part for part, words in PARTS.items() if words in line), None)
        if part:
            found[part] += _megabytes(pid)
    return found


def _megabytes(pid: int) -> float:
    """Nothing for a process that has just ended."""
    try:
        found = PSS.search(Path(f"/proc/{pid}/smaps_rollup").read_text())
    except OSError:
        return 0
    return int(found[1]) / 1024 if found else 0


def _look_around(visitor: Visitor, seconds: float) -> None:
    ends_at = time.monotonic() + seconds
    while time.monotonic() < ends_at:
        for path in ("/connections/", "/connect/", "/connect/postgres/"):
            visitor.get(path)


def _create(visitor: Visitor) -> None:
    for number in range(CREATES):
        visitor.post(visitor.form(f"Under load {number}"))
