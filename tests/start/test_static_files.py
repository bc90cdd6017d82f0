"""Files that pages load are collected at a start, and not again while none of them has changed."""

import json

import pytest
from django.contrib.staticfiles.finders import get_finder

from wizard.management import static_files
from wizard.management.static_files import collect


@pytest.fixture
def collected(monkeypatch, settings, tmp_path):
    """How often they were collected; as Django would do it, with one file."""
    calls = []
    settings.STATIC_ROOT = tmp_path / "collected"
    settings.STATICFILES_DIRS = [tmp_path / "files"]
    (tmp_path / "files").mkdir()
    (tmp_path / "files" / "wizard.css").write_text("a {}")

    def as_django_does(*_args, **_options):
        calls.append(1)
        settings.STATIC_ROOT.mkdir(exist_ok=True)
        for name in ("wizard.css", "wizard.1234.css"):
            (settings.STATIC_ROOT / name).write_text("a {}")
        paths = {"wizard.css": "wizard.1234.css"}
        (settings.STATIC_ROOT / "staticfiles.json").write_text(json.dumps({"paths": paths}))

    monkeypatch.setattr(static_files, "call_command", as_django_does)
    # Django keeps its finders for the life of a process.
    get_finder.cache_clear()
    yield calls
    get_finder.cache_clear()


def test_a_second_start_finds_them_as_they_are(collected):
    collect()
    collect()
    assert len(collected) == 1


def test_a_file_that_has_changed_is_collected(collected, tmp_path):
    collect()
    (tmp_path / "files" / "wizard.css").write_text("a { color: red }")
    collect()
    assert len(collected) == 2


@pytest.mark.parametrize("name", ["wizard.1234.css", "staticfiles.json", "collected"])
def test_a_file_that_somebody_has_removed_comes_back(collected, settings, name):
    collect()
    (settings.STATIC_ROOT / name).unlink()
    collect()
    assert len(collected) == 2
    assert (settings.STATIC_ROOT / name).exists()
