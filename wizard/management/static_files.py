"""Collects the files that pages load, compressed; not again while none of them has changed: that would take long."""

import hashlib
import json
from collections.abc import Iterator
from pathlib import Path

from django.conf import settings
from django.contrib.staticfiles.finders import get_finders
from django.core.management import call_command

# What no page loads: versions of htmx that django-htmx brings along, and the readable form of what is loaded minified.
UNUSED = ["htmx-4*", "htmax-*", "ext", "htmx-2.js", "jquery.js", "xregexp.js", "select2.full.js", "i18n"]
MANIFEST, STAMP = "staticfiles.json", "collected"


def collect() -> None:
    stamp, found = settings.STATIC_ROOT / STAMP, fingerprint()
    if stamp.exists() and stamp.read_text() == found and _are_there(settings.STATIC_ROOT):
        return
    call_command("collectstatic", interactive=False, verbosity=0, ignore_patterns=UNUSED)
    stamp.write_text(found)


def fingerprint() -> str:
    """Of which files there are, their sizes, and when each was changed last."""
    lines = [repr(settings.STORAGES), repr(UNUSED), *sorted(_files())]
    return hashlib.sha256("\n".join(lines).encode()).hexdigest()


def _files() -> Iterator[str]:
    for finder in get_finders():
        for path, storage in finder.list(UNUSED):
            found = Path(storage.path(path)).stat()
            yield f"{path} {found.st_size} {found.st_mtime_ns}"


def _are_there(root: Path) -> bool:
    """Whether nobody has removed one of them."""
    try:
        paths = json.loads((root / MANIFEST).read_text())["paths"]
    except (OSError, ValueError, KeyError):
        return False
    return all((root / name).exists() for pair in paths.items() for name in pair)
