"""A start on a disk that takes nothing ends with a sentence: where, why, and what to do."""

import os
import re
import resource
from pathlib import Path

import pytest

from tests.start.running import House


def refusal(house: House, *arguments: str) -> str:
    code, output = house.run(*(arguments or ("start",)))
    assert code == 1
    assert "Traceback" not in output
    assert re.search(r"\.\s*$", output), output
    return output


@pytest.fixture
def used(tmp_path: Path) -> House:
    house = House(tmp_path / "data")
    assert house.run("prepare") == (0, "")
    return house


def test_a_directory_that_cannot_be_made(tmp_path: Path) -> None:
    (tmp_path / "file").write_text("not a directory")
    assert refusal(House(tmp_path / "file" / "data")).startswith(f"DATA_DIR: {tmp_path / 'file' / 'data'} cannot be")
    # Nobody may, whoever we are.
    assert "DATA_DIR: /sys/wizard cannot be used: " in refusal(House(Path("/sys/wizard")))


def test_a_database_that_is_no_file(used: House) -> None:
    database = used.data_dir / "wizard.sqlite3"
    database.unlink()
    database.mkdir()
    assert "The database cannot be used. The database does not answer: unable to open" in refusal(used)


@pytest.mark.parametrize("command", ["start", "prepare", "work"])
def test_a_disk_that_takes_no_byte_more(used: House, command: str, monkeypatch: pytest.MonkeyPatch) -> None:
    """As far as a process can tell: each write of its own fails."""
    monkeypatch.setattr(used, "popen", limited(used, os.getpid()))
    words = refusal(used, command)
    assert "The server cannot write to its disk" in words
    assert "once that is mended, the wizard goes on by itself." in words


def test_a_new_house_on_such_a_disk(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    house = House(tmp_path / "data")
    monkeypatch.setattr(house, "popen", limited(house, os.getpid()))
    assert re.match(r"DATA_DIR: .*secret_key.* cannot be used: File too large\.$", refusal(house).strip())


def limited(house: House, ours: int):
    """Its children begin with the limit of this process, which then goes on without it."""
    before = house.popen

    def popen(*arguments: str, **settings: str):
        soft, hard = resource.prlimit(ours, resource.RLIMIT_FSIZE)
        resource.prlimit(ours, resource.RLIMIT_FSIZE, (0, hard))
        try:
            return before(*arguments, **settings)
        finally:
            resource.prlimit(ours, resource.RLIMIT_FSIZE, (soft, hard))

    return popen
