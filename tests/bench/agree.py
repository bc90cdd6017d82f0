"""Do several runs of the benchmark agree? python -m tests.bench.agree var/bench-1.json var/bench-2.json ...

Two do where each one's median lies between the least and the most that the other has measured, or at most a tenth away
from its median; or where that holds for the ratios to the floors: a floor is measured in turns with its figure, so that
a machine that was slower as a whole has slowed both. A ratio has the noise of both: the floor's is its middle half.
Prints a line for each figure, and ends with 1 if one has no agreement or is not in all.
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
    """For each figure whether the runs agree, and a line about it: the medians, and the ratios to the floors."""
    for name in dict.fromkeys(name for run in runs for name in run):
        found = [run[name] for run in runs if name in run]
        agree, words = _verdict(found) if len(found) == len(runs) else (False, "MISSING in one")
        medians = "  ".join(f"{figure['values']['median']:9.1f}" for figure in found)
        ratios = "  ".join(f"{figure['ratio']:5.2f}" for figure in found if figure["ratio"] is not None)
        yield agree, f"{name:60} {medians} {found[0]['unit']:5} {ratios:19}  {words}"


def _verdict(found: list[dict[str, Any]]) -> tuple[bool, str]:
    if _agree([figure["values"] for figure in found]):
        return True, "agree"
    if all(figure["floor"] for figure in found) and _agree([_in_floors(figure) for figure in found]):
        return True, "agree by their ratios"
    return False, "DIFFER"


def _in_floors(figure: dict[str, Any]) -> dict[str, float]:
    """What was measured, in floors; the least in its upper quartile, the most in its lower one."""
    values, floor = figure["values"], figure["floor"]
    middle, half = floor["median"], floor["median"] * floor["noise"] / 2
    return {
        "min": values["min"] / min(middle + half, floor["max"]),
        "median": values["median"] / middle,
        "max": values["max"] / max(middle - half, floor["min"]),
    }


def _agree(found: list[dict[str, float]]) -> bool:
    return all(_covers(one, other) for one, other in permutations(found, 2))


def _covers(one: dict[str, float], other: dict[str, float]) -> bool:
    median = other["median"]
    return one["min"] <= median <= one["max"] or abs(median - one["median"]) <= NEAR * one["median"]


def main(*paths: str) -> int:
    results = list(compared([read(Path(path)) for path in paths]))
    sys.stdout.write("".join(f"{line}\n" for _, line in results))
    return 0 if results and all(agree for agree, _ in results) else 1


if __name__ == "__main__":
    sys.exit(main(*sys.argv[1:]))
