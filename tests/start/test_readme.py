"""The README is true: its commands run as they stand there, and it knows every setting."""

import os
import re
import shutil
import signal
import subprocess
from pathlib import Path

import requests

from tests.start.running import ROOT, free_port

README = (ROOT / "README.md").read_text()
PARTS = ("Makefile", "manage.py", "pyproject.toml", "requirements", "static", "templates", "wizard")


def commands() -> list[str]:
    """The README's shell blocks, in order."""
    return re.findall(r"```sh\n(.*?)```", README, re.DOTALL)


def make_targets() -> set[str]:
    return set(re.findall(r"^([a-z]+):", (ROOT / "Makefile").read_text(), re.MULTILINE))


def test_its_commands_are_targets_of_the_makefile() -> None:
    assert [block.strip() for block in commands()[:2]] == ["make run", "make test"]
    named = set(re.findall(r"\bmake ([a-z]+)", "".join(commands()))) | {"lint"}
    assert named <= make_targets()


def test_its_first_command_leads_a_newcomer_to_the_first_sign_in(tmp_path: Path) -> None:
    """In a copy of the project, with an empty home; the packages are taken over, since fetching them takes a while."""
    for part in PARTS:
        source = ROOT / part
        (shutil.copytree if source.is_dir() else shutil.copy2)(source, tmp_path / part)
    (tmp_path / ".venv").symlink_to(ROOT / ".venv")
    (tmp_path / "home").mkdir()
    environment = {"PATH": os.environ["PATH"], "HOME": str(tmp_path / "home"), "PORT": str(free_port())}
    with subprocess.Popen(
        ["sh", "-c", commands()[0]], cwd=tmp_path, env=environment, text=True, stdout=subprocess.PIPE, process_group=0
    ) as process:
        link = first_link(process)
        assert "password" in requests.get(link, timeout=20).text.lower()
        os.killpg(process.pid, signal.SIGINT)
    assert (tmp_path / "var" / "wizard.sqlite3").exists()


def first_link(process: subprocess.Popen[str]) -> str:
    assert process.stdout
    for line in process.stdout:
        if "is ready" in line:
            return line.split()[-1]
    raise AssertionError("The README's command ended without a link.")


def test_it_names_every_setting() -> None:
    settings = (ROOT / "wizard" / "settings.py").read_text()
    names = set(re.findall(r"env\.[a-z_]+\(\s*\"([A-Z_]+)\"", settings))

    assert len(names) > 10
    assert {name for name in names if f"`{name}`" not in README} == set()


def test_its_links_lead_to_files() -> None:
    for link in re.findall(r"\]\((?!https?:)([^)]+)\)", README):
        assert (ROOT / link).exists(), link
