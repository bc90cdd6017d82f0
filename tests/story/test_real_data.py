"""From the form to the rows of a real database, in a real browser: practice with LIVE."""

from collections.abc import Iterator
from typing import Any

import pytest
from playwright.sync_api import Browser, BrowserContext, Page, expect

from tests.emulator.live.servers import PASSWORD, POSTGRES, Database, a_mariadb, a_postgres
from tests.start.running import EMAIL
from tests.start.running import PASSWORD as OWN_PASSWORD
from tests.story.running import Wizard, running

SHOP = ("CREATE TABLE orders (id INT, placed_at TIMESTAMP, note TEXT)",)
ROW = "INSERT INTO orders VALUES (4711, '2026-01-31 08:00:00', '<b>Gr\u00f6\u00dfe</b>')"


@pytest.fixture(scope="module")
def databases() -> Iterator[dict[str, Database]]:
    with a_postgres() as postgres, a_mariadb() as mariadb:
        for database in (postgres, mariadb):
            database.run(*SHOP, ROW, database="shop")
        postgres.run("GRANT SELECT ON orders TO ann", database="shop")
        yield {"postgres": postgres, "mariadb": mariadb}


@pytest.fixture(scope="module")
def live_page(tmp_path_factory: pytest.TempPathFactory, browser: Browser) -> Iterator[Page]:
    """Alice's, signed in at a wizard of its own."""
    with running(Wizard(tmp_path_factory.mktemp("live"), LIVE="true")) as wizard:
        context: BrowserContext = browser.new_context(base_url=wizard.url)
        context.set_default_timeout(15_000)
        page = context.new_page()
        page.goto(wizard.link)
        page.locator("[name=email]").fill(EMAIL)
        for field in page.locator("input[type=password]").all():
            field.fill(OWN_PASSWORD)
        page.locator("main button[type=submit]").click()
        page.wait_for_url(wizard.url + "/")
        yield page
        context.close()


def connect(page: Page, slug: str, database: Database, name: str, password: str) -> None:
    host = "SERVER" if database.spec_id == POSTGRES else "HOST"
    parts = {host: database.host, "PORT": str(database.port), "DATABASE": "shop", "USERNAME": "ann"}
    page.goto(f"/connect/{slug}/")
    page.locator("[name=name]").fill(name)
    for part, value in (parts | {"PASSWORD": password}).items():
        page.locator(f'[name="auth.params.connectionString.{part}"]').fill(value)
    page.get_by_role("button", name="Create connection").last.click()
    expect(page.locator(".pill-connected")).to_be_visible(timeout=15_000)


@pytest.mark.parametrize("slug", ["postgres", "mariadb"])
def test_one_comes_from_the_form_to_the_rows(live_page: Page, databases: dict[str, Any], slug: str) -> None:
    page = live_page
    connect(page, slug, databases[slug], f"Shop in {slug}", PASSWORD)
    expect(page.get_by_text("connect to real databases")).to_be_visible()

    page.goto(page.url.partition("?")[0].rstrip("/") + "/explore/")
    page.get_by_role("link", name="orders", exact=True).click()
    expect(page.get_by_role("heading", name="3 columns")).to_be_visible()
    expect(page.get_by_text("timestamp").first).to_be_visible()
    page.get_by_role("link", name="Show first rows").click()
    expect(page.get_by_role("region", name="First rows")).to_contain_text("<b>Größe</b>")
    expect(page.get_by_role("region", name="First rows")).to_contain_text("4711")


@pytest.mark.parametrize("slug", ["postgres", "mariadb"])
def test_a_wrong_password_is_told_with_what_to_do(live_page: Page, databases: dict[str, Any], slug: str) -> None:
    page = live_page
    connect(page, slug, databases[slug], f"Wrong in {slug}", "not the one")
    page.locator("#test").click()
    expect(page.get_by_text("The database refused the user name or the password").first).to_be_visible(timeout=15_000)
    expect(page.get_by_text("type user name and password again").first).to_be_visible()
    assert "not the one" not in page.content()
