"""A connection's life in a browser, with and without JavaScript: edited by two, switched off and on, deleted."""

import re
from collections.abc import Callable, Iterator
from typing import Any
from uuid import uuid4

import pytest
from playwright.sync_api import Browser, BrowserContext, Page, expect

from tests.story.running import Wizard, connections_of, wait_for
from tests.story.test_browser import create, problems, widest
from tests.values.documented import PART

DATABASE, USERNAME, PASSWORD = (f'[name="{PART}{name}"]' for name in ("DATABASE", "USERNAME", "PASSWORD"))
Open = Callable[[], Page]


@pytest.fixture(params=[True, False], ids=["with JavaScript", "without JavaScript"])
def browsers(
    request: pytest.FixtureRequest, browser: Browser, signed_in_state: Any, wizard: Wizard
) -> Iterator[Callable[[], Page]]:
    """Another browser of alice's each time."""
    opened: list[BrowserContext] = []

    def another() -> Page:
        state, url = signed_in_state, wizard.url
        context = browser.new_context(storage_state=state, base_url=url, java_script_enabled=request.param)
        context.set_default_timeout(15_000)
        opened.append(context)
        return context.new_page()

    yield another
    for context in opened:
        context.close()


@pytest.fixture
def made(browser: Browser, signed_in_state: Any, wizard: Wizard) -> tuple[str, str]:
    """Name and path of a connected connection."""
    context = browser.new_context(storage_state=signed_in_state, base_url=wizard.url)
    page, name = context.new_page(), f"Life of {uuid4()}"
    path = f"/connections/{create(page, 'postgres', name)}"
    wait_for(lambda: connections_of(wizard).get(name) == "connected", "the connection")
    page.goto(path)
    expect(page.get_by_text("Enabled", exact=True)).to_be_visible(timeout=15_000)
    context.close()
    return name, path


def save(page: Page) -> None:
    page.get_by_role("button", name="Save changes").click()


def test_of_two_who_edit_the_second_sees_the_conflict_and_loses_nothing(browsers: Open, made: tuple[str, str]) -> None:
    _, path = made
    first, second = browsers(), browsers()
    for page in (first, second):
        page.goto(f"{path}edit/")
    first.locator(DATABASE).fill("first-database")
    first.locator(USERNAME).fill("first-user")
    save(first)
    expect(first.get_by_text("Database, User name.", exact=True)).to_be_visible()
    second.locator(DATABASE).fill("second-database")
    second.get_by_label("Description").fill("Typed by the second")
    second.get_by_label("Replace it").check()
    second.locator(PASSWORD).fill("typed-secret")
    save(second)

    second.wait_for_url(re.compile("/changes/"))
    for words in ("second-database", "first-database", "first-user", "Typed by the second", "replaced"):
        expect(second.locator(".comparison").get_by_text(words, exact=True)).to_be_visible()
    assert "typed-secret" not in second.content()
    second.get_by_role("button", name="Apply on top").click()
    second.wait_for_url(re.compile(r"/connections/[0-9a-f-]{36}/$"))
    expect(second.get_by_text("Typed by the second", exact=True)).to_be_visible()
    second.goto(f"{path}edit/")
    expect(second.locator(DATABASE)).to_have_value("second-database")
    expect(second.locator(USERNAME)).to_have_value("first-user")


def test_it_is_disabled_enabled_and_deleted(browsers: Open, made: tuple[str, str]) -> None:
    name, path = made
    page = browsers()
    page.goto(path)
    page.get_by_role("button", name="Disable").click()
    expect(page.get_by_text("Disabled", exact=True)).to_be_visible()
    page.get_by_role("button", name="Enable").click()
    expect(page.get_by_text("Enabled", exact=True)).to_be_visible()
    page.get_by_role("link", name="Delete").click()
    page.get_by_label(re.compile("to confirm")).fill("something else")
    page.get_by_role("button", name="Delete the connection").click()
    expect(page.get_by_role("alert")).to_contain_text("exactly")
    page.get_by_label(re.compile("to confirm")).fill(name)
    page.get_by_role("button", name="Delete the connection").click()

    expect(page.locator(".pill-deleted")).to_be_visible()
    expect(page.get_by_role("link", name="Edit")).to_have_count(0)


def test_what_was_typed_into_an_edit_stays_while_the_server_is_away(scripted_edit: Page, made: tuple[str, str]) -> None:
    page = scripted_edit
    page.goto(f"{made[1]}edit/")
    page.locator(DATABASE).fill("still-here")
    page.route("**/edit/", lambda route: route.abort())
    save(page)

    expect(page.get_by_role("status")).to_contain_text("What you typed is still here.")
    expect(page.locator(DATABASE)).to_have_value("still-here")


@pytest.mark.parametrize("leave", ["cancel", "home", "close"])
def test_leaving_an_edit_changes_nothing(scripted_edit: Page, made: tuple[str, str], leave: str) -> None:
    page, (_, path) = scripted_edit, made
    other = page.context.new_page()
    page.goto(f"{path}edit/")
    page.get_by_label("Replace it").check()
    page.locator(PASSWORD).fill("half-ty")
    page.get_by_label("Description").fill("half a sen")
    if leave == "close":
        page.close(run_before_unload=True)
    else:
        page.get_by_role("link", name={"cancel": "Cancel", "home": "Home"}[leave], exact=True).click()
    other.wait_for_timeout(1500)
    other.goto(path)

    expect(other.get_by_text("Change requested")).to_have_count(0)
    expect(other.get_by_text("half a sen")).to_have_count(0)


@pytest.fixture
def scripted_edit(browser: Browser, signed_in_state: Any, wizard: Wizard) -> Iterator[Page]:
    context = browser.new_context(storage_state=signed_in_state, base_url=wizard.url)
    yield context.new_page()
    context.close()


@pytest.mark.parametrize("scheme", ["light", "dark"])
def test_the_pages_of_a_change_are_accessible_and_fit_a_narrow_window(
    browser: Browser, signed_in_state: Any, wizard: Wizard, made: tuple[str, str], scheme: str
) -> None:
    size = {"width": 320, "height": 640}
    state, url = signed_in_state, wizard.url
    context = browser.new_context(storage_state=state, base_url=url, color_scheme=scheme, viewport=size)
    page, (_, path) = context.new_page(), made
    other = context.new_page()
    other.goto(f"{path}edit/")
    page.goto(f"{path}edit/")
    assert (problems(page), widest(page)) == ([], 320)
    page.locator(f'[name="{PART}SERVER"]').fill("elsewhere.example.com")
    save(page)
    expect(page.get_by_role("alert")).to_contain_text("lead elsewhere")
    assert (problems(page), widest(page)) == ([], 320)
    page.locator(PASSWORD).fill("again")
    save(page)
    expect(page.get_by_text("Host, Password.", exact=True)).to_be_visible(timeout=15_000)
    assert (problems(page), widest(page)) == ([], 320)
    other.locator(DATABASE).fill("other")
    save(other)
    other.wait_for_url(re.compile("/changes/"))
    assert (problems(other), widest(other)) == ([], 320)
    page.goto(f"{path}delete/")
    assert (problems(page), widest(page)) == ([], 320)
    page.goto(path)
    page.get_by_role("button", name="Test", exact=True).click()
    expect(page.locator(".pill-test-passed")).to_be_visible(timeout=15_000)
    page.get_by_text("What was tested").click()
    assert (problems(page), widest(page)) == ([], 320)
    context.close()
