"""How what is stored has grown: a bar for each day, and the same in words."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date, timedelta

from django.template.defaultfilters import filesizeformat

DAYS = 30
# In the chart's own units: a slot for each day, and a bar in it.
SLOT, BAR, TALLEST, LOWEST = 10, 7, 84, 2
# From fewer days nothing is foretold.
FEWEST_DAYS = 7
DAYS_OF = (("year", 365), ("month", 30), ("day", 1))
FAR = 10  # years


@dataclass(frozen=True)
class Bar:
    x: int
    y: int
    height: int
    words: str


@dataclass(frozen=True)
class Growth:
    """`words` say what the bars show."""

    bars: Sequence[Bar]
    first: date
    last: date
    most: str
    words: str
    width: int = DAYS * SLOT


def growth_of(totals: Mapping[date, int], today: date) -> Growth | None:
    """Of the bytes by day; None where nothing was measured in these days. A day without a figure has no bar."""
    first = today - timedelta(days=DAYS - 1)
    shown = {day: total for day, total in sorted(totals.items()) if first <= day <= today}
    if not shown:
        return None
    most = max(shown.values())
    bars = [_bar((day - first).days * SLOT, day, total, most) for day, total in shown.items()]
    return Growth(bars, first, today, filesizeformat(most), _words(shown))


def lasts(totals: Mapping[date, int], free: int) -> str:
    """For how long the free room lasts at the pace of these days, roughly; "" where that says nothing."""
    days = sorted(totals)
    grown = totals[days[-1]] - totals[days[0]] if days else 0
    if grown <= 0 or (days[-1] - days[0]).days < FEWEST_DAYS:
        return ""
    left = free * (days[-1] - days[0]).days // grown
    if left >= FAR * 365:
        return f"more than {FAR} years"
    name, length = next((unit for unit in DAYS_OF if left >= 2 * unit[1]), DAYS_OF[-1])
    return f"about {left // length} {name}{'' if left // length == 1 else 's'}"


def _bar(x: int, day: date, total: int, most: int) -> Bar:
    height = max(round(TALLEST * total / most), LOWEST) if most else LOWEST
    return Bar(x, TALLEST - height, height, f"{day:%-d %b %Y}: {filesizeformat(total)}")


def _words(shown: Mapping[date, int]) -> str:
    days = list(shown)
    grown, length = shown[days[-1]] - shown[days[0]], (days[-1] - days[0]).days
    if not length:
        return "Measured for the first time today: how it grows shows from tomorrow on."
    span = f"{length} day{'' if length == 1 else 's'}"
    if not grown:
        return f"As much as {span} ago."
    return f"{filesizeformat(abs(grown))} {'more' if grown > 0 else 'less'} than {span} ago."
