"""What processes count together: it outlives them, and takes no more room with each that comes and goes."""

import multiprocessing
import os
from pathlib import Path

import pytest
from prometheus_client.mmap_dict import MmapedDict

from wizard.telemetry import files, metrics


@pytest.fixture
def directory(tmp_path: Path, settings, monkeypatch) -> Path:
    settings.METRICS_DIR = tmp_path
    monkeypatch.setenv("PROMETHEUS_MULTIPROC_DIR", str(files.directory()))
    monkeypatch.setattr(metrics, "_gave_up", 0)
    return files.directory()


def total(name: str = "wizard_attempts_total") -> float:
    return sum(sample.value for metric in files.collected() for sample in metric.samples if sample.name == name)


def in_a_process(run) -> int:
    """Runs it in a fork; its process id."""
    process = multiprocessing.get_context("fork").Process(target=run)
    process.start()
    process.join()
    assert process.exitcode == 0
    return process.pid


def attempt_and_call() -> None:
    metrics.count_attempt("create", "connected")
    metrics.count_call("GET", "/data/foundation/flowservice/connections", 200, "", 0.1)


def test_numbers_outlive_their_processes_in_one_file_of_each_type(directory):
    for number in range(5):
        pid = in_a_process(attempt_and_call)
        if number % 2:
            files.gather()
        else:
            assert (directory / f"counter_{pid}.db").exists()
    assert total() == 5
    assert total("wizard_flow_service_call_duration_seconds_count") == 5
    assert sorted(path.name for path in directory.glob("*.db")) == ["counter_0.db", "histogram_0.db"]
    assert (directory / "counter_0.db").stat().st_size == files.ROOM
    assert [path for path in directory.iterdir() if path.name.startswith(".")] == []


def test_what_is_alive_is_left_alone_and_counted(directory):
    files.make_room(os.getpid())
    alive = MmapedDict(str(directory / f"counter_{os.getpid()}.db"))
    alive.write_value('["wizard_attempts", "wizard_attempts_total", {"of": "x", "outcome": "y"}, "help"]', 3.0, 0.0)
    alive.close()
    in_a_process(attempt_and_call)
    assert total() == 4
    assert (directory / f"counter_{os.getpid()}.db").exists()


@pytest.mark.parametrize("content", [b"", b"\xff" * 4096, b"\x40\x00\x00\x00\x00\x00\x00\x00" + b"\xff" * 100])
def test_a_file_that_a_power_cut_has_left_says_nothing(directory, content):
    in_a_process(attempt_and_call)
    (directory / "counter_999999999.db").write_bytes(content)
    assert total() == 1
    assert not (directory / "counter_999999999.db").exists()

    (directory / "counter_0.db").write_bytes(content)
    assert total() == 0
    (directory / f"counter_{os.getpid()}.db").write_bytes(content)
    files.make_room(os.getpid())
    assert (directory / f"counter_{os.getpid()}.db").read_bytes() == bytes(files.ROOM)


def test_its_room_is_taken_at_once_so_that_a_full_disk_kills_nobody(directory):
    pid = in_a_process(attempt_and_call)
    for kind in files.TYPES:
        assert (directory / f"{kind}_{pid}.db").stat().st_blocks * 512 >= files.ROOM


def test_all_routes_and_operations_fit_into_that_room(directory):
    def count_all() -> None:
        for number in range(250):
            for status in (200, 302, 404):
                metrics.count_request(f"a_route_with_a_long_name_{number}", "GET", status, 0.1)
        for number in range(50):
            metrics.count_call("GET", f"/connections/{number}/test", 200 + number % 5, "", 0.1)

    pid = in_a_process(count_all)
    assert {(directory / f"{kind}_{pid}.db").stat().st_size for kind in files.TYPES} == {files.ROOM}


def test_where_nothing_can_be_written_nothing_is_counted_and_nothing_breaks(directory, caplog):
    directory.parent.joinpath(directory.name).write_text("in the way")

    def count() -> None:
        attempt_and_call()
        attempt_and_call()
        assert metrics._is_given_up()

    in_a_process(count)
    with pytest.raises(FileExistsError, match=directory.name):
        files.collected()
