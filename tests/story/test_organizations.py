"""A second organization in a browser, with and without JavaScript: added, checked, its production opened by typing."""

import json
from typing import Any

from playwright.sync_api import BrowserContext, Page, expect

from tests.story.running import Wizard
from tests.story.test_browser import problems, widest


def second_practice(wizard: Wizard) -> dict[str, Any]:
    """What the local Flow Service knows beside the first organization."""
    return dict(json.loads((wizard.data_dir / "practice_organizations.json").read_text())[0])


def panel(page: Page, name: str) -> Any:
    return page.locator(".organization", has=page.get_by_role("heading", name=name, exact=True))


def add(page: Page, wizard: Wizard) -> None:
    """Nothing where the other browser has added it."""
    values = second_practice(wizard)
    page.goto("/organizations/")
    if panel(page, "Second").count():
        return
    page.get_by_role("link", name="Add an organization").click()
    page.get_by_label("Name").fill("Second")
    page.get_by_label("Organization ID").fill(values["ims_org_id"])
    page.get_by_label("API key (client ID)").fill(values["client_id"])
    page.locator("[name=client_secret]").fill("wrong at first")
    page.get_by_role("button", name="Add the organization").click()
    expect(panel(page, "Second").get_by_text("Its credentials are refused")).to_be_visible(timeout=20_000)
    page.get_by_role("link", name="Put in the present client ID and secret").click()
    page.get_by_label("Replace it").check()
    page.locator("[name=client_secret]").fill(values["client_secret"])
    page.get_by_role("button", name="Save changes").click()


def test_a_second_organization_is_added_mended_checked_and_opened(either_way: Page, wizard: Wizard) -> None:
    page = either_way
    add(page, wizard)
    panel(page, "Second").get_by_role("button", name="Check access").click()
    second = panel(page, "Second")
    expect(second.get_by_text("The credentials work.")).to_be_visible(timeout=20_000)
    expect(second.get_by_text("Production", exact=True)).to_be_visible()

    second.locator("tr", has_text="Production").get_by_role("link").click()
    if page.get_by_role("button", name="Close it").count():
        page.get_by_role("button", name="Close it").click()
    page.get_by_label("to confirm").fill("pro")
    page.get_by_role("button", name="Open the sandbox").click()
    expect(page.get_by_text("This is not its name.")).to_be_visible()
    page.get_by_label("to confirm").fill("prod")
    page.get_by_role("button", name="Open the sandbox").click()
    expect(page.get_by_text("is open: new connections can be made in it")).to_be_visible()
    page.goto("/connect/postgres/")
    expect(page.locator("#id_target option", has_text="Second / prod – production")).to_have_count(1)


def test_its_pages_are_accessible_and_fit_a_narrow_screen(scripted: BrowserContext, wizard: Wizard) -> None:
    page = scripted.new_page()
    add(page, wizard)
    page.set_viewport_size({"width": 320, "height": 800})
    page.goto("/organizations/")
    paths = [link.get_attribute("href") or "" for link in page.locator(".organization a").all()]
    for path in ("/organizations/", "/organizations/new/", *(path for path in paths if "/specs/" not in path)):
        page.goto(path)
        assert problems(page) == [], path
        assert widest(page) <= 320, path
