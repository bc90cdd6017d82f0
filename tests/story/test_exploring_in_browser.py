"""From a connection to its first rows, and a choice of columns, in a real browser, with and without JavaScript."""

import re
from typing import Any

import pytest
from playwright.sync_api import BrowserContext, Page, expect

from tests.story.running import Wizard
from tests.story.test_browser import create, problems, widest

SLOW = {"kind": "latency", "seconds": 20, "match": {"path": "/connections/*/explore"}, "times": 1}


def explored(page: Page, name: str) -> str:
    """The address under which one explores a new connection of that name."""
    path = create(page, "postgres", name)
    expect(page.locator(".pill-connected")).to_be_visible(timeout=15_000)
    return f"/connections/{path.partition('/')[0]}/explore/"


def test_one_comes_from_names_to_rows_to_a_choice(either_way: Page, request: Any) -> None:
    page, name = either_way, f"Explored {request.node.callspec.id}"
    address = explored(page, name)
    page.goto(address)
    expect(page.get_by_role("link", name="customers")).to_be_visible()

    page.get_by_label("Search").press_sequentially("orders", delay=50)
    if not str(request.node.callspec.id).startswith("with JavaScript"):
        page.get_by_role("button", name="Show").click()
    expect(page.get_by_role("link", name="customers")).to_have_count(0)
    page.get_by_role("link", name="orders", exact=True).click()

    expect(page.get_by_role("heading", name="7 columns")).to_be_visible()
    page.get_by_role("link", name="Show first rows").click()
    expect(page.get_by_role("region", name="First rows")).to_contain_text("EUR")
    expect(page.get_by_role("img", name="3 of 12 null, 1 distinct")).to_be_visible()

    page.get_by_label("customer_id").check()
    page.get_by_label("total").check()
    page.get_by_role("button", name="Keep this choice").click()
    expect(page.get_by_role("heading", name="2 columns kept for a dataflow")).to_be_visible()
    expect(page.get_by_label("total")).to_be_checked()
    expect(page.get_by_label("currency")).not_to_be_checked()


def test_columns_are_searched_and_ticked_at_once(scripted: BrowserContext) -> None:
    page = scripted.new_page()
    page.goto(f"{explored(page, 'Ticked')}?type=table&object=sample.orders")
    page.get_by_label("Search columns").fill("date-time")
    expect(page.locator("#columns tbody tr:visible")).to_have_count(2)
    page.get_by_role("button", name="All columns").click()
    page.get_by_label("Search columns").fill("")
    expect(page.locator("#columns tbody tr:visible")).to_have_count(7)
    expect(page.get_by_text("2 of 7 chosen")).to_be_visible()
    page.get_by_role("button", name="Keep this choice").click()
    expect(page.get_by_role("heading", name="2 columns kept for a dataflow")).to_be_visible()


def test_what_is_ticked_outlives_a_look_at_the_rows(scripted: BrowserContext) -> None:
    page = scripted.new_page()
    page.goto(f"{explored(page, 'Outlives')}?type=table&object=sample.orders")
    page.get_by_label("total").check()
    page.get_by_role("link", name="Show first rows").click()
    expect(page.get_by_role("region", name="First rows")).to_contain_text("EUR")
    expect(page.get_by_label("total")).to_be_checked()
    expect(page.get_by_text("1 of 7 chosen")).to_be_visible()


def test_the_keyboard_goes_on_where_one_waited(scripted: BrowserContext, wizard: Wizard) -> None:
    page = scripted.new_page()
    address = explored(page, "Keyboard")
    wizard.emulator().set_faults([{**SLOW, "seconds": 2}])
    page.goto(f"{address}?type=table&object=sample.orders")
    page.get_by_role("link", name="Cancel").focus()
    expect(page.get_by_role("heading", name="7 columns")).to_be_visible()
    page.keyboard.press("Tab")
    expect(page.get_by_role("link", name="Show first rows")).to_be_focused()


def test_who_leaves_the_search_by_the_keyboard_comes_to_what_was_found(scripted: BrowserContext) -> None:
    page = scripted.new_page()
    page.goto(explored(page, "Searched"))
    page.get_by_label("Search").press_sequentially("orders", delay=50)
    expect(page.get_by_role("link", name="customers")).to_have_count(0)
    for _ in range(3):
        page.keyboard.press("Tab")
        page.wait_for_timeout(300)
    expect(page.get_by_role("link", name="Read again")).to_be_focused()


def test_a_slow_look_shows_progress_and_can_be_left(scripted: BrowserContext, wizard: Wizard) -> None:
    page = scripted.new_page()
    address = explored(page, "Slow to explore")
    wizard.emulator().set_faults([SLOW])
    page.goto(address)
    expect(page.get_by_role("progressbar", name="Looking into the source")).to_be_visible()
    page.get_by_role("link", name="Cancel").click()
    expect(page).to_have_url(re.compile(r"/connections/[0-9a-f-]{36}/$"), timeout=5000)
    wizard.emulator().set_faults([])


@pytest.mark.parametrize(
    "query",
    ["", "?type=table&object=sample.customers&rows=20", "?type=table&object=no.such", "?type=rest", "?q=zzz"],
)
@pytest.mark.parametrize("scheme", ["light", "dark"])
def test_every_page_is_accessible_and_narrow_enough(
    query: str, scheme: Any, scripted: BrowserContext, wizard: Wizard
) -> None:
    page = scripted.new_page()
    page.emulate_media(color_scheme=scheme)
    page.set_viewport_size({"width": 320, "height": 640})
    page.goto(f"{explored(page, f'Narrow {scheme} {query}')}{query}")
    expect(page.get_by_role("progressbar", name="Looking into the source", exact=True)).to_be_hidden()
    assert problems(page) == []
    assert widest(page) <= 320
