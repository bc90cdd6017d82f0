"""Small pictures, as numbers for inline SVG: what columns there are, how full they are, and how much they repeat."""

import json
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any, Self

WIDTH = 100
COMPARED = 10_000  # characters of a value by which it is told from others


@dataclass(frozen=True)
class Part:
    """One of a stacked bar; `x` and `width` in hundredths of it."""

    family: str
    label: str
    number: int
    x: float = 0
    width: float = 0


@dataclass(frozen=True)
class Bar:
    parts: tuple[Part, ...]

    @classmethod
    def of(cls, parts: Sequence[Part]) -> Self:
        """The parts side by side, each as wide as its number is large."""
        total, before, found = sum(part.number for part in parts), 0, []
        for part in parts:
            x, width = WIDTH * before / total, WIDTH * part.number / total
            found.append(Part(part.family, part.label, part.number, round(x, 2), round(width, 2)))
            before += part.number
        return cls(tuple(found))

    @property
    def words(self) -> str:
        return ", ".join(f"{part.label}: {part.number}" for part in self.parts)


@dataclass(frozen=True)
class Shares:
    """Of one column in the rows that are shown; `null_width` and `distinct_width` in hundredths."""

    rows: int
    nulls: int
    distinct: int

    @classmethod
    def of(cls, values: Sequence[Any]) -> Self:
        there = [value for value in values if value is not None]
        return cls(len(values), len(values) - len(there), len({_identity(value) for value in there}))

    @property
    def null_width(self) -> float:
        return self._width(self.nulls)

    @property
    def distinct_width(self) -> float:
        return self._width(self.distinct)

    @property
    def words(self) -> str:
        return f"{self.nulls} of {self.rows} null, {self.distinct} distinct"

    def _width(self, number: int) -> float:
        return round(WIDTH * number / self.rows, 2) if self.rows else 0


def _identity(value: Any) -> tuple[str, Any]:
    """Tells 1 from true. Of what is nested or long, by its beginning."""
    if isinstance(value, dict | list):
        return "nested", _beginning(value)
    return type(value).__name__, value[:COMPARED] if isinstance(value, str) else value


def _beginning(value: Any) -> str:
    try:
        return json.dumps(value, sort_keys=True)[:COMPARED]
    except RecursionError:
        return ""
