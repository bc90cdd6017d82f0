"""The form in a real browser: the preview, the switches, and that nothing typed is lost."""

import re
from typing import Any
from urllib.parse import quote_plus

import pytest
from playwright.sync_api import BrowserContext, Page, Request, Route, expect

from tests.conftest import CANARY
from tests.start.running import EMAIL, PASSWORD
from tests.story.running import Wizard
from tests.story.test_browser import SECRET, fill, problems
from tests.values.documented import PART
from wizard.emulator.journal import digest


def test_the_preview_follows_while_one_types_and_never_sends_the_secret(scripted: BrowserContext) -> None:
    page = scripted.new_page()
    sent: list[str] = []
    page.on("request", lambda request: sent.append(request.post_data or ""))
    fill(page, "postgres", "Preview")
    page.locator(SECRET).fill(CANARY)
    page.locator(f'[name="{PART}DATABASE"]').fill("a;b")

    expect(page.locator("#preview")).to_contain_text('Database="a;b"')
    expect(page.locator("#preview")).to_contain_text("Password={PASSWORD}")
    previews = [body for body in sent if "intent=preview" in body]
    assert previews
    assert not any(f"{PART}PASSWORD=" in body or quote_plus(CANARY) in body or "c4nary" in body for body in previews)


def test_switching_there_and_back_keeps_what_was_typed(scripted: BrowserContext) -> None:
    page = scripted.new_page()
    fill(page, "postgres", "Switch")
    page.get_by_label("User name and password (Platform on Azure)").check()
    expect(page.locator('[name="auth.params.server"]')).to_have_value("db.example.com")
    page.get_by_label("Connection string", exact=True).check()

    expect(page.locator(f'[name="{PART}USERNAME"]')).to_have_value("reader")
    expect(page.locator(SECRET)).to_have_value("")
    expect(page.get_by_label("Name", exact=True)).to_have_value("Switch")


def test_what_was_pasted_fills_the_form_and_makes_a_connection(either_way: Page, wizard: Wizard, request: Any) -> None:
    page, name = either_way, f"Pasted {request.node.callspec.id}"
    page.goto("/connect/postgres/")
    page.get_by_label("Name", exact=True).fill(name)
    page.get_by_text("Paste a connection string").click()
    page.locator("[name=pasted]").fill("postgresql://reader:p%40ss;word@db.example.com:6543/shop?ApplicationName=x")
    page.get_by_role("button", name="Fill in the fields").click()
    expect(page.locator(f'[name="{PART}DATABASE"]')).to_have_value("shop")
    expect(page.locator(SECRET)).to_have_value("")
    expect(page.get_by_text("Taken from what you pasted")).to_be_visible()
    expect(page.locator("[data-dropped-secret]")).to_be_hidden()
    page.get_by_label("ApplicationName=x").check()
    page.get_by_role("button", name="Create connection").click()

    expect(page.locator(".pill-connected")).to_be_visible(timeout=15_000)
    string = 'Server=db.example.com;Database=shop;Port=6543;UID=reader;Password="p@ss;word";ApplicationName=x'
    (sent,) = (entry for entry in wizard.emulator().requests("POST", "/connections") if entry["body"]["name"] == name)
    assert sent["body"]["auth"]["params"] == {"connectionString": digest(string)}


def test_a_text_that_cannot_be_read_is_said_where_it_was_pasted(scripted: BrowserContext) -> None:
    page = scripted.new_page()
    fill(page, "postgres", "Unreadable")
    page.get_by_text("Paste a connection string").click()
    page.locator("[name=pasted]").fill("what is this")
    page.get_by_role("button", name="Fill in the fields").click()

    expect(page.locator("#id_pasted_error")).to_be_visible()
    expect(page.locator("#announcements")).to_contain_text("Expected key=value pairs")
    expect(page.locator(SECRET)).not_to_have_value("")
    expect(page.locator(".credential-fields")).not_to_have_attribute("inert", "")
    assert problems(page) == []


def test_a_key_file_is_shown_only_while_somebody_wants_to_see_it(scripted: BrowserContext) -> None:
    page = scripted.new_page()
    page.goto("/connect/snowflake/")
    key = page.get_by_label("Private key", exact=True)
    key.fill("-----BEGIN")
    expect(key).to_have_class("masked")
    page.get_by_role("button", name="Show Private key", exact=True).click()
    expect(key).not_to_have_class("masked")


def test_what_is_typed_while_a_switch_is_under_way_stays(scripted: BrowserContext) -> None:
    page, held = scripted.new_page(), list[Route]()
    fill(page, "postgres", "Before")

    def is_switch(request: Request) -> bool:
        return "intent=switch" in (request.post_data or "")

    page.route("**/connect/*/", lambda route: held.append(route) if is_switch(route.request) else route.continue_())
    with page.expect_request(is_switch):
        page.get_by_label("User name and password (Platform on AWS)").check()
    page.get_by_label("Name", exact=True).fill("Typed meanwhile")
    expect(page.locator(".credential-fields")).to_have_attribute("inert", "")
    held.pop().continue_()

    expect(page.locator('[name="auth.params.server"]')).to_be_visible()
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
    page.get_by_label("User name and password (Platform on AWS)").check()
    expect(page.locator('[name="auth.params.server"]')).to_be_visible()
    page.goto("/people/")
    page.go_back()

    expect(page.get_by_label("Name", exact=True)).to_have_value("Back")
    expect(page.get_by_label("Connection string", exact=True)).to_be_checked()
    expect(page.locator("#preview")).to_contain_text('"Back"')


def test_a_double_click_makes_one_connection(scripted: BrowserContext, wizard: Wizard) -> None:
    page = scripted.new_page()
    fill(page, "mysql", "Clicked twice")
    page.get_by_role("button", name="Create connection").dblclick()
    expect(page.locator(".pill-connected")).to_be_visible(timeout=15_000)

    assert wizard.emulator().names().count("Clicked twice") == 1


def test_what_is_wrong_in_a_folded_field_is_shown(scripted: BrowserContext) -> None:
    page = scripted.new_page()
    page.goto("/connect/sftp/")
    page.get_by_label("Name", exact=True).fill("Folded")
    for field, value in (("host", "h"), ("userName", "u"), ("password", "p")):
        page.locator(f'[name="auth.params.{field}"]').fill(value)
    rare = page.locator('[name="auth.params.maxConcurrentConnections"]')
    page.get_by_text("More options").click()
    rare.fill("0")
    page.get_by_text("More options").click()
    expect(rare).to_be_hidden()
    page.get_by_role("button", name="Create connection").click()

    expect(rare).to_be_visible()
    expect(rare).to_be_focused()


def test_by_keyboard_one_goes_on_where_the_paste_has_filled_in(scripted: BrowserContext) -> None:
    page = scripted.new_page()
    page.goto("/connect/postgres/")
    page.locator("#paste summary").press("Enter")
    page.locator("[name=pasted]").fill("nonsense")
    page.get_by_role("button", name="Fill in the fields").press("Enter")
    expect(page.locator("#id_pasted_error")).to_be_visible()
    expect(page.locator("[name=pasted]")).to_be_focused()
    page.locator("[name=pasted]").fill("postgresql://u:p@h:5432/d")
    page.get_by_role("button", name="Fill in the fields").press("Enter")

    expect(page.locator(f'[name="{PART}SERVER"]')).to_be_focused()
    expect(page.locator(".paste-result")).to_contain_text("Filled in: Host, Port, Database, User name, Password")


@pytest.mark.parametrize("either_way", [True], indirect=True)
def test_an_error_of_radio_buttons_leads_to_them(either_way: Page) -> None:
    page = either_way
    page.goto("/connect/http-api/")
    page.locator("form.connect").evaluate("form => form.noValidate = true")
    page.get_by_role("button", name="Create connection").click()
    page.get_by_role("alert").get_by_role("link", name=re.compile("Kind of data")).click()

    expect(page.locator('[name="auth.params.dataType"]').first).to_be_focused()
