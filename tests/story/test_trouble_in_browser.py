"""What a page says and does when the server does not answer a fragment, or answers with the sign-in."""

import re
from collections.abc import Iterator
from typing import Any

import pytest
from playwright.sync_api import Browser, Page, expect

from tests.story.running import Wizard
from tests.story.test_browser import fill

AZURE = "User name and password (Platform on Azure)"
STRING = "Connection string"


@pytest.fixture
def form(browser: Browser, signed_in_state: Any, wizard: Wizard) -> Iterator[Page]:
    """Alice's form of a connection, where errors on the console are expected."""
    context = browser.new_context(storage_state=signed_in_state, base_url=wizard.url)
    page = context.new_page()
    fill(page, "postgres", "In trouble")
    yield page
    context.close()


def test_a_choice_whose_fields_do_not_come_goes_back(form: Page) -> None:
    form.route("**/connect/postgres/", lambda route: route.abort())
    form.get_by_label(AZURE).click()

    # First that the fields did not come, soon after that the draft was not saved either.
    expect(form.locator("#announcements.is-shown")).to_contain_text("What you typed is still here.")
    expect(form.get_by_label(STRING, exact=True)).to_be_checked()
    expect(form.locator(".credential-fields")).not_to_have_attribute("inert", "")


def test_a_choice_after_the_sessions_end_goes_back_and_says_so(form: Page) -> None:
    form.context.clear_cookies(name=re.compile("session"))
    form.get_by_label(AZURE).click()

    expect(form.locator("#session-ended")).to_be_visible()
    expect(form.get_by_label(STRING, exact=True)).to_be_checked()
    expect(form.get_by_label("Name", exact=True)).to_have_value("In trouble")
    form.get_by_role("button", name="Create connection").click()
    expect(form.locator("#session-ended")).to_be_visible()
    expect(form.locator(".is-busy")).to_have_count(0)


def test_elsewhere_the_sign_in_is_shown_after_the_sessions_end(form: Page) -> None:
    form.goto("/connections/")
    form.context.clear_cookies(name=re.compile("session"))
    form.get_by_role("searchbox").fill("x")

    expect(form).to_have_url(re.compile("/sign-in/"))


def test_elsewhere_a_fragment_that_does_not_come_is_said(form: Page) -> None:
    form.goto("/connections/")
    form.route("**/connections/?*", lambda route: route.fulfill(status=503))
    form.get_by_role("searchbox").fill("x")

    expect(form.locator("#announcements")).to_have_text("This could not be updated. Please try again.")
