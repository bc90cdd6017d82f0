"""One started wizard for all browser tests, alice signed in, and Chromium."""

from collections.abc import Iterator
from typing import Any

import pytest
import requests
from playwright.sync_api import Browser, BrowserContext, Page

from tests.browser import ARGUMENTS, chromium_path
from tests.start.running import EMAIL, PASSWORD, sign_in_first
from tests.story.running import Wizard, running


@pytest.fixture(scope="session")
def browser_type_launch_args(browser_type_launch_args: dict[str, Any]) -> dict[str, Any]:
    return {**browser_type_launch_args, "args": ARGUMENTS, "executable_path": chromium_path()}


@pytest.fixture(scope="session")
def wizard(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Wizard]:
    with running(Wizard(tmp_path_factory.mktemp("wizard"))) as wizard:
        yield wizard


@pytest.fixture(scope="module")
def visitor(wizard: Wizard) -> requests.Session:
    """A client of a module's own wizard, which has followed the printed link and set a password."""
    session = requests.Session()
    sign_in_first(session, wizard.link)
    return session


@pytest.fixture(scope="session")
def signed_in_state(wizard: Wizard, browser: Browser) -> Any:
    """Alice follows the printed link, sets a password, and is signed in."""
    context = browser.new_context()
    page = context.new_page()
    page.goto(wizard.link)
    page.locator("[name=email]").fill(EMAIL)
    for field in page.locator("input[type=password]").all():
        field.fill(PASSWORD)
    page.locator("main button[type=submit]").click()
    page.wait_for_url(wizard.url + "/")
    state = context.storage_state()
    context.close()
    return state


@pytest.fixture(params=[True, False], ids=["with JavaScript", "without JavaScript"])
def either_way(
    request: pytest.FixtureRequest, browser: Browser, signed_in_state: Any, wizard: Wizard
) -> Iterator[Page]:
    """Alice's browser, once with and once without JavaScript."""
    context = browser.new_context(storage_state=signed_in_state, base_url=wizard.url, java_script_enabled=request.param)
    context.set_default_timeout(15_000)
    yield context.new_page()
    context.close()


@pytest.fixture
def scripted(browser: Browser, signed_in_state: Any, wizard: Wizard) -> Iterator[BrowserContext]:
    """Alice's browser with JavaScript; a script error or a blocked resource fails the test."""
    context = browser.new_context(storage_state=signed_in_state, base_url=wizard.url)
    context.set_default_timeout(15_000)
    troubles: list[str] = []
    context.on("weberror", lambda error: troubles.append(str(error.error)))
    context.on("console", lambda line: troubles.append(line.text) if line.type == "error" else None)
    yield context
    context.close()
    assert troubles == []
