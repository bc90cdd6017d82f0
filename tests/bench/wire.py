"""What a browser that has nothing yet fetches for a page."""

from dataclasses import dataclass, field
from typing import Any

from playwright.sync_api import Browser

ICON = "/favicon."
MOST_BYTES, MOST_REQUESTS = 60_000, 6


@dataclass
class Wire:
    """Bytes are those on the wire, headers and all; a redirect is a request of its own."""

    asked: list[str] = field(default_factory=list)
    bytes: int = 0
    under_way: set[str] = field(default_factory=set)

    @property
    def requests(self) -> int:
        return len(self.asked)

    @property
    def is_whole(self) -> bool:
        """The icon is what a browser asks for last."""
        return not self.under_way and any(ICON in url for url in self.asked)

    def ask(self, event: dict[str, Any]) -> None:
        self.asked.append(event["request"]["url"])
        self.under_way.add(event["requestId"])
        self.bytes += int(event.get("redirectResponse", {}).get("encodedDataLength", 0))

    def end(self, event: dict[str, Any]) -> None:
        self.under_way.discard(event["requestId"])
        self.bytes += int(event.get("encodedDataLength", 0))


def fetched(browser: Browser, cookies: list[Any], url: str, patience: int = 100) -> Wire:
    """With nothing but these cookies. Raises AssertionError where the page never comes to rest."""
    context = browser.new_context()
    context.add_cookies(cookies)
    page, wire = context.new_page(), Wire()
    session = context.new_cdp_session(page)
    session.send("Network.enable")
    session.on("Network.requestWillBeSent", wire.ask)
    for name in ("loadingFinished", "loadingFailed"):
        session.on(f"Network.{name}", wire.end)
    page.goto(url, wait_until="networkidle")
    while not wire.is_whole and patience:
        patience -= 1
        page.wait_for_timeout(100)
    context.close()
    assert wire.is_whole, f"{url} is not at rest: {wire}"
    return wire
