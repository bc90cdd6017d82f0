"""The lint's audit: known holes fail it, what was not checked is said, no exception of bandit's is needless."""

import json
import re
import subprocess
import sys
from pathlib import Path

import pytest

from tests.audit import main
from tests.start.running import ROOT

CLEAN = {"name": "django", "version": "5.2.19", "vulns": []}
HOLE = {"name": "requests", "version": "1.0", "vulns": [{"id": "PYSEC-1", "fix_versions": ["1.1"], "aliases": []}]}
SKIPPED = {"name": "attrs", "skip_reason": "Dependency not found"}
NO_NETWORK = "requests.exceptions.ConnectionError: Max retries exceeded (NameResolutionError)"


@pytest.fixture
def fake(tmp_path: Path):
    """fake(osv=..., pypi=...): a pip-audit that answers so for each service: packages, or words and a failure."""

    def make(**answers: object) -> str:
        tool = tmp_path / "pip-audit"
        tool.write_text(
            f"#!{sys.executable}\n"
            "import json, sys\n"
            f"answer = {answers!r}[[part for part in sys.argv if 'service=' in part][0].partition('=')[2]]\n"
            "if isinstance(answer, str):\n"
            "    sys.exit(answer)\n"
            "print(json.dumps({'dependencies': answer, 'fixes': []}))\n"
            "sys.exit(any(item.get('vulns') for item in answer))\n"
        )
        tool.chmod(0o755)
        return str(tool)

    return make


def test_a_known_hole_fails_and_is_named(fake, capsys) -> None:
    assert main("run.txt", fake(osv=[CLEAN, HOLE])) == 1
    assert "requests 1.0: PYSEC-1, mended in 1.1" in capsys.readouterr().out


def test_without_one_it_says_how_many_were_checked(fake, capsys) -> None:
    assert main("run.txt", fake(osv=[CLEAN])) == 0
    assert capsys.readouterr().out == "1 locked packages have no known hole (osv).\n"


def test_what_was_left_out_is_named(fake, capsys) -> None:
    assert main("run.txt", fake(osv=[CLEAN, SKIPPED])) == 0
    assert "NOT CHECKED: attrs." in capsys.readouterr().out


def test_without_a_network_it_says_that_nothing_was_checked(fake, capsys) -> None:
    for answers in ({"osv": NO_NETWORK, "pypi": NO_NETWORK}, {"osv": NO_NETWORK, "pypi": [SKIPPED]}):
        assert main("run.txt", fake(**answers)) == 0
        said = capsys.readouterr().out
        assert said == "NOT CHECKED for known holes: run.txt; the advisories (osv and pypi) could not be fetched.\n"


def test_the_other_service_is_asked_where_the_first_cannot_be_reached(fake, capsys) -> None:
    assert main("run.txt", fake(osv=NO_NETWORK, pypi=[HOLE])) == 1
    assert "PYSEC-1" in capsys.readouterr().out


def test_a_broken_audit_is_no_clean_one(fake, capsys) -> None:
    assert main("run.txt", fake(osv="ERROR: requirement file contains invalid specifier")) == 1
    assert "pip-audit is broken: ERROR: requirement file" in capsys.readouterr().out


def test_bandit_finds_nothing_and_no_exception_is_needless() -> None:
    tool = [str(Path(sys.executable).with_name("bandit")), "-q", "-c", "pyproject.toml", "-r", "wizard", "-f", "json"]
    found = json.loads(subprocess.run([*tool, "--ignore-nosec"], cwd=ROOT, capture_output=True, check=False).stdout)
    needed = {(item["filename"], item["line_number"], item["test_id"]) for item in found["results"]}
    excepted = {
        (str(path.relative_to(ROOT)), number, test)
        for path in (ROOT / "wizard").rglob("*.py")
        for number, line in enumerate(path.read_text().splitlines(), 1)
        for test in re.findall(r"# nosec (B\d{3})  # \w", line)
    }

    assert excepted == needed
    assert subprocess.run(tool, cwd=ROOT, capture_output=True, check=False).returncode == 0
