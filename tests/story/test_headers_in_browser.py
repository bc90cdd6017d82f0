"""What the browser makes of our headers: scripts run from our own tags alone, and put nothing dangerous into a page."""

import re
from typing import Any

import pytest
import requests
from playwright.sync_api import Browser, BrowserContext, Error, Page, expect

from tests.story.running import Wizard

DANGEROUS = (
    "<img src=x onerror=alert(1)>",
    "<a href='javascript:alert(1)'>x</a>",
    "<a href='  java\tscript:alert(1)'>x</a>",
    "<a href='data:text/html,<script>alert(1)</script>'>x</a>",
    "<form action='https://example.com/'><input name=a></form>",
    "<button formaction='//example.com/'>x</button>",
    "<div hx-get='https://example.com/'></div>",
    "<div data-hx-post='//example.com/'></div>",
    "<div hx-on:click='alert(1)'></div>",
    "<div data-hx-on='click: alert(1)'></div>",
    "<div hx-vars='a:alert(1)'></div>",
    "<p style='color:red'>x</p>",
    "<style>p{color:red}</style>",
    "<script>alert(1)</script>",
    "<svg><script>alert(1)</script></svg>",
    "<svg><a xlink:href='javascript:alert(1)'><text>x</text></a></svg>",
    "<svg><a><animate attributeName=href values=javascript:alert(1) /></a></svg>",
    "<iframe srcdoc='<script>alert(1)</script>'></iframe>",
    "<object data='/static/favicon.svg'></object>",
    "<embed src='/static/favicon.svg'>",
    "<base href='https://example.com/'>",
    "<link rel=stylesheet href='/static/wizard.css'>",
    "<meta http-equiv=refresh content='0;url=https://example.com/'>",
    "<template><img src=x onerror=alert(1)></template>",
    "<template><template><script>alert(1)</script></template></template>",
    "<div><template shadowrootmode=closed><img src=x onerror=alert(1)></template></div>",
    '<noscript><p title="</noscript><img src=x onerror=alert(1)>"></noscript>',
    "<a href='http://[broken'>x</a>",
)
HARMLESS = (
    "<p class=x>Words, <b>more</b>, <a href='https://example.com/a'>a link</a> & <a href='/connections/'>ours</a></p>",
    "<form method=post action='/connections/' hx-post='/connections/'><input name=a></form>",
    "<div hx-post='' hx-vals='{\"intent\":\"preview\"}'></div>",
    "<tr><td>1</td></tr>",
    "<svg viewBox='0 0 1 1'><path d='M0 0'/></svg>",
)
PUT = "markup => { document.getElementById('announcements').innerHTML = markup; return true }"


@pytest.fixture
def strange(browser: Browser, signed_in_state: Any, wizard: Wizard) -> Any:
    """Alice's browser at home, where errors on the console are expected."""
    context = browser.new_context(storage_state=signed_in_state, base_url=wizard.url)
    page = context.new_page()
    page.on("dialog", lambda dialog: pytest.fail(f"a script ran: {dialog.message}"))
    page.goto("/")
    yield page
    context.close()


@pytest.mark.parametrize("markup", DANGEROUS)
def test_no_script_puts_anything_that_runs_or_leads_elsewhere_into_a_page(strange: Page, markup: str) -> None:
    with pytest.raises(Error, match="TypeError"):
        strange.evaluate(PUT, markup)


@pytest.mark.parametrize("markup", HARMLESS)
def test_the_markup_of_our_fragments_is_let_in(strange: Page, markup: str) -> None:
    assert strange.evaluate(PUT, markup)


@pytest.mark.parametrize(
    "code",
    [
        "document.createElement('script').src = '/static/wizard.js'",
        "document.createElement('script').textContent = 'alert(1)'",
        "document.write('<p>x</p><script>alert(1)</script>')",
        "document.createElement('div').setAttribute('onclick', 'alert(1)')",
        "trustedTypes.createPolicy('another', { createHTML: x => x })",
        "trustedTypes.createPolicy('default', { createHTML: x => x })",
        "trustedTypes.createPolicy('reading', { createHTML: x => x })",
    ],
)
def test_no_script_makes_another_one_nor_a_policy_of_its_own(strange: Page, code: str) -> None:
    with pytest.raises(Error, match="TypeError"):
        strange.evaluate(f"() => {{ {code} }}")


def test_a_fragment_that_would_run_something_is_not_shown(strange: Page) -> None:
    strange.route(
        "**/connections/?q=*",
        lambda route: route.fulfill(content_type="text/html", body="<p>smuggled</p><img src=x onerror=alert(1)>"),
    )
    strange.goto("/connections/")
    with strange.expect_response("**/connections/?q=*"):
        strange.get_by_role("searchbox").fill("x")
    strange.wait_for_timeout(200)

    expect(strange.get_by_text("smuggled")).to_have_count(0)


def test_a_tag_without_the_nonce_of_its_page_loads_nothing(browser: Browser, wizard: Wizard) -> None:
    """As if somebody had found a way to put tags into a page that the server makes."""
    page = browser.new_context(base_url=wizard.url).new_page()
    page.on("dialog", lambda dialog: pytest.fail(f"a script ran: {dialog.message}"))
    smuggled = (
        "<script src='/static/smuggled.js'></script><script nonce='AAAA' src='/static/smuggled.js'></script>"
        "<script>alert(1)</script><img src=x onerror=alert(1)><svg onload=alert(1)></svg>"
        "<link rel=stylesheet href='/static/smuggled.css'><style>h1{position:fixed}</style>"
    )
    page.route("**/static/smuggled.js", lambda route: route.fulfill(content_type="text/javascript", body="alert(1)"))
    page.route(
        "**/static/smuggled.css", lambda route: route.fulfill(content_type="text/css", body="h1{position:fixed}")
    )

    def smuggle(route: Any) -> None:
        answer = route.fetch()
        route.fulfill(response=answer, body=answer.text().replace("<main", smuggled + "<main", 1))

    page.route("**/sign-in/", smuggle)
    page.goto("/sign-in/")

    assert page.locator("h1").evaluate("h1 => getComputedStyle(h1).position") == "static"
    assert page.locator("main").evaluate("main => getComputedStyle(main).gridArea") != "auto", "our own style is gone"
    page.context.close()


def test_the_browser_knows_every_header_that_we_send(browser: Browser, signed_in_state: Any, wizard: Wizard) -> None:
    context = browser.new_context(storage_state=signed_in_state, base_url=wizard.url)
    said: set[str] = set()
    # What it advises about forms is no complaint about a header.
    context.on("console", lambda line: said if line.text.startswith("[DOM]") else said.add(line.text))
    page = context.new_page()
    for path in ("/", "/connect/postgres/", "/connections/"):
        page.goto(path)
    context.close()

    assert said == set()


def test_a_text_can_still_be_copied(scripted: BrowserContext, wizard: Wizard) -> None:
    scripted.grant_permissions(["clipboard-read", "clipboard-write"], origin=wizard.url)
    page = scripted.new_page()
    page.goto("/connect/postgres/")

    assert page.evaluate("navigator.clipboard.writeText('x').then(() => true)")
    assert page.evaluate("crossOriginIsolated") is True


def test_static_files_and_what_is_no_file_are_guarded_too(wizard: Wizard) -> None:
    page = requests.get(f"{wizard.url}/sign-in/", timeout=10).text
    files = re.findall(r'(?:href|src)="(/static/[^"]+)"', page)
    assert len(files) >= 4
    for path in (*files, "/static/nothing.css", "/static/..%2f..%2fmanage.py", "/health/live"):
        answer = requests.get(wizard.url + path, timeout=10)
        assert "default-src 'none'" in answer.headers["Content-Security-Policy"], path
        assert answer.headers["Cross-Origin-Resource-Policy"] == "same-origin", path
        assert answer.headers["Cross-Origin-Opener-Policy"] == "same-origin", path
        assert answer.headers["X-Content-Type-Options"] == "nosniff", path
        assert answer.headers["Cache-Control"], path
        assert "Server" not in answer.headers or "/" not in answer.headers["Server"], path


def test_the_admin_works_without_a_script(scripted: BrowserContext) -> None:
    """A blocked script or style would be an error on the console, and fail the test."""
    page = scripted.new_page()
    page.goto("/admin/")
    page.get_by_role("link", name="Users").first.click()
    page.get_by_role("link", name="alice@example.com").click()
    expect(page.get_by_text("Date joined")).to_be_visible()
    page.get_by_role("link", name="Back to the list").click()
    page.get_by_role("link", name="Yes").first.click()
    expect(page.get_by_role("link", name="alice@example.com")).to_be_visible()
    page.get_by_role("link", name="Back to the wizard").click()
    expect(page).to_have_url(re.compile("/$"))
