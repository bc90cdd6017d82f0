"""When a dataflow runs: its scheduleParams, and the documented rules for them.

https://experienceleague.adobe.com/en/docs/experience-platform/sources/api-tutorials/collect/database-nosql
"""

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import datetime
from typing import Any

ONCE = "once"
FREQUENCIES = (ONCE, "minute", "hour", "day", "week")
# More often than every quarter of an hour is refused.
LEAST_INTERVALS = {"minute": 15}


@dataclass(frozen=True)
class Schedule:
    """`start_at` is aware; `interval` counts in the unit of the frequency; both None where the frequency is once."""

    frequency: str
    start_at: datetime
    interval: int | None = None
    backfill: bool | None = None

    def params(self) -> dict[str, Any]:
        """As scheduleParams have it: startTime in epoch seconds, and nothing that is not said."""
        said: dict[str, Any] = {"startTime": int(self.start_at.timestamp()), "frequency": self.frequency}
        if self.interval is not None:
            said["interval"] = self.interval
        if self.backfill is not None:
            said["backfill"] = self.backfill
        return said


def least_interval(frequency: str) -> int:
    """The smallest interval that is allowed with it."""
    return LEAST_INTERVALS.get(frequency, 1)


def schedule_errors(
    schedule: Schedule, delta_column: str, *, takes_delta_column: bool, now: datetime | None = None
) -> dict[str, str]:
    """What is wrong, by field: frequency, start_at, interval, backfill, delta_column; nothing for a good one.

    `takes_delta_column`: whether its flow spec copies from tables, so that it has to know what is new. With `now` a
    start in the past is wrong, too: that is a rule for a dataflow that is yet to be made.
    """
    if schedule.frequency not in FREQUENCIES:
        return {"frequency": f"Choose one of: {', '.join(FREQUENCIES)}."}
    rules = _rules_for_once if schedule.frequency == ONCE else _rules_for_repeated
    errors = dict(rules(schedule, delta_column, takes_delta_column))
    if delta_column and not takes_delta_column:
        errors["delta_column"] = (
            "Only dataflows from tables have a delta column: for files, Adobe looks at their dates."
        )
    if now is not None and schedule.start_at < now:
        errors["start_at"] = "The start has passed. Choose a moment that is still to come."
    return errors


def _rules_for_once(schedule: Schedule, delta_column: str, takes_delta_column: bool) -> Iterator[tuple[str, str]]:
    if schedule.interval is not None:
        yield "interval", "What runs once has no interval. Leave it empty."
    if schedule.backfill is not None:
        yield "backfill", "What runs once takes all rows anyway. Leave this out."
    if delta_column and takes_delta_column:
        yield "delta_column", "What runs once takes all rows: it has no delta column."


def _rules_for_repeated(schedule: Schedule, delta_column: str, takes_delta_column: bool) -> Iterator[tuple[str, str]]:
    least = least_interval(schedule.frequency)
    if schedule.interval is None:
        yield "interval", f"Say every how many {schedule.frequency}s it runs."
    elif schedule.interval < least:
        yield "interval", f"The smallest interval is {least} {schedule.frequency}{'s' if least > 1 else ''}."
    if takes_delta_column and not delta_column:
        yield "delta_column", "Choose the column that tells new rows from old ones: only those are taken again."
