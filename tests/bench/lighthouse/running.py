"""Lighthouse on one page, headless, with the cookies of a profile, so that it is somebody signed in who looks."""

import json
import shutil
import signal
import subprocess
import sys
from collections.abc import Iterable
from pathlib import Path
from typing import Any

from tests.browser import ARGUMENTS

OLDEST_NODE = 18
CATEGORIES = ("performance", "accessibility", "best-practices")
FORMS = {"mobile": (), "desktop": ("--preset=desktop",)}
PATIENCE, TRIES = 120, 3
HOME = Path(sys.prefix) / "lighthouse"
COMMAND = HOME / "node_modules" / "lighthouse" / "cli" / "index.js"
FLAGS = ("--headless=new", "--disable-background-networking", "--disable-component-update", *ARGUMENTS)


def lack() -> str:
    """What is missing to run it; empty where nothing is."""
    if node_version() < OLDEST_NODE:
        return f"Node.js {OLDEST_NODE} or newer is missing"
    return "" if COMMAND.exists() else "Lighthouse is not installed: python -m tests.install_lighthouse"


def node_version() -> int:
    """The first number of it; 0 where there is none."""
    node = shutil.which("node")
    said = subprocess.run([node, "--version"], capture_output=True, text=True, check=False).stdout if node else ""
    number = said.strip().removeprefix("v").partition(".")[0]
    return int(number) if number.isdigit() else 0


def report(url: str, form: str, profile: Path, chromium: str) -> dict[str, Any]:
    """What Lighthouse found. Raises AssertionError where it did not see that very page."""
    flags = " ".join((*FLAGS, f"--user-data-dir={profile}"))
    command = ["node", str(COMMAND), url, "--output=json", "--quiet", "--no-enable-error-reporting", *FORMS[form]]
    command += [f"--only-categories={','.join(CATEGORIES)}", f"--chrome-path={chromium}", f"--chrome-flags={flags}"]
    found: dict[str, Any] = json.loads(_said(command))
    assert found["finalDisplayedUrl"] == url, f"{url} led to {found['finalDisplayedUrl']}"
    assert not found.get("runtimeError"), found["runtimeError"]
    return found


def _said(command: list[str]) -> str:
    """Its report. Now and then Chromium's trace is no good: then it asks to be run again."""
    for _ in range(TRIES):
        code, said, trouble = _run(command)
        if code == 0:
            return said
    raise AssertionError(trouble)


def _run(command: list[str]) -> tuple[int, str, str]:
    with subprocess.Popen(command, stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True) as process:
        try:
            said, trouble = process.communicate(timeout=PATIENCE)
        except subprocess.TimeoutExpired:
            # It ends its Chromium, too.
            process.send_signal(signal.SIGINT)
            raise
    return process.returncode, said, trouble


def lowest(found: dict[str, Any]) -> float:
    """The lowest score of the three, of 100."""
    return min(round(category["score"] * 100, 1) for category in found["categories"].values())


def faults(reports: Iterable[dict[str, Any]]) -> str:
    """What has cost a point in any of them."""
    return ", ".join(sorted({name for found in reports for name in _faults(found)}))


def _faults(found: dict[str, Any]) -> Iterable[str]:
    for name, category in found["categories"].items():
        for audit in category["auditRefs"]:
            score = found["audits"][audit["id"]]["score"]
            if category["score"] < 1 and audit["weight"] and score is not None and score < 1:
                yield f"{name}: {audit['id']}"
