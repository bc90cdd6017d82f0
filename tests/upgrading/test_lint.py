"""A migration that the version before would not survive is refused, and what is on record is not looked at."""

import os
import subprocess
import sys
import tomllib
from pathlib import Path

import pytest
from django.db.migrations.loader import MigrationLoader

from tests.start.running import ROOT
from tests.upgrading.lint import RECORD

SETTINGS = """
from tests.settings import *
INSTALLED_APPS = [*INSTALLED_APPS, "shop"]
"""
MIGRATION = """
from django.db import migrations, models


def double(apps, schema_editor):
    for item in apps.get_model("shop", "Item").objects.all():
        item.save()


class Migration(migrations.Migration):
    dependencies = {dependencies}
    operations = [{operation}]
"""
KEY = "('id', models.BigAutoField(primary_key=True))"
FIRST = f"""migrations.CreateModel("Item", [
    {KEY}, ("name", models.CharField(max_length=9)), ("size", models.IntegerField(null=True)),
])"""
CHECK = "models.CheckConstraint(condition=models.Q(size__gt=0), name='is_sized')"
GOOD = {
    "a column that may be empty": "migrations.AddField('item', 'weight', models.IntegerField(null=True))",
    "a column that the database fills": "migrations.AddField('item', 'price', models.IntegerField(db_default=1))",
    "a table": f"migrations.CreateModel('Box', [{KEY}, ('name', models.TextField())])",
    "an index": "migrations.AddIndex('item', models.Index(fields=['name'], name='by_name'))",
    "data": "migrations.RunPython(double, migrations.RunPython.noop)",
}
BAD = {
    "a column that is needed": ("migrations.AddField('item', 'place', models.IntegerField(default=1))", "NOT NULL"),
    "a column that is gone": ("migrations.RemoveField('item', 'size')", "DROPPING columns"),
    "another name": ("migrations.RenameField('item', 'name', 'title')", "RENAMING columns"),
    "another type": ("migrations.AlterField('item', 'size', models.TextField(null=True))", "ALTERING columns"),
    "another table": ("migrations.AlterModelTable('item', 'things')", "RENAMING tables"),
    "a table that is gone": ("migrations.DeleteModel('item')", "DROPPING table"),
    "no more empty ones": ("migrations.AlterField('item', 'size', models.IntegerField(default=1))", "NOT NULL"),
    "each but once": (
        "migrations.AddConstraint('item', models.UniqueConstraint(fields=['name'], name='one'))",
        "ADDING unique constraint",
    ),
    "a rule": (f"migrations.AddConstraint('item', {CHECK})", "ADDING a check constraint"),
}


def lint(directory: Path, operation: str) -> tuple[int, str]:
    """Exit code and output, with an app beside ours that has this as its second migration."""
    package = directory / "shop" / "migrations"
    package.mkdir(parents=True)
    (directory / "shop" / "__init__.py").touch()
    (package / "__init__.py").touch()
    (directory / "shop_settings.py").write_text(SETTINGS)
    (package / "0001_first.py").write_text(MIGRATION.format(dependencies=[], operation=FIRST))
    second = MIGRATION.format(dependencies=[("shop", "0001_first")], operation=operation)
    (package / "0002_second.py").write_text(second)
    environment = os.environ | {"PYTHONPATH": f"{ROOT}:{directory}", "DJANGO_SETTINGS_MODULE": "shop_settings"}
    command = [sys.executable, "-m", "tests.upgrading.lint"]
    done = subprocess.run(command, cwd=ROOT, env=environment, capture_output=True, text=True, timeout=60, check=False)
    return done.returncode, done.stdout + done.stderr


@pytest.mark.parametrize("what", GOOD)
def test_it_lets_pass_what_the_version_before_survives(tmp_path: Path, what: str) -> None:
    code, output = lint(tmp_path, GOOD[what])
    assert code == 0, output
    assert "A running older version survives them." in output


@pytest.mark.parametrize("what", BAD)
def test_it_refuses_what_the_version_before_would_not_survive(tmp_path: Path, what: str) -> None:
    operation, words = BAD[what]
    code, output = lint(tmp_path, operation)
    assert code == 1, output
    assert "(shop, 0002_second)... ERR" in output
    assert words in output
    assert "in two steps" in output


def test_it_refuses_what_it_cannot_judge_without_a_database(tmp_path: Path) -> None:
    unique = "migrations.AlterUniqueTogether('item', {('name', 'size')}), migrations.AlterUniqueTogether('item', set())"
    code, output = lint(tmp_path, unique)
    assert code == 1
    assert "shop.0002_second changes what has to be looked up in a database" in output


def test_it_is_part_of_make_lint() -> None:
    recipe = (ROOT / "Makefile").read_text().partition("\nlint:")[2].partition("\n\n")[0]
    assert "$(BIN)/python -m tests.upgrading.lint\n" in recipe


def test_the_record_names_migrations_that_are_there() -> None:
    record = tomllib.loads(RECORD.read_text())
    there = {f"{app}.{name}" for app, name in MigrationLoader(None).disk_migrations}
    assert {f"{app}.{name}" for app, name in record["first_release"].items()} <= there
    assert set(record["looked_at"]) <= there
    assert all(len(reason) > 20 for reason in record["looked_at"].values())
