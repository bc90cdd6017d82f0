"""A source that no file of ours describes, from the organization's own catalog to a connection."""

from typing import Any

import pytest
from playwright.sync_api import Browser, Page, expect

from tests.catalog.specs import ID, live_spec, way
from tests.story.running import Wizard
from tests.story.test_browser import problems, widest
from wizard.catalog.loader import load_catalog
from wizard.emulator.journal import digest

SPEC = live_spec(
    way(
        "Acme Key Authentication",
        required=("endpoint", "apiKey", "mode"),
        endpoint={"type": "string", "description": "Address of the warehouse"},
        apiKey={"type": "string", "format": "password"},
        port={"type": "integer", "minimum": 1},
        mode={"type": "string", "enum": ["fast", "safe"]},
        tags={"type": "array", "items": {"type": "string"}},
        proxy={"type": "object", "properties": {"host": {"type": "string"}, "secure": {"type": "boolean"}}},
        novelty={"type": "hologram", "description": "A type that nobody knows yet"},
    )
)


@pytest.fixture
def planted(wizard: Wizard, either_way: Page) -> Any:
    """The Flow Service lists it, and alice has had the catalog read."""
    wizard.emulator().set_specs([SPEC])
    either_way.goto("/organizations/")
    either_way.get_by_role("button", name="Read the catalog").click()
    number = len({spec.id for spec in load_catalog().specs if spec.id}) + 1
    expect(either_way.get_by_text(f"{number} sources in this organization’s catalog")).to_be_visible(timeout=20_000)
    yield
    wizard.emulator().reset_specs()


def test_it_is_chosen_filled_in_and_connected(either_way: Page, wizard: Wizard, planted: None, request: Any) -> None:
    page, name = either_way, f"Acme {request.node.callspec.id}"
    page.goto("/connect/?q=acme")
    page.get_by_role("link", name="Acme Warehouse", exact=True).click()
    page.get_by_label("Name", exact=True).fill(name)
    page.get_by_label("endpoint").fill("acme.example.com")
    page.get_by_label("apiKey").fill("s3cret")
    page.get_by_label("safe").check()
    page.get_by_text("More options").click()
    page.get_by_label("port").fill("7000")
    page.get_by_label("tags").fill("one\ntwo")
    page.get_by_label("Yes").check()
    page.get_by_label("novelty").fill("plain text")
    page.get_by_role("button", name="Create connection").click()

    expect(page.locator(".pill-connected")).to_be_visible(timeout=20_000)
    (sent,) = (entry for entry in wizard.emulator().requests("POST", "/connections") if entry["body"]["name"] == name)
    assert sent["body"]["connectionSpec"] == {"id": ID, "version": "1.0"}
    assert sent["body"]["auth"] == {
        "specName": "Acme Key Authentication",
        "params": {
            "endpoint": "acme.example.com",
            "apiKey": digest("s3cret"),
            "port": 7000,
            "mode": "safe",
            "tags": ["one", "two"],
            "proxy": {"secure": True},
            "novelty": "plain text",
        },
    }


def test_its_form_and_the_report_are_accessible(
    wizard: Wizard, browser: Browser, signed_in_state: Any, either_way: Page, planted: None
) -> None:
    narrow = {"width": 320, "height": 640}
    page = browser.new_page(base_url=wizard.url, storage_state=signed_in_state, viewport=narrow)
    for path in (f"/connect/{ID}/", "/connect/?q=acme"):
        page.goto(path)
        assert problems(page) == [], path
        assert widest(page) <= 320, path
    page.goto("/organizations/")
    page.get_by_role("link", name="Compare it with our files").click()
    expect(page.get_by_role("heading", name="Only in the catalog")).to_be_visible()
    assert problems(page) == []
    assert widest(page) <= 320
    page.close()
