"""Two people in two browsers: one asks in a sandbox that demands approval, the other one decides."""

import re
import sqlite3
from collections.abc import Callable, Iterator
from contextlib import closing
from typing import Any
from uuid import uuid4

import pytest
from playwright.sync_api import Browser, BrowserContext, Page, expect

from tests.start.running import PASSWORD
from tests.story.running import Wizard, connections_of, wait_for
from tests.story.test_browser import fill, problems, widest

BOB = "bob@example.com"
Open = Callable[..., tuple[Page, Page]]


@pytest.fixture(scope="module")
def bobs_state(wizard: Wizard, browser: Browser, signed_in_state: Any) -> Any:
    """Alice invites bob as an admin of the organization; he follows the link, sets a password, and is signed in."""
    alice = browser.new_context(storage_state=signed_in_state, base_url=wizard.url)
    page = alice.new_page()
    page.goto("/people/invite/")
    page.get_by_label("E-mail").fill(BOB)
    page.get_by_role("radio", name=re.compile("Admin")).check()
    page.locator("main button[type=submit]").click()
    link = page.locator("#invitation-link").inner_text()
    alice.close()
    context = browser.new_context()
    page = context.new_page()
    page.goto(link)
    for field in page.locator("input[type=password]").all():
        field.fill(PASSWORD)
    page.get_by_role("button", name="Make account").click()
    page.wait_for_url(wizard.url + "/")
    state = context.storage_state()
    context.close()
    return state


def demand(wizard: Wizard, *, approval: bool) -> None:
    with closing(sqlite3.connect(wizard.data_dir / "wizard.sqlite3", timeout=20)) as database, database:
        database.execute("update organizations_sandbox set needs_approval = ?", [approval])


@pytest.fixture
def strict(wizard: Wizard) -> Iterator[None]:
    """Every sandbox demands approval, as long as the test lasts."""
    demand(wizard, approval=True)
    yield
    demand(wizard, approval=False)


@pytest.fixture
def both(
    browser: Browser, signed_in_state: Any, bobs_state: Any, wizard: Wizard, strict: None
) -> Iterator[Callable[..., tuple[Page, Page]]]:
    """A page of alice's and one of bob's; keyword arguments are the browsers' own."""
    opened: list[BrowserContext] = []

    def another(state: Any, options: dict[str, Any]) -> Page:
        context = browser.new_context(storage_state=state, base_url=wizard.url, **options)
        context.set_default_timeout(15_000)
        opened.append(context)
        return context.new_page()

    yield lambda **options: (another(signed_in_state, options), another(bobs_state, options))
    for context in opened:
        context.close()


def ask(page: Page) -> str:
    """The name of a connection that the page's person has asked for."""
    name = f"Asked {uuid4()}"
    fill(page, "postgres", name)
    expect(page.get_by_text("Nothing is sent before another person approves it")).to_be_visible()
    page.get_by_role("button", name="Create connection").click()
    expect(page.get_by_role("heading", name="You wait for another person’s approval")).to_be_visible()
    return name


@pytest.mark.parametrize("scripts", [True, False], ids=["with JavaScript", "without JavaScript"])
def test_a_create_and_its_delete_wait_for_the_other_person(both: Open, wizard: Wizard, scripts: bool) -> None:
    alice, bob = both(java_script_enabled=scripts)
    name = ask(bob)
    assert name not in wizard.emulator().names()
    expect(bob.get_by_role("button", name="Approve")).to_have_count(0)

    alice.goto("/")
    alice.get_by_label("Waits for your approval").get_by_role("link", name=name).click()
    expect(alice.get_by_text(f"Create “{name}”")).to_be_visible()
    alice.get_by_role("button", name="Approve").click()
    wait_for(lambda: connections_of(wizard).get(name) == "connected", "the connection")
    assert wizard.emulator().names().count(name) == 1

    # What the worker does to it afterwards is over when Adobe's state is known.
    alice.reload()
    expect(alice.get_by_text("Enabled", exact=True)).to_be_visible()
    alice.get_by_role("link", name="Delete").click()
    expect(alice.get_by_text("Nothing is deleted before another person approves it")).to_be_visible()
    alice.get_by_label(re.compile("to confirm")).fill(name)
    alice.get_by_role("button", name="Delete the connection").click()
    expect(alice.get_by_role("heading", name="You wait for another person’s approval")).to_be_visible()
    bob.goto(alice.url)
    bob.get_by_role("button", name="Approve the delete").click()
    wait_for(lambda: connections_of(wizard).get(name) == "deleted", "the end of the connection")


def test_what_is_rejected_is_corrected_and_asked_for_again(both: Open, wizard: Wizard) -> None:
    alice, bob = both()
    name = ask(bob)
    alice.goto(bob.url)
    alice.get_by_role("link", name="Reject").click()
    alice.get_by_label("Reason").fill("Use the read-only user.")
    alice.get_by_role("button", name="Reject", exact=True).click()
    expect(alice.locator(".outcome-words .pill-failed")).to_be_visible()
    bob.reload()
    expect(bob.get_by_text("Use the read-only user.").first).to_be_visible()
    bob.get_by_role("link", name="Try again").click()
    bob.locator("input[type=password]").first.fill("typed again")
    bob.get_by_role("button", name="Create connection").last.click()
    expect(bob.get_by_role("heading", name="You wait for another person’s approval")).to_be_visible()
    bob.get_by_role("button", name="Withdraw").click()
    expect(bob.get_by_text(f"Withdrawn by {BOB}.").first).to_be_visible()

    assert name not in wizard.emulator().names()


def test_who_comes_second_reads_who_was_faster(both: Open) -> None:
    alice, bob = both()
    ask(bob)
    second = alice.context.new_page()
    for page in (alice, second):
        page.goto(bob.url)
    alice.get_by_role("button", name="Approve").click()
    second.get_by_role("button", name="Approve").click()

    expect(second.get_by_role("alert")).to_contain_text("has approved this already")


def test_the_page_that_is_open_follows_the_decision_by_itself(both: Open) -> None:
    alice, bob = both()
    ask(bob)
    alice.goto(bob.url)
    alice.get_by_role("button", name="Approve").click()

    expect(bob.locator(".outcome-words .pill-connected")).to_be_visible(timeout=40_000)


@pytest.mark.parametrize("scheme", ["light", "dark"])
def test_the_pages_of_an_approval_are_accessible_and_fit_a_narrow_window(both: Open, scheme: str) -> None:
    alice, bob = both(color_scheme=scheme, viewport={"width": 320, "height": 640})
    name = ask(bob)
    alice.goto(bob.url)
    for page in (alice, bob):
        assert (problems(page), widest(page)) == ([], 320)
        page.goto("/")
        expect(page.get_by_role("link", name=name).first).to_be_visible()
        assert (problems(page), widest(page)) == ([], 320)
        page.goto("/connect/postgres/")
        assert (problems(page), widest(page)) == ([], 320)
        page.goto("/connections/?status=approval")
        assert (problems(page), widest(page)) == ([], 320)
    alice.get_by_role("link", name=name).click()
    alice.get_by_role("link", name="Reject").click()
    assert (problems(alice), widest(alice)) == ([], 320)
