"""From a connection to its dataflow in a browser: chosen, filled in, made; with JavaScript and without."""

import re
import uuid
from pathlib import Path
from typing import Any

import pytest
from axe_playwright_python.sync_playwright import Axe
from playwright.sync_api import Browser, BrowserContext, Page, expect

from tests.handing_over.plans import SCHEMA
from tests.handing_over.takers import at, run_curl, run_postman, run_python
from tests.story.running import Wizard, wait_for

CHOOSE = """
from wizard.connections.models import BaseConnection
from wizard.dataflows.models import Selection
connection = BaseConnection.objects.get(name="{name}")
columns = [{{"name": name, "type": "string", "xdm": {{"type": "string", **more}}}}
           for name, more in (("id", {{}}), ("updated_at", {{"format": "date-time"}}))]
Selection.objects.choose(
    connection, connection.created_by, object_type="table", path="sample.orders", columns=columns, options={{}}
)
"""
TAKERS = {"curl": ("sh", run_curl), "Python": ("py", run_python), "Postman": ("json", run_postman)}


@pytest.fixture
def chosen(browser: Browser, signed_in_state: Any, wizard: Wizard) -> str:
    """The address of the next steps of a connection of which columns are chosen."""
    name = f"Shop {uuid.uuid4().hex[:8]}"
    context = browser.new_context(storage_state=signed_in_state, base_url=wizard.url)
    page = context.new_page()
    page.goto("/connect/postgres/")
    page.locator("#id_auth_choice_1").check()
    page.locator("[name=name]").fill(name)
    for key, value in {"server": "db", "database": name, "username": "reader", "password": "pw"}.items():
        page.locator(f'[name="auth.params.{key}"]').fill(value)
    page.get_by_role("button", name="Create connection").last.click()
    page.wait_for_url(re.compile("/connections/"))
    expect(page.locator("#base-connection-id")).to_be_visible(timeout=30_000)
    address = f"{page.url}next-steps/"
    context.close()
    code, said = wizard.run("shell", "-c", CHOOSE.format(name=name))
    assert code == 0, said
    return address


def fill_in(page: Page) -> None:
    page.locator("[name=dataset_id]").fill("6019e0e7c5dcf718db5ebc71")
    page.locator("[name=schema_id]").fill(SCHEMA)
    page.locator("[name=schema_prefix]").fill("_shop.orders")


def test_a_dataflow_is_made(either_way: Page, wizard: Wizard, chosen: str) -> None:
    either_way.goto(chosen)
    fill_in(either_way)
    either_way.get_by_role("button", name="Create dataflow").click()
    either_way.wait_for_url(re.compile("/made/"))

    made = either_way.locator("#resource-id")
    expect(made).to_be_visible(timeout=30_000)
    flow = at(wizard.emulator(), "flows", str(made.text_content()))
    assert flow["scheduleParams"]["frequency"] == "hour"


def test_once_hides_what_it_does_not_take(either_way: Page, chosen: str) -> None:
    either_way.goto(chosen)
    expect(either_way.locator("[name=interval]")).to_be_visible()
    either_way.get_by_label("Once").check()
    for name in ("interval", "backfill", "delta_column"):
        expect(either_way.locator(f"[name={name}]")).to_be_hidden()


def test_the_requests_follow_what_is_typed_and_the_address_too(scripted: BrowserContext, chosen: str) -> None:
    page = scripted.new_page()
    page.goto(chosen)
    fill_in(page)
    expect(page.locator("#target-connection")).to_contain_text("6019e0e7c5dcf718db5ebc71")
    expect(page.locator("#mapping-set")).to_contain_text("_shop.orders.updated_at")
    expect(page).to_have_url(re.compile("dataset_id=6019e0e7c5dcf718db5ebc71"))
    page.reload()
    expect(page.locator("[name=schema_prefix]")).to_have_value("_shop.orders")


@pytest.mark.parametrize("language", sorted(TAKERS))
def test_what_is_downloaded_makes_a_dataflow(
    scripted: BrowserContext, wizard: Wizard, chosen: str, tmp_path: Path, language: str
) -> None:
    page = scripted.new_page()
    page.goto(chosen)
    fill_in(page)
    expect(page).to_have_url(re.compile("schema_prefix=_shop.orders"))
    page.get_by_role("link", name=language, exact=True).click()
    with page.expect_download() as download:
        page.get_by_role("link", name=re.compile("^Download")).click()
    ending, taken = TAKERS[language]
    assert download.value.suggested_filename.endswith(ending)
    text = Path(download.value.path()).read_text("utf-8")

    service = wizard.emulator()
    values = {"ACCESS_TOKEN": service.token}
    made = taken(text, values) if taken is run_postman else taken(text, tmp_path, values)  # type: ignore[operator]

    assert at(service, "flows", made["FLOW_ID"])["transformations"][0]["params"]["deltaColumn"]["name"] == "updated_at"


@pytest.mark.parametrize("width", [320, 1440])
def test_the_pages_are_accessible_and_fit(scripted: BrowserContext, chosen: str, width: int) -> None:
    page = scripted.new_page()
    page.set_viewport_size({"width": width, "height": 900})
    for address in (chosen, f"{chosen}?as=python"):
        page.goto(address)
        _check(page)
    fill_in(page)
    page.get_by_role("button", name="Create dataflow").click()
    page.wait_for_url(re.compile("/made/"))
    wait_for(lambda: page.locator("#resource-id").count(), "the dataflow")
    _check(page)


def _check(page: Page) -> None:
    found = Axe().run(page).response["violations"]
    assert not found, [(entry["id"], [node["html"] for node in entry["nodes"]]) for entry in found]
    assert page.evaluate("document.documentElement.scrollWidth <= document.documentElement.clientWidth")
