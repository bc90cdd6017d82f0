"""A figure: what was timed again and again, what the same run compares it with, and what it must reach."""

import time
from collections.abc import Callable
from dataclasses import asdict, dataclass
from statistics import median
from typing import Any

WARM_UP = 3


@dataclass(frozen=True)
class Times:
    """Milliseconds."""

    min: float
    median: float
    max: float

    def __str__(self) -> str:
        return f"{self.min:7.1f} {self.median:7.1f} {self.max:7.1f}"


@dataclass(frozen=True)
class Figure:
    """`most` is in milliseconds, for the median; the floor is the least that this machine needs for its like."""

    name: str
    times: Times
    floor_name: str
    floor: Times
    most: float

    @property
    def is_met(self) -> bool:
        return self.times.median <= self.most

    @property
    def ratio(self) -> float:
        return self.times.median / self.floor.median

    def as_json(self) -> dict[str, Any]:
        return asdict(self) | {"ratio": round(self.ratio, 2), "is_met": self.is_met}


def timed(call: Callable[[], object], times: int) -> Times:
    """The times of so many calls, after a few that do not count."""
    for _ in range(WARM_UP):
        call()
    found = []
    for _ in range(times):
        began = time.perf_counter()
        call()
        found.append((time.perf_counter() - began) * 1000)
    return Times(round(min(found), 1), round(median(found), 1), round(max(found), 1))
