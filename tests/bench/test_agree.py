"""Runs of the benchmark are compared by what each of them has measured."""

import json
from typing import Any

from tests.bench.agree import main


def figure(
    name: str, low: float, median: float, high: float, floor: float | None = None, noise: float = 0
) -> dict[str, Any]:
    found = {"name": name, "unit": "ms", "values": {"min": low, "median": median, "max": high}}
    beside = (
        {"floor": {"min": floor / 2, "median": floor, "max": floor * 2, "noise": noise}, "ratio": median / floor}
        if floor
        else {"floor": None, "ratio": None}
    )
    return found | beside


def code(tmp_path, *runs: list[dict[str, Any]]) -> int:
    paths = [tmp_path / f"{number}.json" for number in range(len(runs))]
    for path, figures in zip(paths, runs, strict=True):
        path.write_text(json.dumps({"figures": figures}))
    return main(*map(str, paths))


def test_medians_within_each_others_range_agree(tmp_path, capsys):
    assert code(tmp_path, [figure("a page", 10, 20, 40)], [figure("a page", 15, 30, 60)]) == 0
    assert capsys.readouterr().out.split()[:5] == ["a", "page", "20.0", "30.0", "ms"]


def test_figures_without_noise_may_be_a_tenth_apart(tmp_path):
    assert code(tmp_path, [figure("bytes", 100, 100, 100)], [figure("bytes", 109, 109, 109)]) == 0
    assert code(tmp_path, [figure("bytes", 100, 100, 100)], [figure("bytes", 112, 112, 112)]) == 1


def test_a_median_out_of_the_other_ones_range_differs(tmp_path, capsys):
    steady, wide = figure("a page", 18, 20, 22), figure("a page", 15, 30, 60)
    assert code(tmp_path, [steady], [wide], [steady]) == 1
    assert "DIFFER" in capsys.readouterr().out


def test_on_a_machine_that_was_slower_as_a_whole_the_ratios_agree(tmp_path, capsys):
    usual, slow = figure("a page", 19, 20, 21, floor=5), figure("a page", 29, 30, 31, floor=7.4)
    assert code(tmp_path, [usual], [slow]) == 0
    words = capsys.readouterr().out.split()
    assert words[2:] == ["20.0", "30.0", "ms", "4.00", "4.05", "agree", "by", "their", "ratios"]


def test_a_ratio_is_as_uncertain_as_its_floor(tmp_path):
    def compared(noise: float) -> int:
        runs = (
            figure("a page", 19, 20, 21, floor=5, noise=noise),
            figure("a page", 29, 30, 31, floor=6.6, noise=noise),
        )
        return code(tmp_path, *([run] for run in runs))

    assert (compared(noise=0.2), compared(noise=0)) == (0, 1)


def test_what_was_slower_than_its_floor_differs(tmp_path):
    assert code(tmp_path, [figure("a page", 19, 20, 21, floor=5)], [figure("a page", 29, 30, 31, floor=5)]) == 1


def test_a_figure_that_one_run_lacks_is_no_agreement(tmp_path, capsys):
    both = figure("a page", 10, 20, 40)
    assert code(tmp_path, [both, figure("bytes", 1, 1, 1)], [both]) == 1
    assert "MISSING" in capsys.readouterr().out


def test_nothing_agrees_with_nothing(tmp_path):
    assert code(tmp_path, [], []) == 1
