"""Drafts, checks, clones and twins in a real browser, with and without JavaScript."""

import re
from typing import Any

import pytest
from playwright.sync_api import BrowserContext, Page, Request, expect

from tests.conftest import CANARY
from tests.story.running import Wizard, connections_of, wait_for
from tests.story.test_browser import SECRET, fill, problems, widest
from tests.values.documented import PART

HELD = "Kept with your draft, encrypted"


def continue_button(page: Page, name: str) -> Any:
    return page.get_by_role("link", name=f"Continue {name}", exact=True)


def with_script(request: Any) -> bool:
    return str(request.node.callspec.id).startswith("with JavaScript")


def keep(page: Page, *, by_itself: bool) -> None:
    """Leaves the last field, and waits until the draft is saved; without JavaScript by its button."""
    if by_itself:
        page.locator(SECRET).blur()
    else:
        page.get_by_role("button", name="Save draft").click()
    expect(page.get_by_text(re.compile(r"Draft saved .*\d\d:\d\d:\d\d UTC")).first).to_be_visible()


def test_a_form_is_kept_gone_on_with_and_sent(either_way: Page, wizard: Wizard, request: Any) -> None:
    page, name = either_way, f"Kept {request.node.callspec.id}"
    fill(page, "postgres", name)
    page.locator(f'[name="{PART}DATABASE"]').fill("")
    page.locator(SECRET).fill(CANARY)
    keep(page, by_itself=with_script(request))
    assert connections_of(wizard)[name] == "draft"

    page.goto("/")
    continue_button(page, name).click()
    expect(page.get_by_role("heading", name="Continue: PostgreSQL")).to_be_visible()
    expect(page.get_by_text(HELD)).to_be_visible()
    expect(page.locator(SECRET)).to_have_value("")
    page.locator(f'[name="{PART}DATABASE"]').fill("shop")
    page.get_by_role("button", name="Create connection").click()

    expect(page.locator(".pill-connected")).to_be_visible(timeout=15_000)
    page.goto("/")
    expect(continue_button(page, name)).to_have_count(0)


def test_the_secrets_of_a_draft_are_asked_for_again_for_another_host(either_way: Page, request: Any) -> None:
    page, name = either_way, f"Elsewhere {request.node.callspec.id}"
    fill(page, "postgres", name)
    keep(page, by_itself=with_script(request))
    page.goto("/connect/")
    continue_button(page, name).click()
    page.locator(f'[name="{PART}SERVER"]').fill("evil.example.com")
    page.get_by_role("button", name="Create connection").click()

    expect(page.get_by_role("alert")).to_contain_text("leads to another place")
    expect(page.get_by_text(HELD)).to_have_count(0)
    assert not with_script(request) or problems(page) == []


def test_a_draft_is_discarded(either_way: Page, wizard: Wizard, request: Any) -> None:
    page, name = either_way, f"Discarded {request.node.callspec.id}"
    fill(page, "postgres", name)
    keep(page, by_itself=with_script(request))
    page.goto("/connect/")
    page.get_by_role("button", name=f"Discard {name}", exact=True).click()

    expect(page.get_by_text("The draft is discarded")).to_be_visible()
    assert name not in connections_of(wizard)


def test_a_check_climbs_its_ladder_and_creates_nothing(either_way: Page, wizard: Wizard, request: Any) -> None:
    page, name = either_way, f"Checked {request.node.callspec.id}"
    fill(page, "postgres", name)
    page.locator(SECRET).fill(CANARY)
    page.get_by_role("button", name="Check only").click()
    if not with_script(request):
        wait_for(lambda: "Checked" in page.locator("#check").inner_text() or (page.reload() and None), "the check")
    expect(page.locator("#check")).to_contain_text("Nothing stands in the way", timeout=15_000)

    expect(page.locator(".rung-passed")).to_have_count(4)
    assert connections_of(wizard)[name] == "draft"
    assert name not in wizard.emulator().names()
    assert not with_script(request) or problems(page) == []
    page.get_by_role("button", name="Create connection").click()
    expect(page.locator(".pill-connected")).to_be_visible(timeout=15_000)


def test_a_check_says_what_is_missing(scripted: BrowserContext) -> None:
    page = scripted.new_page()
    page.goto("/connect/postgres/")
    page.get_by_role("button", name="Check only").click()

    expect(page.locator(".rung-failed")).to_contain_text("Still to be filled in: Name, Host", timeout=15_000)
    expect(page.locator("#announcements")).to_contain_text("The check came to an end")
    for scheme in ("light", "dark"):
        page.emulate_media(color_scheme=scheme)
        assert problems(page) == []


def test_a_twin_is_pointed_out_opened_and_cloned(either_way: Page, request: Any) -> None:
    page, name = either_way, f"Twin {request.node.callspec.id}"
    host = f"{'a' if with_script(request) else 'b'}.twins.example.com"
    fill(page, "postgres", name)
    page.locator(f'[name="{PART}SERVER"]').fill(host)
    page.get_by_role("button", name="Create connection").click()
    expect(page.locator(".pill-connected")).to_be_visible(timeout=15_000)

    fill(page, "postgres", f"Second {name}")
    page.locator(f'[name="{PART}SERVER"]').fill(host)
    if not with_script(request):
        page.get_by_role("button", name="Save draft").click()
    expect(page.locator("#alike")).to_contain_text(f"{name} (Connected)")
    page.locator("#alike").get_by_role("link", name="Clone it").click()
    expect(page.get_by_label("Name", exact=True)).to_have_value(f"{name} (copy)")
    expect(page.locator(f'[name="{PART}SERVER"]')).to_have_value(host)
    page.locator(SECRET).fill("pw")
    page.get_by_role("button", name="Create connection").click()
    expect(page.locator(".pill-connected")).to_be_visible(timeout=15_000)


def test_what_was_typed_last_is_kept_when_the_page_is_left(scripted: BrowserContext, wizard: Wizard) -> None:
    page = scripted.new_page()
    page.goto("/connect/mysql/")
    page.get_by_label("Name", exact=True).press_sequentially("Left at once")
    page.goto("/people/")

    assert wait_for(lambda: connections_of(wizard).get("Left at once"), "the draft") == "draft"


def test_a_reload_goes_on_with_the_draft(scripted: BrowserContext) -> None:
    page = scripted.new_page()
    fill(page, "postgres", "Reloaded")
    keep(page, by_itself=True)
    page.reload()

    expect(page.get_by_role("heading", name="Continue: PostgreSQL")).to_be_visible()
    expect(page.get_by_label("Name", exact=True)).to_have_value("Reloaded")


def test_it_is_said_once_that_a_draft_is_kept_and_nothing_is_saved_at_every_key(scripted: BrowserContext) -> None:
    page, saves = scripted.new_page(), list[str]()

    def count(request: Request) -> None:
        if 'name="intent"\r\n\r\ndraft' in (request.post_data or ""):
            saves.append(request.url)

    page.on("request", count)
    page.goto("/connect/mysql/")
    name = page.get_by_label("Name", exact=True)
    name.press_sequentially("Typed slowly", delay=150)
    assert saves == []
    name.blur()
    expect(page.locator("#announcements")).to_have_text("What you type is kept as a draft")
    page.locator("#announcements").evaluate("region => region.textContent = ''")
    name.fill("Typed again")
    name.blur()
    expect(page.locator("#draft")).to_contain_text("Draft saved")
    page.wait_for_timeout(1500)
    expect(page.locator("#announcements")).to_have_text("")
    assert len(saves) == 2


def test_the_form_of_a_draft_fits_a_narrow_window(either_way: Page, request: Any) -> None:
    page = either_way
    page.set_viewport_size({"width": 320, "height": 640})
    fill(page, "postgres", "W" * 200)
    keep(page, by_itself=with_script(request))
    for path in ("/", "/connect/", page.url):
        page.goto(path)
        assert widest(page) == 320, path
        assert not with_script(request) or problems(page) == [], path
    page.get_by_role("button", name="Discard draft").click()
    expect(page.get_by_text("The draft is discarded")).to_be_visible()


@pytest.mark.parametrize("either_way", [True], indirect=True)
def test_a_draft_that_cannot_be_saved_says_so_and_loses_nothing(either_way: Page) -> None:
    page = either_way
    page.goto("/connect/mysql/")
    page.route(
        "**/connect/mysql/", lambda route: route.abort() if route.request.method == "POST" else route.continue_()
    )
    page.get_by_label("Name", exact=True).fill("Not saved")
    page.get_by_label("Name", exact=True).blur()

    expect(page.locator("#announcements")).to_contain_text(
        "The draft could not be saved. What you typed is still here."
    )
