"""One source of each category in a real browser: its own kind of fields, filled in and connected."""

import pytest
from playwright.sync_api import BrowserContext, Page, expect

from tests.catalog.documented_ways import WAYS, DocumentedWay
from tests.connecting.test_every_way import PREFIX, documented_body
from tests.story.running import Wizard
from wizard.catalog.loader import load_catalog

# Databases: a key file; cloud storage: numbers; CRM: yes or no; protocols: a group of fields; streaming: choices.
CHOSEN = (
    *("snowflake/key-pair-encrypted", "sftp/ssh-key", "salesforce/oauth-client", "generic-rest/oauth"),
    *("http-api/authenticated", "zendesk", "mailchimp-campaign", "sap-commerce", "stripe", "google-ads", "mixpanel"),
    *("onetrust", "capillary"),
)
TRIED = [next(way for way in WAYS if way.id.startswith(chosen)) for chosen in CHOSEN]


def test_each_category_is_tried():
    specs = {spec.slug: spec.category for spec in load_catalog().specs if spec.auth_specs}

    assert {specs[way.source] for way in TRIED} == set(specs.values())


@pytest.mark.parametrize("way", TRIED, ids=lambda way: way.id)
def test_a_form_of_each_category_becomes_a_connection(scripted: BrowserContext, wizard: Wizard, way: DocumentedWay):
    page = scripted.new_page()
    page.goto(f"/connect/{way.source}/")
    name = documented_body(way)["name"]
    page.get_by_label("Name", exact=True).fill(name)
    choose_way(page, way)
    for field, value in way.fields.items():
        fill_in(page, PREFIX + field, value)
    page.get_by_role("button", name="Create connection").click()

    expect(page.locator(".pill-connected")).to_be_visible(timeout=15_000)
    sent = [entry["body"] for entry in wizard.emulator().requests("POST", "/connections")]
    assert [body for body in sent if body["name"] == name] == [documented_body(way)]


def choose_way(page: Page, way: DocumentedWay) -> None:
    choice = page.locator(f'[name="auth.specName"][value="{way.key}"]')
    if choice.count() and not choice.is_checked():
        with page.expect_response(lambda answer: answer.request.method == "POST"):
            choice.check()
        expect(page.locator(f'[name="shown.specName"][value="{way.key}"]')).to_have_count(1)


def fill_in(page: Page, name: str, value: str) -> None:
    field = page.locator(f'[name="{name}"]')
    if not field.first.is_visible():
        page.locator("details.more summary").click()
    kind = field.first.evaluate("field => field.type")
    if kind == "radio":
        page.locator(f'[name="{name}"][value="{value}"]').check()
    elif kind == "select-one":
        field.select_option(value)
    else:
        field.fill(value)
