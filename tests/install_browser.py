"""Gets a Chromium for the browser tests: an installed one, else Debian's where we are root, else Playwright's own."""

import subprocess
import sys

from playwright.sync_api import Error, sync_playwright

from tests.browser import ARGUMENTS, chromium_path
from tests.debian import install_from_debian

HOW = "The tests need a Chromium: apt-get install chromium, or set CHROMIUM to the path of one that starts."


def main() -> None:
    if chromium_path() is None:
        install_from_debian("chromium")
        chromium_path.cache_clear()
    if chromium_path() is None:
        subprocess.run([sys.executable, "-m", "playwright", "install", "chromium"], check=False)
    try:
        launch()
    except Error as error:
        sys.exit(f"{HOW} ({str(error).splitlines()[0]})")


def launch() -> None:
    """Raises playwright's Error when it does not start."""
    with sync_playwright() as playwright:
        playwright.chromium.launch(executable_path=chromium_path(), args=list(ARGUMENTS)).close()


if __name__ == "__main__":
    main()
