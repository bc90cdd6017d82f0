"""Prints a table of all figures, and writes them to var/bench.json: python -m tests.bench --times 30"""

import argparse
import json
import os
import platform
from collections.abc import Sequence
from datetime import UTC, datetime
from pathlib import Path

from tests.bench import exploring
from tests.bench.house import visited
from tests.bench.timing import Figure
from tests.start.running import ROOT

HEADER = f"{'milliseconds':44} {'min':>7} {'median':>7} {'max':>7}   must     ratio to"


def main() -> None:
    parser = argparse.ArgumentParser(prog="python -m tests.bench", description="How fast is it here?")
    parser.add_argument("--times", type=int, default=30, help="how often each figure is taken")
    times = parser.parse_args().times
    load = os.getloadavg()[0]
    with visited() as visitor:
        found = list(exploring.figures(visitor, times))
    print_table(found)
    write(ROOT / "var" / "bench.json", found, times, load)


def print_table(figures: Sequence[Figure]) -> None:
    print(HEADER)  # noqa: T201
    for figure in figures:
        verdict = "met" if figure.is_met else "NOT MET"
        against = f"{figure.ratio:5.1f} x {figure.floor_name} ({figure.floor.median} ms)"
        print(f"{figure.name:44} {figure.times}   {figure.most:4.0f} {verdict:8}{against}")  # noqa: T201


def write(path: Path, figures: Sequence[Figure], times: int, load: float) -> None:
    """The machine, and what else it had to do, beside the figures."""
    machine = {"processor": platform.processor() or platform.machine(), "cores": os.cpu_count(), "load_before": load}
    machine |= {"python": platform.python_version(), "system": platform.platform(terse=True)}
    whole = {"at": datetime.now(UTC).isoformat(), "times": times, "machine": machine}
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_text(json.dumps(whole | {"figures": [figure.as_json() for figure in figures]}, indent=2) + "\n")


if __name__ == "__main__":
    main()
