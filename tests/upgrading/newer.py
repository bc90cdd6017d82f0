"""The next version: a copy of this one with two columns and an index, code that uses them, and a task of its own."""

import shutil
import subprocess
import sys
from pathlib import Path

from tests.start.running import ROOT, House

PARTS = ("manage.py", "pyproject.toml", "static", "templates", "wizard")
LINT = ("tests/__init__.py", "tests/settings.py", "tests/upgrading")
# Each row says by which version it was asked for, and by which it was sent; an older one knows of neither.
MODELS = """
from django.db import models

models.CharField(max_length=9, default="new", db_default="old", db_index=True).contribute_to_class(
    BaseConnection, "asked_by_version"
)
models.CharField(max_length=9, null=True).contribute_to_class(BaseConnection, "sent_by_version")
_claim = BaseConnection.claim


def _claim_for_this_version(self):
    is_ours = _claim(self)
    if is_ours:
        BaseConnection.objects.filter(pk=self.pk).update(sent_by_version="new")
    return is_ours


BaseConnection.claim = _claim_for_this_version
"""
TASKS = """

def submit_later(pk):
    queue("wizard.work.submitting_by_the_next_version.submit", pk)
"""
TASK = 'from wizard.work.submitting import submit\n\n__all__ = ["submit"]\n'


def newer_version(directory: Path) -> Path:
    """Its tree, with the migration that makemigrations writes for it and our lint lets pass."""
    for part in (*PARTS, *LINT):
        source, target = ROOT / part, directory / part
        target.parent.mkdir(parents=True, exist_ok=True)
        if source.is_dir():
            shutil.copytree(source, target, ignore=shutil.ignore_patterns("__pycache__"))
        else:
            shutil.copy2(source, target)
    for path, more in (("connections/models.py", MODELS), ("connections/tasks.py", TASKS)):
        with (directory / "wizard" / path).open("a") as file:
            file.write(more)
    (directory / "wizard" / "work" / "submitting_by_the_next_version.py").write_text(TASK)
    house = House(directory / "var")
    house.root = directory
    code, said = house.run("makemigrations", "connections", "--name", "versions")
    assert code == 0, said
    command = [sys.executable, "-m", "tests.upgrading.lint"]
    subprocess.run(command, cwd=directory, env=house.environment, check=True, timeout=60, stdout=subprocess.DEVNULL)
    return directory
