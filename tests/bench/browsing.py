"""What the pages weigh in a browser that has nothing yet, and what Lighthouse thinks of them."""

import time
from collections.abc import Iterator
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Any

from playwright.sync_api import Browser, BrowserType, sync_playwright

from tests.bench.house import Visitor, visited
from tests.bench.lighthouse import running as lighthouse
from tests.bench.timing import Figure, Target, spread
from tests.bench.wire import MOST_BYTES, MOST_REQUESTS, fetched
from tests.browser import ARGUMENTS, chromium_path

ROWS = 25
FORM, HISTORY, SIGN_IN = "form page", f"history, {ROWS} rows", "sign-in page"
PATHS = {FORM: "/connect/postgres/", HISTORY: "/connections/", SIGN_IN: "/sign-in/"}
WEIGHED = (FORM, HISTORY)
SIGNED_IN, SIGNED_OUT = "signed-in", "signed-out"
KILOBYTES = Target("60 kB on the wire", MOST_BYTES / 1000, at="max")
REQUESTS = Target("6 requests", MOST_REQUESTS, at="max")
POINTS = Target("100 in performance, accessibility and best practices", 100, is_least=True)
# A run takes ten seconds and more, and this many say how much its scores vary.
MOST_RUNS = 3


def figures(times: int) -> Iterator[Figure]:
    with visited() as visitor, sync_playwright() as playwright, TemporaryDirectory() as directory:
        fill_history(visitor)
        cookies, chromium = cookies_of(visitor), playwright.chromium
        browser = chromium.launch(executable_path=chromium_path(), args=ARGUMENTS)
        for page in WEIGHED:
            yield from _weight(browser, cookies, visitor.url, page, times)
        browser.close()
        sign_in_profile(chromium, Path(directory) / SIGNED_IN, cookies)
        yield from scores(visitor.url, Path(directory), chromium_path() or chromium.executable_path, times)


def fill_history(visitor: Visitor) -> None:
    """As many connections as a page of the history shows."""
    for number in range(ROWS):
        visitor.connect(f"Orders of shop {number + 1}")


def cookies_of(visitor: Visitor) -> list[Any]:
    """For a browser that is to be signed in as the visitor is."""
    ends = time.time() + 60 * 60
    return [
        {"name": cookie.name, "value": cookie.value or "", "url": visitor.url, "expires": ends}
        for cookie in visitor.browser.cookies
    ]


def _weight(browser: Browser, cookies: list[Any], url: str, page: str, times: int) -> Iterator[Figure]:
    found = [fetched(browser, cookies, url + PATHS[page]) for _ in range(times)]
    kilobytes = spread([wire.bytes / 1000 for wire in found])
    yield Figure(f"browser, cold: {page}, bytes on the wire", "kB", kilobytes, targets=(KILOBYTES,))
    requests = spread([wire.requests for wire in found])
    yield Figure(f"browser, cold: {page}, requests", "", requests, targets=(REQUESTS,))


def sign_in_profile(chromium: BrowserType, directory: Path, cookies: list[Any]) -> None:
    """A profile for another program's Chromium: so the cookies stand in no command line."""
    context = chromium.launch_persistent_context(directory, executable_path=chromium_path(), args=ARGUMENTS)
    context.add_cookies(cookies)
    context.close()


def scores(url: str, profiles: Path, chromium: str, times: int) -> Iterator[Figure]:
    """One of each page in each form; a single one that is not met where Lighthouse cannot run."""
    if lack := lighthouse.lack():
        yield Figure("Lighthouse", "pts", spread([0]), targets=(POINTS,), why=f"Not measured. {lack}.")
        return
    for form in lighthouse.FORMS:
        for page, path in PATHS.items():
            profile = profiles / (SIGNED_OUT if page == SIGN_IN else SIGNED_IN)
            runs = range(max(1, min(times // 3, MOST_RUNS)))
            found = [lighthouse.report(url + path, form, profile, chromium) for _ in runs]
            yield score(f"Lighthouse, {form}: {page}, lowest of three scores", found)


def score(name: str, found: list[dict[str, Any]]) -> Figure:
    points = spread([lighthouse.lowest(report) for report in found])
    return Figure(name, "pts", points, targets=(POINTS,), why=f"It lost points in {lighthouse.faults(found)}.")
