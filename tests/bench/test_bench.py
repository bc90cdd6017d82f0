"""The benchmark prints and writes what it has measured; how fast that is, is no matter of a test."""

import json

from tests.bench import __main__ as bench
from tests.bench.timing import Figure, Times, timed

FLOOR = Times(1, 2, 3)


def test_a_figure_is_met_by_its_median_alone():
    assert Figure("a page", Times(1, 100, 9000), "nothing", FLOOR, most=100).is_met
    assert not Figure("a page", Times(1, 101, 102), "nothing", FLOOR, most=100).is_met


def test_calls_to_warm_up_do_not_count():
    calls = []
    assert timed(lambda: calls.append(1), 5).min >= 0
    assert len(calls) == 8


def test_the_table_and_the_file_say_the_same(tmp_path, capsys):
    figures = [Figure("a page", Times(10, 20, 30), "an empty page", FLOOR, most=5)]
    bench.print_table(figures)
    bench.write(tmp_path / "var" / "bench.json", figures, times=7, load=0.5)

    said = capsys.readouterr().out
    assert "a page" in said
    assert "NOT MET" in said
    assert "10.0 x an empty page (2 ms)" in said
    whole = json.loads((tmp_path / "var" / "bench.json").read_text())
    assert (whole["times"], whole["machine"]["load_before"]) == (7, 0.5)
    assert whole["figures"][0]["times"] == {"min": 10, "median": 20, "max": 30}
    assert (whole["figures"][0]["ratio"], whole["figures"][0]["is_met"]) == (10, False)
