"""A figure: what was measured again and again, what the same run compares it with, and what it must reach."""

import time
from collections.abc import Callable, Sequence
from dataclasses import asdict, dataclass
from statistics import median, quantiles
from typing import Any

WARM_UP = 3


@dataclass(frozen=True)
class Values:
    """What was measured, in the figure's unit; `noise` is the middle half's width, as a share of the median."""

    min: float
    median: float
    p95: float
    max: float
    noise: float = 0

    def __str__(self) -> str:
        return f"{self.min:9.1f} {self.median:9.1f} {self.p95:9.1f} {self.max:9.1f}"


@dataclass(frozen=True)
class Target:
    """The most that a figure's `at` (median, p95, max) may be, or the least; `words` say where that comes from."""

    words: str
    bound: float
    at: str = "median"
    is_least: bool = False

    def is_met(self, values: Values) -> bool:
        found: float = getattr(values, self.at)
        return found >= self.bound if self.is_least else found <= self.bound


@dataclass(frozen=True)
class Figure:
    """The floor, in the same unit, is the least that this machine needs for its like; None where nothing is.

    `why` explains what is missed, in one sentence; it is said only then.
    """

    name: str
    unit: str
    values: Values
    floor_name: str = ""
    floor: Values | None = None
    targets: tuple[Target, ...] = ()
    why: str = ""

    @property
    def is_met(self) -> bool:
        return all(target.is_met(self.values) for target in self.targets)

    @property
    def ratio(self) -> float | None:
        return round(self.values.median / self.floor.median, 2) if self.floor and self.floor.median else None

    def as_json(self) -> dict[str, Any]:
        targets = [asdict(target) | {"is_met": target.is_met(self.values)} for target in self.targets]
        return asdict(self) | {"targets": targets, "ratio": self.ratio, "is_met": self.is_met}


def spread(found: Sequence[float]) -> Values:
    """Of at least one value."""
    ordered = sorted(found)
    middle = median(ordered)
    if len(ordered) == 1:
        return Values(*(round(middle, 2),) * 4)
    parts = quantiles(ordered, n=20, method="inclusive")
    noise = (parts[14] - parts[4]) / middle if middle else 0
    return Values(*(round(value, 2) for value in (ordered[0], middle, parts[18], ordered[-1], noise)))


def timed(call: Callable[[], object], times: int, warm_up: int = WARM_UP) -> Values:
    """The milliseconds of so many calls, after a few that do not count."""
    for _ in range(warm_up):
        call()
    return spread([milliseconds(call) for _ in range(times)])


def milliseconds(call: Callable[[], object]) -> float:
    began = time.perf_counter()
    call()
    return (time.perf_counter() - began) * 1000


def by_turns(calls: dict[str, Callable[[], object]], times: int) -> dict[str, Values]:
    """The milliseconds of several calls that are compared: each in its turn, so that what slows one slows all."""
    for call in calls.values():
        for _ in range(WARM_UP):
            call()
    found: dict[str, list[float]] = {name: [] for name in calls}
    for _ in range(times):
        for name, call in calls.items():
            found[name].append(milliseconds(call))
    return {name: spread(values) for name, values in found.items()}


def at_most(floor: Values, factor: float, at: str = "median") -> Target:
    """So many times the floor's value at the same place."""
    return Target(f"{factor:g} x the floor, {at}", round(getattr(floor, at) * factor, 2), at)
