"""When a dataflow runs: the rules for its scheduleParams. Numbers and truth values may stand as texts, as in the docs.

https://experienceleague.adobe.com/en/docs/experience-platform/sources/errors/sources-errors
"""

import re
from collections.abc import Mapping
from typing import Any

from wizard.emulator.errors import flow, invalid, missing

FREQUENCIES = ("once", "minute", "hour", "day", "week")
LEAST = {"minute": 15}
WHOLE = re.compile(r"-?\d{1,18}", re.ASCII)
# Epoch seconds of the last moment of the year 9999: what is later was meant as milliseconds.
LATEST = 253_402_300_799
FIELD = "scheduleParams"


def check(schedule: object) -> None:
    """Raises Refusal for the first rule that is broken, whatever time it is."""
    if not schedule:
        raise flow("1317-400", "The provided schedule params are empty but should not be empty.")
    if not isinstance(schedule, dict):
        raise invalid(FIELD)
    for name in ("startTime", "frequency"):
        if schedule.get(name) is None:
            raise missing(f"{FIELD}.{name}")
    start = _whole(schedule["startTime"])
    if start is None or not 0 <= start <= LATEST:
        raise flow("1340-400", "An error occurred while parsing startTime: it is a number of epoch seconds.")
    if schedule["frequency"] not in FREQUENCIES:
        raise flow("1397-400", f"The provided frequency: {str(schedule['frequency'])[:100]} is invalid.")
    if schedule["frequency"] == "once":
        _check_once(schedule)
    else:
        _check_repeated(schedule)


def check_start(schedule: Mapping[str, Any], now: float) -> None:
    """Of a dataflow that is new. Raises Refusal for a start in the past."""
    if start_of(schedule) < int(now):
        raise flow("1360-400", "The start time cannot be set in the past.")


def check_change(old: Mapping[str, Any], new: Mapping[str, Any], now: float) -> None:
    """Raises Refusal for what cannot change any more once the start has passed."""
    has_moved = start_of(old) != start_of(new)
    if start_of(old) > now:
        if has_moved:
            check_start(new, now)
        return
    if has_moved:
        raise flow("1366-400", "The start time has passed and the update operation is no longer allowed.")
    if new["frequency"] == "once" != old["frequency"]:
        raise flow("1403-400", "The start time has passed: the frequency cannot become once.", title="Bad Request")
    if str(new.get("backfill")).lower() != str(old.get("backfill")).lower():
        raise flow("1404-400", "The start time has passed: backfill cannot change.", title="Bad Request")


def start_of(schedule: Mapping[str, Any]) -> int:
    return int(schedule["startTime"])


def _check_once(schedule: Mapping[str, Any]) -> None:
    if "interval" in schedule:
        raise flow("1361-400", "Interval is not allowed with one time ingestion.")
    if "backfill" in schedule:
        raise flow("1364-400", "The backfill flag is not allowed when frequency is set to once.")


def _check_repeated(schedule: Mapping[str, Any]) -> None:
    if schedule.get("interval") is None:
        raise missing(f"{FIELD}.interval")
    interval, least = _whole(schedule["interval"]), LEAST.get(schedule["frequency"], 1)
    if interval is None:
        raise invalid(f"{FIELD}.interval")
    if interval < least:
        raise flow("1362-400", f"Interval cannot be less than {least}.")
    backfill = schedule.get("backfill", True)
    if not isinstance(backfill, bool) and backfill not in ("true", "false"):
        raise invalid(f"{FIELD}.backfill")


def _whole(value: object) -> int | None:
    if isinstance(value, str) and WHOLE.fullmatch(value):
        return int(value)
    return value if isinstance(value, int) and not isinstance(value, bool) else None
