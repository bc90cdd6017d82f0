"""The table that the benchmark prints, and the file that it writes."""

import json
import os
import platform
import re
from collections.abc import Sequence
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

from tests.bench.timing import Figure, Values, timed

HEADER = (
    f"{'':60} {'unit':5} {'min':>9} {'median':>9} {'p95':>9} {'max':>9}  ratio to its floor, and what it must reach"
)

MODEL = re.compile(r"^model name\s*: (.+)$", re.MULTILINE)


def lines(figure: Figure) -> list[str]:
    """One, one more for each target, and what explains a miss."""
    against = f"{figure.ratio:5.2f} x {figure.floor_name} ({figure.floor.median:g})" if figure.floor else ""
    found = [f"{figure.name:60} {figure.unit:5} {figure.values}  {against}".rstrip()]
    for target in figure.targets:
        verdict = "met" if target.is_met(figure.values) else "NOT MET"
        found.append(f"{'':60} {verdict:>7}: {target.words} ({target.bound:g})")
    if figure.why and not figure.is_met:
        found.append(f"{'':60}     why: {figure.why}")
    return found


def machine(noise_before: Values) -> dict[str, Any]:
    """What the figures were taken on, and how steady it was: the same piece of arithmetic, before and after."""
    found = {"processor": processor(), "cores": os.cpu_count(), "memory_gb": memory_gb()}
    found |= {"python": platform.python_version(), "system": platform.platform(terse=True)}
    return found | {"arithmetic_before": noise_before.__dict__, "arithmetic_after": arithmetic().__dict__}


def processor() -> str:
    """Its model, where the system tells it as Linux does; else the kind of machine."""
    try:
        found = MODEL.search(Path("/proc/cpuinfo").read_text())
    except OSError:
        found = None
    return found[1] if found else platform.machine()


def memory_gb() -> float:
    return round(os.sysconf("SC_PAGE_SIZE") * os.sysconf("SC_PHYS_PAGES") / 1e9, 1)


def arithmetic() -> Values:
    """The milliseconds of a fixed piece of work that needs the processor alone."""
    return timed(lambda: sum(number * number for number in range(200_000)), 50)


def write(path: Path, figures: Sequence[Figure], times: int, noise_before: Values) -> None:
    whole = {"at": datetime.now(UTC).isoformat(), "times": times, "machine": machine(noise_before)}
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_text(json.dumps(whole | {"figures": [figure.as_json() for figure in figures]}, indent=2) + "\n")
