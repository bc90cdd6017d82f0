"""Keys that others may know are refused at the start, and so is a second server with other ones."""

import base64
import os
import re
import subprocess
import sys
from pathlib import Path

import pytest

from tests.start.running import ROOT, House, free_port
from wizard.environment import new_credential_key, told_to_all


@pytest.fixture
def house(tmp_path: Path) -> House:
    return House(tmp_path / "data")


def refusal(house: House, *arguments: str, **settings: str) -> str:
    code, output = house.run(*(arguments or ("start",)), **settings)
    assert code == 1, output
    assert "Traceback" not in output
    assert re.search(r"\.\s*$", output), output
    return output


@pytest.mark.parametrize(
    "raw",
    [
        bytes(32),
        b"\x01" * 32,
        bytes(range(32)),
        bytes(range(32, 64)),
        b"0123456789abcdef" * 2,
        b"correct horse battery staple 123",
    ],
)
def test_a_sample_key_seals_nothing(house: House, raw: bytes) -> None:
    sample = base64.b64encode(raw).decode()
    sentence = refusal(house, CREDENTIAL_KEYS=sample)
    assert "sample or was made up" in sentence
    assert sample not in sentence
    assert not (house.data_dir / "wizard.sqlite3").exists()


def test_behind_another_key_a_sample_opens_what_it_has_sealed_until_that_is_sealed_anew(house: House) -> None:
    sample = base64.b64encode(bytes(32)).decode()
    assert house.run("prepare", CREDENTIAL_KEYS=f"{new_credential_key()},{sample}")[0] == 0


ARGUMENTS = [
    ("--keys", "{key}"),
    ("--keys={key}",),
    ("--credential-keys", "x"),
    ("CREDENTIAL_KEYS={key}",),
    ("--keys-file", "{key}"),
    ("--pythonpath={key}",),
]


@pytest.mark.parametrize("arguments", ARGUMENTS)
def test_a_key_among_the_arguments_is_refused_and_not_repeated(house: House, arguments: tuple[str, ...]) -> None:
    key = new_credential_key()
    sentence = refusal(house, "keys", *(text.format(key=key) for text in arguments), CREDENTIAL_KEYS=key)
    assert "among the arguments" in sentence
    assert key not in sentence


def test_a_key_that_make_was_given_is_among_the_arguments_too() -> None:
    assert told_to_all([], {"MAKEFLAGS": "k -- CREDENTIAL_KEYS=x"})
    assert not told_to_all(["keys", "rotate_keys", "--keys-file", "/run/keys"], {"MAKEFLAGS": "k"})


@pytest.mark.parametrize("mode", [0o640, 0o604, 0o644, 0o660, 0o602, 0o444])
def test_a_file_that_others_can_read_is_refused(house: House, tmp_path: Path, mode: int) -> None:
    path = tmp_path / "keys"
    path.write_text(new_credential_key())
    path.chmod(mode)
    sentence = refusal(house, CREDENTIAL_KEYS_FILE=str(path))
    assert f"CREDENTIAL_KEYS_FILE: others can read {path} (mode {mode:04o})" in sentence
    assert "chmod 600" in sentence
    assert path.read_text() not in sentence


def test_a_link_to_a_good_file_is_good_as_kubernetes_mounts_it(house: House, tmp_path: Path) -> None:
    path, link = tmp_path / "..data", tmp_path / "keys"
    path.write_text(new_credential_key())
    path.chmod(0o400)
    link.symlink_to(path)
    assert house.run("prepare", CREDENTIAL_KEYS_FILE=str(link)) == (0, "")


def test_what_is_no_regular_file_is_not_even_opened(house: House, tmp_path: Path) -> None:
    pipe = tmp_path / "pipe"
    os.mkfifo(pipe, 0o600)
    for path in (pipe, tmp_path):
        assert f"{path} is not a regular file" in refusal(house, CREDENTIAL_KEYS_FILE=str(path))


def test_the_keys_that_were_made_are_for_their_owner_alone(house: House) -> None:
    assert house.run("prepare") == (0, "")
    for name in ("credential_keys", "secret_key"):
        path = house.data_dir / name
        assert path.stat().st_mode & 0o777 == 0o600
        path.chmod(0o640)
        assert f"others can read {path}" in refusal(house)
        path.chmod(0o600)


def test_a_second_server_with_other_keys_does_not_start(house: House) -> None:
    """Neither as a whole, nor its parts alone; the first one goes on, and so does a second one with the same keys."""
    with house.started() as first:
        other = {"PORT": str(free_port()), "CREDENTIAL_KEYS": new_credential_key()}
        assert "CREDENTIAL_KEYS does not open this database" in refusal(house, "start", **other)
        assert "CREDENTIAL_KEYS does not open this database" in refusal(house, "work", **other)
        assert "CREDENTIAL_KEYS does not open this database" in web_server(house, **other)
        assert first.process.poll() is None
        same = (house.data_dir / "credential_keys").read_text()
        assert house.run("check", CREDENTIAL_KEYS=same)[0] == 0
        added = f"{same},{new_credential_key()}"
        assert house.run("prepare", CREDENTIAL_KEYS=added) == (0, "")


def web_server(house: House, **settings: str) -> str:
    """What it says when it ends by itself, without the command that starts it."""
    address = ["--interface", "wsgi", "--port", settings["PORT"], "--workers", "1"]
    environment = {"PATH": os.environ["PATH"]} | house.settings | settings
    command = [sys.executable, "-m", "wizard.web_server", *address, "--factory", "wizard.web_server:in_worker"]
    ended = subprocess.run(command, cwd=ROOT, env=environment, capture_output=True, text=True, timeout=60, check=False)
    assert ended.returncode
    return ended.stdout + ended.stderr
