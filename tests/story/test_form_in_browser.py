"""The form in a real browser: the preview, the switches, and that nothing typed is lost."""

import re

import pytest
from playwright.sync_api import BrowserContext, Page, Request, Route, expect

from tests.conftest import CANARY
from tests.connections.documented import PART
from tests.start.running import EMAIL, PASSWORD
from tests.story.running import Wizard
from tests.story.test_browser import SECRET, fill


def test_the_preview_follows_while_one_types_and_never_sends_the_secret(scripted: BrowserContext) -> None:
    page = scripted.new_page()
    sent: list[str] = []
    page.on("request", lambda request: sent.append(request.post_data or ""))
    fill(page, "postgres", "Preview")
    page.locator(SECRET).fill(CANARY)
    page.locator(f'[name="{PART}DATABASE"]').fill("a;b")

    expect(page.locator("#preview")).to_contain_text('Database="a;b"')
    expect(page.locator("#preview")).to_contain_text("Password={PASSWORD}")
    assert any("intent=preview" in body for body in sent)
    assert not any("PASSWORD" in body for body in sent)


def test_switching_type_and_mode_keeps_what_was_typed(scripted: BrowserContext) -> None:
    page = scripted.new_page()
    fill(page, "postgres", "Switch")
    page.get_by_label("Whole connection string").check()
    expect(page.locator('[name="auth.params.connectionString"]')).to_be_visible()
    page.get_by_label("User name and password (Platform on Azure)").check()
    expect(page.locator('[name="auth.params.server"]')).to_have_value("db.example.com")
    page.get_by_label("Connection string", exact=True).check()
    page.get_by_label("Field by field").check()

    expect(page.locator(f'[name="{PART}USERNAME"]')).to_have_value("reader")
    expect(page.locator(SECRET)).to_have_value("")
    expect(page.get_by_label("Name", exact=True)).to_have_value("Switch")


def test_what_is_typed_while_a_switch_is_under_way_stays(scripted: BrowserContext) -> None:
    page, held = scripted.new_page(), list[Route]()
    fill(page, "postgres", "Before")

    def is_switch(request: Request) -> bool:
        return "intent=switch" in (request.post_data or "")

    page.route("**/connect/*/", lambda route: held.append(route) if is_switch(route.request) else route.continue_())
    with page.expect_request(is_switch):
        page.get_by_label("Whole connection string").check()
    page.get_by_label("Name", exact=True).fill("Typed meanwhile")
    expect(page.locator(".credential-fields")).to_have_attribute("inert", "")
    held.pop().continue_()

    expect(page.locator('[name="auth.params.connectionString"]')).to_be_visible()
    expect(page.get_by_label("Name", exact=True)).to_have_value("Typed meanwhile")
    expect(page.locator("#preview")).to_contain_text('"Typed meanwhile"')


def test_a_switch_asks_for_the_password_again_if_there_was_one(scripted: BrowserContext) -> None:
    page = scripted.new_page()
    page.goto("/connect/postgres/")
    page.get_by_label("User name and password (Platform on Azure)").check()
    page.locator('[name="auth.params.password"]').fill(CANARY)
    expect(page.locator("[data-dropped-secret]")).to_be_hidden()
    choice = page.get_by_label("Connection string", exact=True)
    choice.check()

    expect(page.locator("[data-dropped-secret]")).to_be_visible()
    expect(page.locator("#announcements")).to_contain_text("Type the password again")
    expect(choice).to_be_focused()


@pytest.mark.parametrize("either_way", [False], indirect=True)
def test_without_javascript_another_choice_shows_its_fields_before_anything_is_sent(either_way: Page) -> None:
    fill(either_way, "postgres", "Chosen anew")
    either_way.get_by_label("User name and password (Platform on Azure)").check()
    either_way.get_by_role("button", name="Create connection").click()

    expect(either_way.locator(".message")).to_contain_text("Nothing was sent yet")
    expect(either_way.locator('[name="auth.params.server"]')).to_have_value("db.example.com")
    either_way.locator('[name="auth.params.password"]').fill("pw")
    either_way.get_by_role("button", name="Create connection").click()
    expect(either_way.get_by_role("heading", name="Chosen anew")).to_be_visible()


def test_what_was_typed_outlives_the_session(scripted: BrowserContext) -> None:
    page = scripted.new_page()
    fill(page, "mysql", "Outlived")
    scripted.clear_cookies(name=re.compile("session"))
    page.get_by_label("Description").fill("typed later")
    with scripted.expect_page() as opened:
        page.get_by_role("link", name="Sign in in a new tab").click()
    opened.value.locator("[name=login]").fill(EMAIL)
    opened.value.locator("[name=password]").fill(PASSWORD)
    opened.value.locator("main button[type=submit]").click()
    opened.value.wait_for_url(re.compile(r":\d+/$"))
    page.get_by_role("button", name="Create connection").click()

    expect(page.locator(".pill-connected")).to_be_visible(timeout=15_000)
    expect(page.get_by_text("typed later").first).to_be_visible()


def test_going_back_to_a_form_shows_fields_choice_and_preview_alike(scripted: BrowserContext) -> None:
    page = scripted.new_page()
    page.goto("/connect/postgres/")
    page.get_by_label("Name", exact=True).fill("Back")
    page.get_by_label("Whole connection string").check()
    expect(page.locator('[name="auth.params.connectionString"]')).to_be_visible()
    page.goto("/people/")
    page.go_back()

    expect(page.get_by_label("Name", exact=True)).to_have_value("Back")
    expect(page.get_by_label("Field by field")).to_be_checked()
    expect(page.locator("#preview")).to_contain_text('"Back"')


def test_a_double_click_makes_one_connection(scripted: BrowserContext, wizard: Wizard) -> None:
    page = scripted.new_page()
    fill(page, "mysql", "Clicked twice")
    page.get_by_role("button", name="Create connection").dblclick()
    expect(page.locator(".pill-connected")).to_be_visible(timeout=15_000)

    assert wizard.emulator().names().count("Clicked twice") == 1
