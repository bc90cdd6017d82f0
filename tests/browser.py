"""Which Chromium the browser tests use."""

import os
import shutil
import subprocess
from functools import cache

NAMES = ("chromium", "chromium-browser", "google-chrome", "google-chrome-stable")
# As root Chromium's own sandbox cannot start; a container's /dev/shm is too small for it.
ARGUMENTS = ("--no-sandbox", "--disable-dev-shm-usage") if os.geteuid() == 0 else ()


@cache
def chromium_path() -> str | None:
    """The one that CHROMIUM names, else one that is installed; None means Playwright's own."""
    named = os.environ.get("CHROMIUM")
    if named:
        return named
    found = (shutil.which(name) for name in NAMES)
    return next((path for path in found if path and _starts(path)), None)


def _starts(path: str) -> bool:
    """Some distributions install a script of that name that only says where to get the browser."""
    try:
        answer = subprocess.run([path, "--version"], capture_output=True, timeout=30, check=False)
    except (OSError, subprocess.TimeoutExpired):
        return False
    return answer.returncode == 0
