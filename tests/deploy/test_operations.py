"""docs/operations.md is true: what it names is there, and its commands are commands."""

import re
import subprocess
import tomllib
from pathlib import Path

import pytest
from django.core.management import get_commands, load_command_class

from tests.deploy.units import DIRECTORY, UNITS
from tests.start.running import ROOT
from wizard.vault.keyring import KeyRing

DOCS = ROOT / "docs" / "operations.md"
TEXT = DOCS.read_text()
BLOCKS = re.findall(r"```sh\n(.*?)```", TEXT, re.DOTALL)


def settings() -> set[str]:
    text = (ROOT / "wizard" / "settings.py").read_text()
    return set(re.findall(r"env\.[a-z_]+\(\s*\"([A-Z_]+)\"", text))


@pytest.mark.parametrize("block", BLOCKS)
def test_a_shell_can_read_its_commands(block: str) -> None:
    done = subprocess.run(["sh", "-n"], input=block, capture_output=True, text=True, timeout=10, check=False)
    assert (done.returncode, done.stderr) == (0, "")


def test_each_command_is_there_with_its_options() -> None:
    ours = {name for name, app in get_commands().items() if app == "wizard"}
    calls = re.findall(r"manage(?:\.py)? ([a-z_]+)([^`\n]*)", TEXT)
    named = {name for name, _ in calls}
    assert {"prepare", "first_link", "serve", "work", "restore", "check_specs"} <= named <= ours
    for name, more in calls:
        parser = load_command_class("wizard", name).create_parser("manage.py", name)
        assert set(re.findall(r"--[a-z-]+", more)) <= parser._option_string_actions.keys(), name


def test_each_unit_is_there_and_none_is_forgotten() -> None:
    named = set(re.findall(r"\bwizard[a-z-]*\.(?:service|timer|target)\b", TEXT))
    assert named <= set(UNITS)
    started = {unit.replace(".timer", ".service") for unit in named if unit.endswith(".timer")}
    assert set(UNITS) == named | started


def test_each_setting_is_one() -> None:
    named = set(re.findall(r"`([A-Z][A-Z_]{3,})`", TEXT))
    assert len(named) > 5
    assert {name.removesuffix("_FILE") for name in named} - settings() == set()


def test_each_metric_is_one() -> None:
    named = set(re.findall(r"`(wizard_[a-z_]+)`", TEXT))
    code = "".join(path.read_text() for path in (ROOT / "wizard").rglob("*.py"))
    # prometheus-client adds the ending of a counter.
    assert named
    assert {name for name in named if f'"{name.removesuffix("_total")}' not in code} == set()


def test_each_setting_of_the_file_beside_the_units_is_one() -> None:
    lines = (DIRECTORY / "wizard.env").read_text().splitlines()
    named = {found[1] for line in lines if (found := re.match(r"#?([A-Z_]+)=", line))}
    assert {name.removesuffix("_FILE") for name in named} <= settings()


def test_each_file_of_ours_is_there() -> None:
    named = re.findall(r"/opt/wizard(?:-1\.\d)?/([\w./-]+)", TEXT) + re.findall(r"`((?:tests|deploy)/[\w./-]+)`", TEXT)
    assert len(named) > 10
    for name in named:
        assert name.startswith(".venv/bin/") or (ROOT / name).exists(), name


def test_its_links_lead_to_files_and_the_readme_leads_to_it() -> None:
    for link in re.findall(r"\]\((?!https?:)([^)]+)\)", TEXT):
        assert (DOCS.parent / link).exists(), link
    assert "(docs/operations.md)" in (ROOT / "README.md").read_text()


def test_what_log_and_pages_say_is_what_they_say() -> None:
    """The sentences in italics, without the names of parts of a page."""
    code = "\n".join(path.read_text() for path in (ROOT / "wizard").rglob("*.py")).replace('"\n    "', "")
    readme = (ROOT / "README.md").read_text()
    for words in re.findall(r"(?<![*\w])\*([A-Z][^*]+)\*(?!\*)", " ".join(TEXT.split())):
        assert words in code or f"**{words}" in readme or f"## {words}" in readme or words == "On every machine", words


def test_the_secrets_that_it_makes_are_good_and_for_their_owner_alone(tmp_path: Path) -> None:
    (block,) = [block for block in BLOCKS if "openssl" in block]
    for shown, own in (("/etc/wizard", str(tmp_path / "etc")), ("/opt/wizard", str(ROOT)), ("-g wizard ", "")):
        block = block.replace(shown, own)
    subprocess.run(["sh", "-ec", block.replace("chown wizard:", "ls")], check=True, capture_output=True, timeout=20)
    secrets = [path for path in (tmp_path / "etc").iterdir() if path.name != "wizard.env"]
    assert {path.stat().st_mode & 0o777 for path in secrets} == {0o400}
    assert KeyRing((tmp_path / "etc" / "credential_keys").read_text().strip().split(","))
    assert len((tmp_path / "etc" / "secret_key").read_text()) > 50


def test_what_the_lint_refuses_has_its_place_in_the_record_that_it_names() -> None:
    assert "`tests/upgrading/migrations.toml`" in TEXT
    assert {"first_release", "looked_at"} == set(tomllib.loads((ROOT / "tests/upgrading/migrations.toml").read_text()))
    assert "### Change the database in two steps" in TEXT
