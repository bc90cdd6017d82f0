"""Gets a Chromium for the browser tests: an installed one, else Debian's where we are root, else Playwright's own."""

import os
import shutil
import subprocess
import sys

from playwright.sync_api import Error, sync_playwright

from tests.browser import ARGUMENTS, chromium_path

HOW = "The tests need a Chromium: apt-get install chromium, or set CHROMIUM to the path of one that starts."


def main() -> None:
    if chromium_path() is None and os.geteuid() == 0 and shutil.which("apt-get"):
        install_from_debian()
        chromium_path.cache_clear()
    if chromium_path() is None:
        subprocess.run([sys.executable, "-m", "playwright", "install", "chromium"], check=False)
    try:
        launch()
    except Error as error:
        sys.exit(f"{HOW} ({str(error).splitlines()[0]})")


def install_from_debian() -> None:
    """A refusal is no error yet: Playwright's own comes next."""
    print("Installing Chromium ...", flush=True)  # noqa: T201
    environment = os.environ | {"DEBIAN_FRONTEND": "noninteractive"}
    for arguments in (["update"], ["install", "--yes", "--no-install-recommends", "chromium"]):
        command = ["apt-get", "--quiet", "--quiet", *arguments]
        subprocess.run(command, env=environment, stdout=subprocess.DEVNULL, check=False)


def launch() -> None:
    """Raises playwright's Error when it does not start."""
    with sync_playwright() as playwright:
        playwright.chromium.launch(executable_path=chromium_path(), args=list(ARGUMENTS)).close()


if __name__ == "__main__":
    main()
