"""The benchmark prints and writes what it has measured; how fast that is, is no matter of a test."""

import json

from tests.bench.table import lines, write
from tests.bench.timing import Figure, Target, Values, at_most, by_turns, spread, timed

FLOOR = Values(1, 2, 3, 4)
SLOW = Values(10, 20, 90, 100)


def test_a_target_is_met_at_its_own_place():
    assert Target("half of them", 20).is_met(SLOW)
    assert not Target("nearly all", 89, at="p95").is_met(SLOW)
    assert Target("so many a second", 20, is_least=True).is_met(SLOW)
    assert not Target("so many a second", 21, is_least=True).is_met(SLOW)


def test_a_figure_is_met_with_all_its_targets():
    assert Figure("a page", "ms", SLOW, targets=(Target("", 20), Target("", 90, at="p95"))).is_met
    assert not Figure("a page", "ms", SLOW, targets=(Target("", 20), Target("", 89, at="p95"))).is_met


def test_a_target_may_be_a_multiple_of_its_floor():
    assert at_most(FLOOR, 1.5, "p95") == Target("1.5 x the floor, p95", 4.5, "p95")


def test_calls_to_warm_up_do_not_count():
    calls = []
    assert timed(lambda: calls.append(1), 5).min >= 0
    assert len(calls) == 8


def test_what_is_compared_takes_turns():
    calls = []
    found = by_turns({"one": lambda: calls.append("one"), "other": lambda: calls.append("other")}, 2)
    assert list(found) == ["one", "other"]
    assert calls[-4:] == ["one", "other", "one", "other"]


def test_the_spread_of_what_was_measured():
    found = spread(range(101))
    assert (found.min, found.median, found.p95, found.max, found.noise) == (0, 50, 95, 100, 1)
    assert spread([7]) == Values(7, 7, 7, 7)


def test_only_a_miss_is_explained():
    missed = Figure("a page", "ms", SLOW, targets=(Target("", 19),), why="It counts.")
    assert lines(missed)[-1].endswith("why: It counts.")
    assert len(lines(Figure("a page", "ms", SLOW, targets=(Target("", 20),), why="It counts."))) == 2


def test_the_table_and_the_file_say_the_same(tmp_path):
    figure = Figure("a page", "ms", SLOW, "an empty page", FLOOR, (Target("5 x the floor", 10),))
    write(tmp_path / "var" / "bench.json", [figure], times=7, noise_before=FLOOR)

    first, second = lines(figure)
    assert "a page" in first
    assert "10.00 x an empty page (2)" in first
    assert "NOT MET: 5 x the floor (10)" in second
    whole = json.loads((tmp_path / "var" / "bench.json").read_text())
    assert (whole["times"], whole["machine"]["arithmetic_before"]["median"]) == (7, 2)
    assert whole["figures"][0]["values"] == {"min": 10, "median": 20, "p95": 90, "max": 100, "noise": 0}
    assert (whole["figures"][0]["ratio"], whole["figures"][0]["is_met"]) == (10, False)
    assert whole["figures"][0]["targets"][0]["is_met"] is False
