"""A connection's tests over time as a small chart: what its template draws, and the same in words."""

from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from itertools import pairwise
from statistics import median

from wizard.history.durations import in_words, pause_in_words
from wizard.record.kinds import Outcome

MOST = 60
# In the chart's own units: a slot for each test, and a bar in it; where a test did not pass, a mark below.
SLOT, BAR, TALLEST, LOWEST = 10, 7, 84, 4
FEWEST_SLOTS = 24
# A pause that is so many times as long as usual is a gap; where nothing is usual yet, one of more than a day.
LONG, SHORTEST_GAP, UNUSUAL = 3, timedelta(hours=1), timedelta(days=1)
LOOKS: dict[str, str] = {Outcome.SUCCEEDED: "passed", Outcome.FAILED: "failed"}
NO_RESULT = "no-result"


@dataclass(frozen=True)
class Result:
    """`outcome` and `duration_ms` as the event of a test has them."""

    at: datetime
    outcome: str
    duration_ms: int | None

    @property
    def look(self) -> str:
        return LOOKS.get(self.outcome, NO_RESULT)


@dataclass(frozen=True)
class Bar:
    x: int
    y: int
    height: int
    look: str
    words: str


@dataclass(frozen=True)
class Gap:
    x: int
    words: str


@dataclass(frozen=True)
class Chart:
    """`words` say what the bars show; `slowest` is what the tallest one stands for."""

    width: int
    bars: Sequence[Bar]
    gaps: Sequence[Gap]
    first_at: datetime
    last_at: datetime
    slowest: str
    words: str


def chart_of(results: Sequence[Result]) -> Chart | None:
    """The chart of these tests, oldest first; None without any."""
    if not results:
        return None
    pauses = [after.at - before.at for before, after in pairwise(results)]
    usual = _longest_usual(pauses)
    long_pauses = [pause for pause in pauses if pause > usual]
    most = max(result.duration_ms or 0 for result in results)
    # The newest one stands at the right, however few there are.
    slots = max(len(results) + len(long_pauses), FEWEST_SLOTS)
    x = (slots - len(results) - len(long_pauses)) * SLOT
    bars, gaps = [], []
    for result, pause in zip(results, [timedelta(0), *pauses], strict=True):
        if pause > usual:
            gaps.append(Gap(x + SLOT // 2, f"No test for {pause_in_words(pause)}"))
            x += SLOT
        bars.append(_bar(result, x, most))
        x += SLOT
    ends = (results[0].at, results[-1].at)
    return Chart(slots * SLOT, bars, gaps, *ends, in_words(most), _words(results, long_pauses))


def _longest_usual(pauses: Sequence[timedelta]) -> timedelta:
    if len(pauses) < LONG:
        return UNUSUAL
    usual = timedelta(seconds=median(pause.total_seconds() for pause in pauses))
    return max(LONG * usual, SHORTEST_GAP)


def _bar(result: Result, x: int, most: int) -> Bar:
    took = result.duration_ms or 0
    height = max(round(TALLEST * took / most), LOWEST) if most else LOWEST
    words = result.look.replace("-", " ")
    if took:
        words = f"{words}, {in_words(took)}"
    return Bar(x, TALLEST - height, height, result.look, f"{result.at:%-d %b %Y, %H:%M} UTC: {words}")


def _words(results: Sequence[Result], gaps: Sequence[timedelta]) -> str:
    count = Counter(result.look for result in results)
    words = f"{count['failed'] or 'None'} of {len(results)} failed"
    if count[NO_RESULT]:
        words += f", {count[NO_RESULT]} had no result"
    if gaps:
        number = "one gap" if len(gaps) == 1 else f"{len(gaps)} gaps"
        words += f"; {number}, {'of' if len(gaps) == 1 else 'the longest of'} {pause_in_words(max(gaps))}"
    return f"{words}."
