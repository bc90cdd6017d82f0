"""The wizard under faults and kills: python -m tests.chaos --creates 300 --seed 1 --seed 2

Ends with 1 when anything was lost, made twice, stuck, or gave a secret away.
"""

import argparse
import signal
import sys
import tempfile
from pathlib import Path
from types import FrameType

from tests.chaos.report import Report
from tests.chaos.run import run


def main() -> int:
    options = _options()
    signal.signal(signal.SIGTERM, _leave)
    reports = []
    for seed in options.seed or [1]:
        reports.append(_run(seed, options))
        print(reports[-1].table(), end="\n\n", flush=True)  # noqa: T201
    print(_summary(reports))  # noqa: T201
    return 0 if all(report.is_good for report in reports) else 1


def _options() -> argparse.Namespace:
    parser = argparse.ArgumentParser(prog="python -m tests.chaos", description="Faults and kills, then a count.")
    parser.add_argument("--creates", type=int, default=300)
    parser.add_argument("--seed", type=int, action="append", help="decides what goes wrong; may be given several times")
    parser.add_argument("--keep", type=Path, help="where databases and logs stay, in a directory for each seed")
    return parser.parse_args()


def _run(seed: int, options: argparse.Namespace) -> Report:
    if options.keep:
        return run(seed, options.creates, options.keep / f"seed-{seed}")
    with tempfile.TemporaryDirectory() as directory:
        return run(seed, options.creates, Path(directory))


def _summary(reports: list[Report]) -> str:
    counts = {name: sum(len(report.bad[name]) for report in reports) for name in reports[0].bad}
    words = ", ".join(f"{number} {name}" for name, number in counts.items())
    creates, kills = sum(len(report.sent) for report in reports), sum(report.killed.total() for report in reports)
    return f"All seeds: {creates} creates, {kills} kills: {words}."


def _leave(_signal: int, _frame: FrameType | None) -> None:
    sys.exit(1)


if __name__ == "__main__":
    sys.exit(main())
