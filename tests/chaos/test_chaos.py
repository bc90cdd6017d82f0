"""Forty creates among faults and kills; `make chaos` does many more. And what counts them can tell right from wrong."""

import base64
import json
from urllib.parse import quote

import pytest

from tests.chaos import plan, reading
from tests.chaos.report import Report
from tests.chaos.run import run

MADE = {"id": "one", "name": "Orders", "state": "enabled", "etag": '"1"'}
ROW = {
    "name": "Orders",
    "status": "connected",
    "attempts": 1,
    "base_connection_id": "one",
    "etag": '"1"',
    "remote_state": "enabled",
    "follow_at": None,
    "next_look_at": None,
    "candidates": "[]",
}


def counted(rows, remote, sent=("Orders",)):
    """A report of forms that all have arrived."""
    ids = {f"{number:032x}": name for number, name in enumerate(sent)}
    return Report(1, ids, list(ids.items()), rows, remote, {}, [])


def test_no_create_is_lost_made_twice_or_stuck_and_no_secret_is_told(tmp_path):
    report = run(11, 40, tmp_path, settle=240)

    assert report.is_good, report.table()
    assert len(report.rows) == 40
    assert report.by_status["connected"] > 10
    assert report.killed.total() > 2
    assert report.asked > 5
    assert report.by_change["edit done"] > 0
    assert report.posts.total() >= len(report.remote) > 10


def test_what_went_well_counts_as_good():
    report = counted([ROW], [MADE])

    assert report.is_good
    assert "lost                    0" in report.table()


@pytest.mark.parametrize(
    ("rows", "remote", "sent"),
    [
        ([], [], ["Orders"]),
        ([ROW, ROW | {"status": "failed", "base_connection_id": ""}], [MADE], ["Orders"]),
        ([ROW], [], ["Orders"]),
        ([ROW | {"status": "failed", "base_connection_id": ""}], [MADE], ["Orders"]),
        ([ROW], [MADE, MADE | {"id": "two", "name": "Nobody's"}], ["Orders"]),
    ],
    ids=["no row", "two rows", "not there", "there though failed", "nobody's"],
)
def test_what_is_missing_on_one_side_counts_as_lost(rows, remote, sent):
    assert counted(rows, remote, sent).lost


def test_a_form_that_left_no_trace_counts_as_lost():
    report = counted([ROW], [MADE])
    report.taken.clear()

    assert report.lost == ["Orders"]


def test_what_a_person_may_choose_from_is_not_lost_and_yet_double():
    row = ROW | {
        "status": "unknown",
        "base_connection_id": "",
        "candidates": json.dumps([{"id": "one"}, {"id": "two"}]),
    }
    report = counted([row], [MADE, MADE | {"id": "two"}])

    assert (report.lost, report.double) == ([], ["Orders"])


@pytest.mark.parametrize(
    ("kinds", "posts", "is_blind"),
    [
        ("asked claimed sent connected", 1, False),
        ("asked claimed sent put_back claimed sent connected", 2, False),
        ("asked claimed sent held claimed sent connected", 2, False),
        ("asked claimed sent unknown looked failed", 1, False),
        ("asked claimed sent claimed sent connected", 2, True),
        ("asked claimed sent unknown put_back claimed sent connected", 2, True),
        ("asked claimed sent connected", 2, True),
    ],
)
def test_a_create_is_sent_again_only_when_nothing_was_made(kinds, posts, is_blind):
    report = counted([ROW], [MADE])
    report.events["Orders"], report.posts["Orders"] = kinds.split(), posts

    assert (report.blind == ["Orders"]) is is_blind


@pytest.mark.parametrize(
    "change",
    [
        {"status": "waiting"},
        {"status": "connecting"},
        {"status": "unknown", "next_look_at": "2026-01-01"},
        {"follow_at": "2026-01-01"},
        {"remote_state": "initializing"},
        {"etag": ""},
        {"test_status": "pending"},
        {"description": "never sent"},
    ],
    ids=str,
)
def test_what_is_not_at_its_end_counts_as_stuck(change):
    assert counted([ROW | change], [MADE]).stuck


def test_what_waits_for_approval_is_left_to_a_person():
    row = ROW | {"status": "approval", "base_connection_id": ""}
    report = counted([row], [])

    assert report.is_good
    assert report.by_status == {"left to a person": 1}


@pytest.mark.parametrize("before", ["", "x", "xy", "xyz"])
@pytest.mark.parametrize(
    "write",
    [
        str.encode,
        lambda text: quote(text).encode(),
        lambda text: json.dumps(text).encode(),
        lambda text: base64.b64encode(text.encode()),
        lambda text: text.encode().hex().encode(),
    ],
    ids=["plain", "in a URL", "as JSON", "in Base64", "in hex"],
)
def test_a_secret_is_found_however_it_was_written(tmp_path, before, write):
    (tmp_path / "clean.log").write_bytes(b"nothing to see")
    (tmp_path / "leak.log").write_bytes(write(f"{before}{plan.secret(3, 17)}"))

    assert reading.files_with_secrets(tmp_path.iterdir()) == ["leak.log"]


def test_the_seed_decides_what_goes_wrong():
    def first(seed):
        faults, kills = plan.faults(seed), plan.kills(seed)
        return [next(faults) for _ in range(30)], [next(kills) for _ in range(30)]

    assert first(1) == first(1)
    assert first(1) != first(2)
    assert {name for _, name, _ in first(1)[0]} >= set(plan.FAULTS)


def test_each_connection_has_a_secret_of_its_own():
    assert len({plan.secret(seed, number) for seed in range(3) for number in range(100)}) == 300
