"""How many pages of the history two web workers answer in a second, for many who ask at once."""

import multiprocessing
from collections.abc import Iterator
from concurrent.futures import ProcessPoolExecutor

from tests.bench.filled import filled
from tests.bench.house import Visitor
from tests.bench.load import answers
from tests.bench.pages import EMPTY, ROWS, SETTINGS
from tests.bench.timing import Figure, Target, spread

CLIENTS, PROCESSES, SECONDS, TURNS = 32, 4, 2.0, 8
PATHS = {"history": "/connections/", "empty": EMPTY}
RATE_WHY = (
    "Django draws 25 rows of five cells and two lists of choices, 1,400 nodes of templates, fetched by nine queries: "
    "some 18 ms of processor time, where the empty page takes 2.5."
)
P99 = Target("p99 of the answers under 500 ms", 500)


def figures(_times: int) -> Iterator[Figure]:
    # Not forked: this process has threads.
    pool = ProcessPoolExecutor(PROCESSES, multiprocessing.get_context("spawn"))
    with filled(ROWS, **SETTINGS) as (admin, _, _house), pool:
        for path in PATHS.values():
            _once(pool, admin, path, 1)
        rates: dict[str, list[float]] = {name: [] for name in PATHS}
        slowest: dict[str, list[float]] = {name: [] for name in PATHS}
        for _ in range(TURNS):
            for name, path in PATHS.items():
                found = _once(pool, admin, path, SECONDS)
                rates[name].append(len(found) / SECONDS)
                slowest[name].append(_p99(found))
    floor = spread(rates["empty"])
    least = Target("1/5 of the empty page", round(floor.median / 5, 2), is_least=True)
    name = f"history, 2 web workers, {CLIENTS} clients"
    rate = spread(rates["history"])
    yield Figure(name, "1/s", rate, "an empty page", floor, (least,), RATE_WHY)
    wait = f"{1000 * CLIENTS / rate.median:.0f} ms at this rate"
    why = f"Each of {CLIENTS} clients who never pause waits for all others: {wait}."
    of_empty = spread(slowest["empty"])
    yield Figure(
        f"{name}: p99 of the answers", "ms", spread(slowest["history"]), "an empty page", of_empty, (P99,), why
    )


def _once(pool: ProcessPoolExecutor, admin: Visitor, path: str, seconds: float) -> list[float]:
    """The milliseconds of all answers."""
    cookies = "; ".join(f"{cookie.name}={cookie.value}" for cookie in admin.browser.cookies)
    arguments = (admin.url, path, cookies, CLIENTS // PROCESSES, seconds)
    asked = [pool.submit(answers, *arguments) for _ in range(PROCESSES)]
    return sorted(took for one in asked for took in one.result())


def _p99(found: list[float]) -> float:
    return found[int(len(found) * 0.99)] if found else float("inf")
