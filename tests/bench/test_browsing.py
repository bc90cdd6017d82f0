"""What the benchmark says of pages: what was not measured is not met, a score is the lowest of three."""

import shutil
from pathlib import Path
from typing import Any

from tests.bench.browsing import score, scores
from tests.bench.lighthouse import running as lighthouse
from tests.bench.table import lines
from tests.bench.wire import Wire


def report(**points: float) -> dict[str, Any]:
    """As Lighthouse writes it: each category has one audit that counts, and one that does not."""
    counts = {name: [{"id": f"{name}-audit", "weight": 1}, {"id": "advice", "weight": 0}] for name in points}
    categories = {name: {"score": value, "auditRefs": counts[name]} for name, value in points.items()}
    audits = {f"{name}-audit": {"score": value} for name, value in points.items()}
    return {"categories": categories, "audits": audits | {"advice": {"score": 0}}}


def test_a_score_is_the_lowest_of_its_categories_and_says_what_it_lost_points_for():
    found = score("a page", [report(performance=1, accessibility=1), report(performance=0.97, accessibility=1)])

    assert (found.values.min, found.values.max) == (97, 100)
    assert not found.is_met
    assert lines(found)[-1].endswith("why: It lost points in performance: performance-audit.")
    assert score("a page", [report(performance=1)]).is_met


def test_without_node_nothing_is_met_and_one_line_says_why(monkeypatch):
    monkeypatch.setattr(shutil, "which", lambda _name: None)
    (found,) = scores("http://127.0.0.1", Path(), "chromium", 3)

    assert not found.is_met
    assert lines(found)[-1].endswith("why: Not measured. Node.js 18 or newer is missing.")


def test_lighthouse_has_to_be_installed(monkeypatch, tmp_path):
    monkeypatch.setattr(lighthouse, "node_version", lambda: 20)
    monkeypatch.setattr(lighthouse, "COMMAND", tmp_path / "index.js")

    assert lighthouse.lack() == "Lighthouse is not installed: python -m tests.install_lighthouse"


def test_a_redirect_weighs_something_and_the_icon_comes_last():
    wire = Wire()
    wire.ask({"requestId": "1", "request": {"url": "/"}})
    wire.ask({"requestId": "1", "request": {"url": "/sign-in/"}, "redirectResponse": {"encodedDataLength": 300}})
    wire.end({"requestId": "1", "encodedDataLength": 5000})
    assert (wire.bytes, wire.requests, wire.is_whole) == (5300, 2, False)

    wire.ask({"requestId": "2", "request": {"url": "/static/favicon.3afdebf43be1.svg"}})
    assert not wire.is_whole
    wire.end({"requestId": "2", "encodedDataLength": 1400})
    assert (wire.bytes, wire.requests, wire.is_whole) == (6700, 3, True)
