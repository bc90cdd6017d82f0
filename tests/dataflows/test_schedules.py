"""The documented rules for when a dataflow runs."""

from datetime import UTC, datetime, timedelta

import pytest

from wizard.dataflows.schedules import FREQUENCIES, Schedule, least_interval, schedule_errors

START = datetime(2027, 1, 4, 6, 30, tzinfo=UTC)


def errors(frequency="hour", interval=1, backfill=True, delta_column="updated_at", **rules):
    schedule = Schedule(frequency, rules.pop("start_at", START), interval, backfill)
    return schedule_errors(schedule, delta_column, **{"takes_delta_column": True} | rules)


def test_the_start_is_in_epoch_seconds():
    params = Schedule("minute", START, 15, backfill=False).params()
    assert params == {"startTime": 1799044200, "frequency": "minute", "interval": 15, "backfill": False}


def test_the_start_is_the_same_moment_in_another_time_zone():
    there = START.astimezone(datetime.now().astimezone(None).tzinfo)
    assert Schedule("once", there).params() == Schedule("once", START).params()


def test_once_says_neither_interval_nor_backfill():
    assert Schedule("once", START).params() == {"startTime": 1799044200, "frequency": "once"}


@pytest.mark.parametrize("frequency", FREQUENCIES[1:])
def test_a_good_schedule_has_no_errors(frequency):
    assert errors(frequency, least_interval(frequency)) == {}


@pytest.mark.parametrize(("frequency", "interval"), [("minute", 14), ("hour", 0), ("day", -1), ("week", None)])
def test_an_interval_that_is_missing_or_too_small_is_refused_at_its_field(frequency, interval):
    assert list(errors(frequency, interval)) == ["interval"]


def test_the_smallest_interval_is_told():
    assert errors("minute", 1)["interval"] == "The smallest interval is 15 minutes."
    assert errors("day", 0)["interval"] == "The smallest interval is 1 day."


def test_once_takes_no_interval_no_backfill_and_no_delta_column():
    assert errors("once", None, None, "") == {}
    assert sorted(errors("once", 1, False)) == ["backfill", "delta_column", "interval"]


def test_what_is_repeated_from_a_table_needs_its_delta_column():
    assert list(errors(delta_column="")) == ["delta_column"]


def test_from_files_nothing_has_a_delta_column():
    assert errors(delta_column="", takes_delta_column=False) == {}
    assert list(errors(takes_delta_column=False)) == ["delta_column"]
    assert list(errors("once", None, None, takes_delta_column=False)) == ["delta_column"]


@pytest.mark.parametrize("frequency", ["", "Hour", "monthly"])
def test_another_frequency_is_refused(frequency):
    assert list(errors(frequency)) == ["frequency"]


def test_a_start_that_has_passed_is_refused_where_the_time_is_said():
    assert errors(now=START + timedelta(seconds=1)).keys() == {"start_at"}
    assert errors(now=START) == {}
