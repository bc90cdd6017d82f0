"""A passkey in a real browser, with an authenticator that Chromium plays: added, used in every place, and removed."""

import re
from collections.abc import Iterator
from typing import Any

import pytest
from playwright.sync_api import Browser, CDPSession, Page, expect

from tests.start.running import EMAIL, PASSWORD
from tests.story.running import Wizard


@pytest.fixture
def page(browser: Browser, signed_in_state: Any, wizard: Wizard) -> Iterator[Page]:
    """Nobody's browser yet, at a name that a passkey can be made for."""
    context = browser.new_context(base_url=wizard.url.replace("127.0.0.1", "localhost"))
    context.set_default_timeout(15_000)
    troubles: list[str] = []
    context.on("weberror", lambda error: troubles.append(str(error.error)))
    context.on("console", lambda line: troubles.append(line.text) if line.type == "error" else None)
    yield context.new_page()
    context.close()
    assert troubles == []


@pytest.fixture
def device(page: Page) -> tuple[CDPSession, str]:
    """A device that knows its owner by PIN, finger or face."""
    devtools = page.context.new_cdp_session(page)
    devtools.send("WebAuthn.enable")
    options = {
        "protocol": "ctap2",
        "transport": "internal",
        "hasResidentKey": True,
        "hasUserVerification": True,
        "isUserVerified": True,
        "automaticPresenceSimulation": True,
    }
    made = devtools.send("WebAuthn.addVirtualAuthenticator", {"options": options})
    return devtools, made["authenticatorId"]


def press(page: Page, name: str) -> None:
    page.get_by_role("button", name=name, exact=True).click()


def sign_in_by_password(page: Page) -> None:
    page.goto("/sign-in/")
    page.get_by_label("E-mail").fill(EMAIL)
    page.get_by_label("Password").fill(PASSWORD)
    press(page, "Sign in")
    page.wait_for_url(lambda url: not url.endswith("/sign-in/"))


def confirm_by_password(page: Page) -> None:
    page.get_by_label("Password").fill(PASSWORD)
    press(page, "Confirm")
    page.wait_for_url(lambda url: "/confirm/" not in url)


def add_passkey(page: Page, name: str) -> None:
    page.goto("/account/passkeys/add/")
    if "/confirm/" in page.url:
        confirm_by_password(page)
    page.get_by_label("Name").fill(name)
    press(page, "Add the passkey")


def test_a_passkey_is_added_used_and_removed(page: Page, device: tuple[CDPSession, str]) -> None:
    sign_in_by_password(page)
    add_passkey(page, "This laptop")
    expect(page.get_by_role("heading", name="Recovery codes")).to_be_visible()
    expect(page.locator("#recovery-codes li")).to_have_count(10)

    press(page, "Sign out")
    press(page, "Sign in with a passkey")
    page.wait_for_url(re.compile(r":\d+/$"))
    expect(page.locator(".who")).to_contain_text(EMAIL)

    press(page, "Sign out")
    sign_in_by_password(page)
    expect(page.get_by_role("heading", name="Second step")).to_be_visible()
    press(page, "Use a passkey instead")
    page.wait_for_url(re.compile(r":\d+/$"))

    page.goto("/account/two-step/")
    page.get_by_role("link", name="Rename This laptop").click()
    page.get_by_role("link", name="Use a passkey instead").click()
    press(page, "Use your passkey")
    page.get_by_label("Name").fill("Old laptop")
    press(page, "Rename")
    page.get_by_role("link", name="Remove Old laptop").click()
    press(page, "Remove the passkey")
    expect(page.get_by_text("A passkey signs you in without a password")).to_be_visible()

    press(page, "Sign out")
    press(page, "Sign in with a passkey")
    expect(page.get_by_text("This passkey is not known here")).to_be_visible()


def test_a_device_that_does_not_know_its_owner_is_told_so(page: Page, device: tuple[CDPSession, str]) -> None:
    devtools, authenticator = device
    devtools.send("WebAuthn.setUserVerified", {"authenticatorId": authenticator, "isUserVerified": False})
    sign_in_by_password(page)
    add_passkey(page, "Somebody's")
    expect(page.get_by_role("alert")).to_contain_text("Nothing was confirmed")
    page.goto("/account/two-step/")
    expect(page.get_by_text("A passkey signs you in without a password")).to_be_visible()


def test_an_address_without_a_name_is_told_why(page: Page, wizard: Wizard) -> None:
    page.goto(f"{wizard.url}/sign-in/")
    press(page, "Sign in with a passkey")
    expect(page.get_by_role("alert")).to_contain_text("at a name with https")


def test_without_javascript_no_button_does_nothing(browser: Browser, signed_in_state: Any, wizard: Wizard) -> None:
    context = browser.new_context(base_url=wizard.url, java_script_enabled=False)
    page = context.new_page()
    page.goto("/sign-in/")
    expect(page.get_by_role("button", name="passkey")).to_have_count(0)
    expect(page.get_by_text("A passkey needs JavaScript")).to_be_visible()
    sign_in_by_password(page)
    page.goto("/account/passkeys/add/")
    confirm_by_password(page)
    expect(page.get_by_role("heading", name="Add a passkey")).to_be_visible()
    expect(page.get_by_role("button", name="Add the passkey")).to_have_count(0)
    page.get_by_role("link", name="authenticator app").click()
    expect(page.get_by_role("heading", name="Set up an authenticator app")).to_be_visible()
    context.close()
