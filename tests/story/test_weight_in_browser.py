"""What pages weigh, that nothing moves when their scripts come, and what they do without them."""

import time
from collections.abc import Iterator
from typing import Any

import pytest
from playwright.sync_api import Browser, BrowserContext, Route, expect

from tests.bench.browsing import FORM, HISTORY, PATHS, ROWS, SIGN_IN, cookies_of, fill_history
from tests.bench.house import Visitor, visited
from tests.bench.wire import MOST_BYTES, MOST_REQUESTS, fetched
from tests.story.running import Wizard

SCRIPTS = "**/static/**.js"
# What moved by itself since the page came.
WATCH = """
window.moved = [];
new PerformanceObserver((list) => list.getEntries().forEach(
  (entry) => window.moved.push(...entry.sources.map(({ node }) => (node?.outerHTML ?? String(node)).slice(0, 200))),
)).observe({ type: "layout-shift", buffered: true });
"""


@pytest.fixture(scope="module")
def full() -> Iterator[Visitor]:
    """Somebody with a whole page of history."""
    with visited() as visitor:
        fill_history(visitor)
        yield visitor


@pytest.mark.parametrize("name", [FORM, HISTORY])
def test_a_page_is_light_in_a_browser_that_has_nothing_yet(browser: Browser, full: Visitor, name: str) -> None:
    assert full.get(PATHS[HISTORY]).text.count('class="row-name"') == ROWS
    wire = fetched(browser, cookies_of(full), full.url + PATHS[name])

    assert wire.bytes <= MOST_BYTES
    assert wire.requests <= MOST_REQUESTS, wire.asked


def test_a_form_that_nobody_has_filled_in_asks_for_no_second_preview(scripted: BrowserContext) -> None:
    page = scripted.new_page()
    sent: list[str] = []
    page.on("request", lambda request: sent.append(request.url) if request.method == "POST" else None)
    page.goto(PATHS[FORM])
    page.wait_for_timeout(600)

    assert sent == []


@pytest.mark.parametrize("width", [320, 1440])
@pytest.mark.parametrize("name", PATHS)
def test_nothing_moves_when_the_scripts_come_late(
    browser: Browser, signed_in_state: Any, wizard: Wizard, name: str, width: int
) -> None:
    state = None if name == SIGN_IN else signed_in_state
    size: Any = {"width": width, "height": 900}
    context = browser.new_context(storage_state=state, base_url=wizard.url, viewport=size)
    page = context.new_page()
    page.add_init_script(WATCH)
    page.route(SCRIPTS, _late)
    page.goto(PATHS[name])
    expect(page.locator("html.js")).to_be_attached()
    page.wait_for_timeout(300)

    assert page.evaluate("window.moved") == []
    context.close()


@pytest.mark.parametrize("width", [320, 1440])
def test_what_has_come_stays_where_it_is_when_the_rest_comes(browser: Browser, wizard: Wizard, width: int) -> None:
    """A page of which the end is still on its way is painted already."""
    context = browser.new_context(base_url=wizard.url, viewport={"width": width, "height": 900})
    page = context.new_page()
    page.goto(PATHS[SIGN_IN])
    heading = page.locator("h1")
    whole = heading.bounding_box()
    page.evaluate("document.querySelectorAll('main form, footer').forEach((element) => element.remove())")

    assert heading.bounding_box() == whole
    context.close()


@pytest.mark.parametrize("width", [1024, 1440])
def test_what_is_above_stays_where_it_is_whatever_comes_below(browser: Browser, full: Visitor, width: int) -> None:
    context = browser.new_context(base_url=full.url, viewport={"width": width, "height": 900})
    context.add_cookies(cookies_of(full))
    page = context.new_page()
    page.goto(PATHS[HISTORY])
    cells = page.locator("tbody tr").first.locator("th, td")
    before = [cell.bounding_box() for cell in cells.all()]
    who = page.locator(".who")
    whole = who.bounding_box()
    page.evaluate("document.querySelector('.who form').remove()")
    page.evaluate("for (const cell of document.querySelectorAll('tr + tr > *')) cell.textContent = 'Wide '.repeat(40)")

    assert who.bounding_box() == whole
    assert len(before) == 5
    assert [cell.bounding_box() for cell in cells.all()] == before
    assert page.evaluate("document.documentElement.scrollWidth") == width
    context.close()


def _late(route: Route) -> None:
    # The browser paints meanwhile.
    time.sleep(0.3)
    route.continue_()


def test_what_stands_in_for_scripts_shows_up_when_they_do_not_come(
    browser: Browser, signed_in_state: Any, wizard: Wizard
) -> None:
    context = browser.new_context(storage_state=signed_in_state, base_url=wizard.url)
    page = context.new_page()
    page.route(SCRIPTS, lambda route: route.abort())
    page.goto(PATHS[FORM])
    stand_in = page.get_by_role("button", name="Show the fields of this choice")

    expect(stand_in).to_be_hidden()
    expect(stand_in).to_be_visible(timeout=15_000)
    page.get_by_label("User name and password (Platform on Azure)").check()
    stand_in.click()
    expect(page.locator('[name="auth.params.server"]')).to_be_visible()
    context.close()
