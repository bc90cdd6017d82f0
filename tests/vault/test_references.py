"""A reference: only a declared name, read from the environment or from a file when it is asked for."""

import os

import pytest

from wizard.vault.references import LARGEST, WORKER, Unresolved, resolve

NAME = "WAREHOUSE_PASSWORD"


@pytest.fixture(autouse=True)
def _declared(settings, monkeypatch):
    settings.SECRET_REFERENCES = [NAME]
    monkeypatch.delenv(NAME, raising=False)


def given_by_file(monkeypatch, path):
    monkeypatch.setenv(f"{NAME}_FILE", str(path))
    return resolve(NAME, WORKER).open()


@pytest.mark.parametrize("value", ["pw", " p w ", "pw\n", "x;Integrated Security=True", "ü" * 100])
def test_a_variable_is_taken_as_it_is(monkeypatch, value):
    monkeypatch.setenv(NAME, value)
    assert resolve(NAME, WORKER).open() == value


@pytest.mark.parametrize(
    ("content", "value"),
    [("pw", "pw"), ("pw\n", "pw"), ("pw\r\n", "pw"), ("pw\n\n", "pw\n"), (" pw ", " pw "), ("a\nb\n", "a\nb")],
)
def test_a_file_is_taken_without_its_last_line_break(tmp_path, monkeypatch, content, value):
    path = tmp_path / "pw"
    path.write_text(content, newline="")
    assert given_by_file(monkeypatch, path) == value

    path.write_text("rotated\n")
    assert given_by_file(monkeypatch, path) == "rotated"


@pytest.mark.parametrize("name", ["HOME", "SECRET_KEY", "CREDENTIAL_KEYS", "", "warehouse_password", f"{NAME}_FILE"])
def test_nothing_that_is_not_declared_is_read(monkeypatch, name):
    monkeypatch.setenv(f"{NAME}_FILE", "/etc/passwd")
    with pytest.raises(Unresolved, match="SECRET_REFERENCES does not declare it"):
        resolve(name, WORKER)


def test_what_is_missing_is_told_by_name_and_place(monkeypatch):
    with pytest.raises(Unresolved, match="WAREHOUSE_PASSWORD is not set for the worker: neither"):
        resolve(NAME, WORKER)
    monkeypatch.setenv(NAME, "")
    with pytest.raises(Unresolved, match="neither WAREHOUSE_PASSWORD nor WAREHOUSE_PASSWORD_FILE holds anything"):
        resolve(NAME, WORKER)


def test_only_a_small_regular_file_is_read(tmp_path, monkeypatch):
    os.mkfifo(tmp_path / "pipe")
    (tmp_path / "large").write_bytes(b"x" * (LARGEST + 1))
    (tmp_path / "binary").write_bytes(b"\xff\xfe")
    for name in ("pipe", "large"):
        with pytest.raises(Unresolved, match="is not a file of at most 64 kB"):
            given_by_file(monkeypatch, tmp_path / name)
    with pytest.raises(Unresolved, match="is not a file of at most 64 kB"):
        given_by_file(monkeypatch, "/dev/zero")
    for path in (tmp_path, tmp_path / "nowhere", tmp_path / "binary"):
        with pytest.raises(Unresolved, match="names for the worker cannot be read") as told:
            given_by_file(monkeypatch, path)
        assert str(path) not in str(told.value)


def test_the_largest_file_is_read_whole(tmp_path, monkeypatch):
    (tmp_path / "key").write_bytes(b"x" * LARGEST)
    assert len(given_by_file(monkeypatch, tmp_path / "key")) == LARGEST
