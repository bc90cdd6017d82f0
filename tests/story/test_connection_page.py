"""A connection's page in a real browser: its sections by keyboard, what uses it, and its ids to copy."""

import re
from typing import Any

import pytest
from playwright.sync_api import Browser, BrowserContext, Page, expect

from tests.emulator.dataflow import source_body
from tests.story.running import Wizard
from tests.story.test_browser import create, problems, widest


@pytest.fixture(scope="module")
def path(wizard: Wizard, browser: Browser, signed_in_state: Any) -> str:
    """Of a connection that was tested, and that a source connection uses."""
    context = browser.new_context(storage_state=signed_in_state, base_url=wizard.url)
    page = context.new_page()
    found = f"/connections/{create(page, 'postgres', 'Looked at')}"
    expect(page.get_by_text("Enabled", exact=True)).to_be_visible(timeout=15_000)
    base_id = page.locator("#base-connection-id").inner_text()
    body = source_body(base_id, name="Orders of somebody")
    assert wizard.emulator().call("POST", "/sourceConnections", json=body).status_code == 201
    page.get_by_role("button", name="Test", exact=True).click()
    expect(page.locator(".pill-test-passed")).to_be_visible(timeout=15_000)
    context.close()
    return found


def test_a_test_that_ends_brings_the_page_around_it_up_to_date(scripted: BrowserContext, path: str) -> None:
    page = scripted.new_page()
    page.goto(path)
    page.get_by_role("button", name="Ask Adobe").click()
    expect(page.get_by_text("Orders of somebody")).to_be_visible()
    bars = page.locator(".chart rect").count()
    page.get_by_role("button", name="Test", exact=True).click()

    expect(page.locator(".pill-test-passed")).to_be_visible(timeout=15_000)
    expect(page.locator(".chart rect")).to_have_count(bars + 1)
    expect(page.locator("#last-test .rung")).to_have_count(7)
    expect(page.locator("#happened").get_by_text("Tested", exact=True)).to_have_count(bars + 1)


def test_what_uses_it_is_asked_in_place_or_on_a_page(either_way: Page, path: str) -> None:
    either_way.goto(path)
    either_way.get_by_role("button", name="Ask Adobe").click()
    expect(either_way.get_by_text("Orders of somebody")).to_be_visible()
    expect(either_way.get_by_role("button", name="Ask Adobe again")).to_be_visible()


def test_the_sections_are_reached_by_keyboard(scripted: BrowserContext, path: str) -> None:
    page = scripted.new_page()
    page.goto(path)
    links = page.get_by_role("navigation", name="On this page").get_by_role("link")
    assert links.all_inner_texts() == ["Next", "Tests", "What uses it", "Requests", "What happened", "About"]
    links.nth(3).focus()
    page.keyboard.press("Enter")
    expect(page).to_have_url(re.compile("#requests$"))
    expect(page.locator("#requests")).to_be_in_viewport()
    page.keyboard.press("Tab")
    expect(page.get_by_role("link", name="All requests")).to_be_focused()
    page.keyboard.press("Enter")
    expect(page.get_by_role("heading", name="Requests of Looked at")).to_be_visible()


def pasted(page: Page) -> str:
    """What the clipboard holds: no page may read it, but a person may paste it."""
    page.goto("/connections/")
    page.get_by_role("searchbox").focus()
    page.keyboard.press("Control+V")
    return page.get_by_role("searchbox").input_value()


@pytest.mark.parametrize("name", ["etag", "spec-id", "base-connection-id"])
def test_its_ids_are_copied(scripted: BrowserContext, path: str, name: str) -> None:
    page = scripted.new_page()
    page.goto(path)
    text = page.locator(f"#{name}").inner_text()
    page.locator(f"#copy-{name}").click()
    expect(page.locator(f"#copy-{name}")).to_contain_text("Copied")
    assert pasted(page) == text


def test_the_whole_request_id_is_copied_where_a_part_is_shown(scripted: BrowserContext, path: str) -> None:
    page = scripted.new_page()
    page.goto(path)
    page.locator("#requests .copy").first.click()
    expect(page.locator("#requests .copy").first).to_contain_text("Copied")
    assert re.fullmatch(r"[0-9a-f]{32}-[0-9a-f]{4}", pasted(page))


@pytest.mark.parametrize("scheme", ["light", "dark"])
@pytest.mark.parametrize("width", [320, 1440])
def test_the_pages_are_accessible_and_fit(
    browser: Browser, wizard: Wizard, signed_in_state: Any, path: str, scheme: Any, width: int
) -> None:
    context = browser.new_context(
        storage_state=signed_in_state,
        base_url=wizard.url,
        color_scheme=scheme,
        viewport={"width": width, "height": 800},
    )
    page = context.new_page()
    for name in ("", "requests/", "uses/"):
        page.goto(path + name)
        if name != "requests/":
            page.get_by_role("button", name="Ask Adobe").click()
            expect(page.get_by_text("Orders of somebody")).to_be_visible()
        assert problems(page) == [], name
        assert widest(page) <= width, name
    context.close()
