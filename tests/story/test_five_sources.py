"""The main job: each of the five sources in a real browser, with and without JavaScript, from form to history."""

import re

import pytest
from playwright.sync_api import Page, expect

from tests.story.running import Wizard
from tests.values.documented import DOCUMENTED
from tests.values.test_wire import sealed


@pytest.mark.parametrize("slug", DOCUMENTED)
def test_a_form_becomes_a_connection(either_way: Page, wizard: Wizard, slug: str, request):
    page = either_way
    typed, body = DOCUMENTED[slug]
    name = f"{body['name']} {request.node.callspec.id}"
    page.goto("/connect/")
    page.locator(f'a[href="/connect/{slug}/"]').click()
    page.get_by_label("Name", exact=True).fill(name)
    for field, value in typed.items():
        page.locator(f'[name="{field}"]').fill(value)
    page.get_by_role("button", name="Create connection").click()

    expect(page.locator(".pill-connected")).to_be_visible(timeout=15_000)
    remote_id = page.locator("#base-connection-id").inner_text()
    etag = page.locator("#etag").inner_text()
    remote = wizard.emulator().call("GET", f"/connections/{remote_id}").json()["items"][0]
    assert (remote["name"], remote["etag"]) == (name, etag)
    sent = [entry["body"] for entry in wizard.emulator().requests("POST", "/connections")]
    assert [entry for entry in sent if entry["name"] == name] == [{**sealed(body), "name": name}]

    page.goto("/connections/")
    row = page.get_by_role("row", name=re.compile(re.escape(name)))
    expect(row).to_contain_text(remote_id)
    expect(row).to_contain_text(etag)
