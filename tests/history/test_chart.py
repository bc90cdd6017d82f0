"""Tests over time: drawn as bars, told in words, with gaps, and never by colour alone."""

from datetime import UTC, datetime, timedelta

import pytest

from tests.history.steps import add_tests, in_words, shown
from wizard.history.chart import Result, chart_of

START = datetime(2026, 3, 1, 8, tzinfo=UTC)
HOUR = timedelta(hours=1)


def results(*outcomes, every=HOUR, took=1000):
    return [Result(START + number * every, outcome, took) for number, outcome in enumerate(outcomes)]


def test_without_a_test_there_is_no_chart():
    assert chart_of([]) is None


def test_a_single_test_is_one_bar_at_the_right():
    chart = chart_of(results("failed"))
    assert len(chart.bars) == 1
    assert chart.bars[0].x + 10 == chart.width
    assert chart.words == "1 of 1 failed."
    assert chart.bars[0].words == "1 Mar 2026, 08:00 UTC: failed, 1.0 s"


def test_the_words_count_what_the_bars_show():
    chart = chart_of(results(*["succeeded"] * 56, *["failed"] * 3, "unknown"))
    assert chart.words == "3 of 60 failed, 1 had no result."
    assert [bar.look for bar in chart.bars] == ["passed"] * 56 + ["failed"] * 3 + ["no-result"]
    assert chart_of(results("succeeded", "succeeded")).words == "None of 2 failed."


def test_an_outcome_that_nobody_knows_is_no_result():
    assert [bar.look for bar in chart_of(results("", "nonsense")).bars] == ["no-result"] * 2


def test_a_bar_is_as_high_as_its_test_was_long():
    first, second, third = [Result(START + n * HOUR, "succeeded", took) for n, took in enumerate((500, 2000, None))]
    chart = chart_of([first, second, third])
    assert [bar.height for bar in chart.bars] == [21, 84, 4]
    assert all(bar.y + bar.height == 84 for bar in chart.bars)
    assert chart.slowest == "2.0 s"


def test_a_long_pause_is_a_gap_and_is_told():
    before = results(*["succeeded"] * 5)
    after = [Result(START + timedelta(days=12) + n * HOUR, "succeeded", 900) for n in range(5)]
    chart = chart_of([*before, *after])
    assert [gap.words for gap in chart.gaps] == ["No test for 11 days"]
    assert chart.words == "None of 10 failed; one gap, of 11 days."
    assert chart.bars[4].x < chart.gaps[0].x < chart.bars[5].x


def test_tests_at_usual_distances_have_no_gap():
    assert chart_of(results(*["succeeded"] * 60, every=timedelta(days=9))).gaps == []


def test_tests_at_one_moment_have_no_gap():
    assert chart_of(results(*["succeeded"] * 8, every=timedelta(0), took=0)).gaps == []


def test_the_page_without_tests_says_what_a_test_is_for(signed_in, connected):
    html = signed_in.get(connected().get_absolute_url()).content.decode()
    assert "Not tested so far." in shown(html, "tests")
    assert "<svg role" not in html


@pytest.mark.parametrize(("number", "words"), [(1, "None of 1 failed."), (60, "None of 60 failed.")])
def test_the_page_draws_each_test_with_a_title(signed_in, connected, number, words):
    connection = connected()
    add_tests(connection, *["succeeded"] * number)
    html = shown(signed_in.get(connection.get_absolute_url()).content.decode(), "tests")

    assert words in in_words(html)
    assert f'role="img" aria-label="Test results over time. {words}"' in html
    assert html.count("UTC: passed, 900 ms</title>") == number
    assert "style=" not in html


def test_only_the_newest_sixty_are_drawn(signed_in, connected):
    connection = connected()
    add_tests(connection, "failed", *["succeeded"] * 60)
    html = signed_in.get(connection.get_absolute_url()).content.decode()
    assert "None of 60 failed." in html


def test_what_did_not_pass_has_a_mark_below(signed_in, connected):
    connection = connected()
    add_tests(connection, "succeeded", "failed", "unknown")
    html = shown(signed_in.get(connection.get_absolute_url()).content.decode(), "tests")
    assert html.count('y="89"') == 2
    assert "1 of 3 failed, 1 had no result." in html
