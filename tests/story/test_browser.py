"""The pages in a real browser: accessible in both colour schemes, narrow enough, and alive."""

import re
from collections.abc import Iterator
from typing import Any

import pytest
import requests
from axe_playwright_python.sync_playwright import Axe
from playwright.sync_api import Browser, BrowserContext, Page, Route, expect

from tests.story.running import Wizard, connections_of, wait_for
from tests.values.documented import DOCUMENTED, PART
from wizard.pages import sentence
from wizard.storing import AWAY

POSTS = {"method": "POST", "path": "/connections"}
SECRET = f'[name="{PART}PASSWORD"]'
# "Failed", "Unanswered" and "Good" stand for the pages of those connections.
PAGES = (
    *("/", "/connect/", "/connect/?q=zzz", *(f"/connect/{slug}/" for slug in DOCUMENTED)),
    *("/connections/", "/connections/?q=zzz", "/connections/?before=1", "/organizations/", "/people/"),
    *("/activity/", "/activity/?kind=connections", "/activity/?q=zzz"),
    *("/account/", "/account/password/", "/account/sessions/", "/sign-out/", "/no-such-page/"),
    *("/account/two-step/", "/people/invite/", "/organizations/new/", "/keys/", "/keys/sheet/"),
    *("Failed", "Unanswered", "Good"),
)


def fill(page: Page, slug: str, name: str) -> None:
    page.goto(f"/connect/{slug}/")
    page.get_by_label("Name", exact=True).fill(name)
    for field, value in DOCUMENTED[slug][0].items():
        page.locator(f'[name="{field}"]').fill(value)


def create(page: Page, slug: str, name: str) -> str:
    """The path of the page that it leads to."""
    fill(page, slug, name)
    page.get_by_role("button", name="Create connection").click()
    page.wait_for_url(re.compile(r"/connections/[0-9a-f-]{36}/"))
    return page.url.partition("/connections/")[2]


CHANGES_IN_A_SECOND = """region => new Promise((tell) => {
  let changes = 0;
  new MutationObserver((found) => (changes += found.length)).observe(region, {childList: true});
  setTimeout(() => tell(changes), 1000);
})"""


@pytest.fixture(scope="module")
def paths(wizard: Wizard, browser: Browser, signed_in_state: Any) -> dict[str, str]:
    """Name -> path of a good, a failed and an unanswered connection."""
    context = browser.new_context(storage_state=signed_in_state, base_url=wizard.url)
    page, emulator = context.new_page(), wizard.emulator()
    found = {"Good": create(page, "postgres", "Good")}
    expect(page.locator(".pill-connected")).to_be_visible(timeout=15_000)
    emulator.set_faults([{"kind": "status", "match": POSTS, "status": 400, "code": "1415-400", "times": 1}])
    found["Failed"] = create(page, "mysql", "Failed")
    expect(page.locator(".pill-failed")).to_be_visible(timeout=15_000)
    emulator.set_faults([{"kind": "lose_before", "match": POSTS, "times": 1}])
    found["Unanswered"] = create(page, "oracle", "Unanswered")
    wait_for(lambda: connections_of(wizard).get("Unanswered") == "unknown", "the unanswered create")
    context.close()
    return {name: f"/connections/{path}" for name, path in found.items()}


@pytest.fixture(params=["light", "dark"])
def narrow(request: pytest.FixtureRequest, browser: Browser, signed_in_state: Any, wizard: Wizard) -> Iterator[Page]:
    """A narrow window in either colour scheme."""
    context = browser.new_context(
        storage_state=signed_in_state,
        base_url=wizard.url,
        color_scheme=request.param,
        viewport={"width": 320, "height": 640},
    )
    yield context.new_page()
    context.close()


def problems(page: Page) -> list[str]:
    return [f"{rule['id']}: {rule['nodes'][0]['html']}" for rule in Axe().run(page).response["violations"]]


def widest(page: Page) -> int:
    return page.evaluate("document.documentElement.scrollWidth")


def test_every_page_is_accessible_and_fits_a_narrow_window(narrow: Page, paths: dict[str, str]) -> None:
    for name in PAGES:
        narrow.goto(paths.get(name, name))
        assert problems(narrow) == [], name
        assert widest(narrow) <= 320, name


def test_every_page_is_accessible_in_a_wide_window(scripted: BrowserContext, paths: dict[str, str]) -> None:
    page = scripted.new_page()
    page.set_viewport_size({"width": 1440, "height": 900})
    for name in PAGES:
        if name != "/no-such-page/":
            page.goto(paths.get(name, name))
            assert problems(page) == [], name


def test_the_pages_before_the_sign_in_are_accessible(browser: Browser, wizard: Wizard, signed_in_state: Any) -> None:
    page = browser.new_context(base_url=wizard.url).new_page()
    for path in ("/sign-in/", "/sign-up/", wizard.link):
        page.goto(path)
        assert problems(page) == [], path
    page.context.close()


def test_an_invalid_form_leads_from_the_summary_to_the_field(narrow: Page) -> None:
    narrow.goto("/connect/postgres/")
    narrow.locator("form.connect").evaluate("form => form.noValidate = true")
    narrow.locator(f'[name="{PART}SERVER"]').fill("db.example.com")
    narrow.get_by_role("button", name="Create connection").click()

    expect(narrow.get_by_role("alert")).to_be_visible()
    assert problems(narrow) == []
    expect(narrow.locator(f'[name="{PART}SERVER"]')).to_have_value("db.example.com")
    narrow.get_by_role("alert").get_by_role("link", name=re.compile("Password")).click()
    expect(narrow.locator(SECRET)).to_be_focused()
    expect(narrow.locator(SECRET)).to_have_attribute("aria-invalid", "true")


def test_nothing_typed_is_lost_while_the_server_is_away(narrow: Page) -> None:
    fill(narrow, "mysql", "Kept")
    narrow.route("**/connect/mysql/", lambda route: route.abort())
    narrow.get_by_label("Description").fill("more")
    expect(narrow.get_by_role("status")).to_contain_text("The preview could not be updated. What you typed is still")
    narrow.get_by_role("button", name="Create connection").click()
    expect(narrow.get_by_role("status")).to_contain_text("cannot take this now. What you typed is still here.")

    expect(narrow.locator(SECRET)).not_to_have_value("")
    assert problems(narrow) == []


def test_by_keyboard_alone_one_gets_from_home_to_a_connection(scripted: BrowserContext) -> None:
    page = scripted.new_page()
    page.goto("/connect/")
    page.get_by_role("searchbox").focus()
    page.keyboard.type("postgre")
    expect(page.locator('a[href="/connect/mysql/"]')).to_have_count(0)
    expect(page.locator("#announcements")).to_have_text("1 source")
    page.locator('a[href="/connect/postgres/"]').focus()
    page.keyboard.press("Enter")
    page.get_by_label("Name", exact=True).focus()
    page.keyboard.type("By keyboard")
    for value in ("db.example.com", "shop", "reader", "pw"):
        tab_to_empty_field(page)
        page.keyboard.type(value)
    page.keyboard.press("Enter")

    expect(page.locator(".pill-connected")).to_be_visible(timeout=15_000)


def tab_to_empty_field(page: Page) -> None:
    """On to the next required text field that nothing was typed into."""
    for _ in range(12):
        page.keyboard.press("Tab")
        if page.evaluate("e = document.activeElement; e.matches('input:required') && !e.value && e.type != 'radio'"):
            return
    raise AssertionError("no field left")


def test_a_status_page_shows_progress_and_then_the_outcome(scripted: BrowserContext, wizard: Wizard) -> None:
    wizard.emulator().set_faults([{"kind": "latency", "match": POSTS, "seconds": 3, "times": 1}])
    page = scripted.new_page()
    create(page, "postgres", "Slow")

    expect(page.get_by_role("progressbar")).to_be_visible()
    expect(page.locator(".pill-connected")).to_be_visible(timeout=15_000)
    expect(page.get_by_role("progressbar")).to_have_count(0)
    expect(page).to_have_title(re.compile("^Slow: Connected"))


def test_a_status_page_says_that_the_database_is_away_and_goes_on_by_itself(narrow: Page, wizard: Wizard) -> None:
    def be_away(route: Route) -> None:
        is_part = "hx-request" in route.request.headers
        route.fulfill(status=503, content_type="text/plain", body=sentence(AWAY)) if is_part else route.continue_()

    wizard.emulator().set_faults([{"kind": "latency", "match": POSTS, "seconds": 5, "times": 1}])
    create(narrow, "postgres", f"Away for a while, after {len(connections_of(wizard))} others")
    narrow.route("**/connections/*/**", be_away)
    expect(narrow.locator("#announcements")).to_contain_text("database does not answer; trying again.")
    # Though it is asked again all the time: it neither flickers, nor is it read out each time.
    assert narrow.locator("#announcements").evaluate(CHANGES_IN_A_SECOND) == 0
    narrow.unroute("**/connections/*/**")

    expect(narrow.locator(".pill-connected")).to_be_visible(timeout=15_000)
    expect(narrow.locator("#announcements")).not_to_contain_text("does not answer")


def test_a_failed_connection_is_tried_again_from_its_page(scripted: BrowserContext, paths: dict[str, str]) -> None:
    page = scripted.new_page()
    page.goto(paths["Failed"])
    page.get_by_role("link", name="Try again").click()
    expect(page.locator(f'[name="{PART}SERVER"]')).to_have_value("db.example.com")
    page.locator(SECRET).fill("another")
    page.get_by_role("button", name="Create connection").click()

    expect(page.locator(".pill-connected")).to_be_visible(timeout=15_000)
    assert page.url.endswith(paths["Failed"])


def test_a_test_runs_from_the_page(either_way: Page, paths: dict[str, str]) -> None:
    either_way.goto(paths["Good"])
    either_way.get_by_role("button", name="Test", exact=True).click()

    expect(either_way.locator(".pill-test-passed")).to_be_visible(timeout=15_000)


def test_no_page_loads_anything_from_elsewhere(scripted: BrowserContext, wizard: Wizard, paths: dict[str, str]) -> None:
    page = scripted.new_page()
    asked: list[str] = []
    page.on("request", lambda request: asked.append(request.url))
    for name in ("/", "/connect/postgres/", "Good"):
        page.goto(paths.get(name, name))

    assert [url for url in asked if not url.startswith(wizard.url)] == []


def test_static_files_are_hashed_compressed_and_kept(wizard: Wizard) -> None:
    page = requests.get(f"{wizard.url}/sign-in/", timeout=10).text
    (style,) = re.findall(r'href="(/static/wizard\.[^"]+\.css)"', page)
    answer = requests.get(wizard.url + style, headers={"Accept-Encoding": "br"}, timeout=10)

    assert re.search(r"wizard\.[0-9a-f]{12}\.css", style)
    assert answer.headers["Content-Encoding"] == "br"
    assert "immutable" in answer.headers["Cache-Control"]
