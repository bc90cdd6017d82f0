"""Do several runs of the benchmark agree? python -m tests.bench.agree var/bench-1.json var/bench-2.json ...

They do where each one's median lies between the least and the most that every other one has measured, or at most a
tenth away from its median. Prints a line for each figure, and ends with 1 if one has no agreement or is not in all.
"""

import json
import sys
from collections.abc import Iterator
from itertools import permutations
from pathlib import Path
from typing import Any

NEAR = 0.1

Run = dict[str, dict[str, Any]]  # name of a figure -> the figure


def read(path: Path) -> Run:
    return {figure["name"]: figure for figure in json.loads(path.read_text())["figures"]}


def compared(runs: list[Run]) -> Iterator[tuple[bool, str]]:
    """For each figure whether the runs agree, and a line about it."""
    for name in dict.fromkeys(name for run in runs for name in run):
        found = [run[name]["values"] for run in runs if name in run]
        medians = [values["median"] for values in found]
        unit = next(run[name]["unit"] for run in runs if name in run)
        agree = len(found) == len(runs) and all(_covers(one, other) for one, other in permutations(found, 2))
        words = "agree" if agree else "DIFFER" if len(found) == len(runs) else "MISSING in one"
        yield agree, f"{name:60} {'  '.join(f'{value:9.1f}' for value in medians)} {unit:5} {words}"


def _covers(one: dict[str, float], other: dict[str, float]) -> bool:
    median = other["median"]
    return one["min"] <= median <= one["max"] or abs(median - one["median"]) <= NEAR * one["median"]


def main(*paths: str) -> int:
    results = list(compared([read(Path(path)) for path in paths]))
    sys.stdout.write("".join(f"{line}\n" for _, line in results))
    return 0 if results and all(agree for agree, _ in results) else 1


if __name__ == "__main__":
    sys.exit(main(*sys.argv[1:]))
