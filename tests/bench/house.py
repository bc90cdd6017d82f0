"""The wizard as `manage.py start` runs it, on a Flow Service in this process, and somebody signed in."""

from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from tempfile import TemporaryDirectory

import requests

from tests.emulator.running import Emulator, running_emulator
from tests.start.running import House, post_form, sign_in_first
from tests.story.running import wait_for

PREFIX = "auth.params.connectionString."
PARTS = {"SERVER": "db.example.com", "PORT": "5432", "DATABASE": "shop", "USERNAME": "reader", "PASSWORD": "secret"}


class Visitor:
    """Somebody signed in at the wizard, and what they have connected."""

    def __init__(self, url: str, browser: requests.Session, emulator: Emulator) -> None:
        self.url, self.browser, self.emulator = url, browser, emulator

    def get(self, path: str, **query: str) -> requests.Response:
        answer = self.browser.get(self.url + path, params=query, timeout=60)
        answer.raise_for_status()
        return answer

    def connect(self, name: str) -> str:
        """The path of the page of a connection that is made, and followed to its end."""
        target = self.get("/connect/postgres/").text.split('<option value="')[1].partition('"')[0]
        fields = {"intent": "create", "name": name, "target": target, "auth.specName": "connection-string"}
        fields |= {PREFIX + key: value for key, value in PARTS.items()}
        answer = post_form(self.browser, f"{self.url}/connect/postgres/", fields)
        path = answer.url.removeprefix(self.url).partition("?")[0]
        wait_for(lambda: "pill-connected" in self.get(path).text, f"{name} to be connected")
        return path


@contextmanager
def visited() -> Iterator[Visitor]:
    """State of its own, gone at the end."""
    with TemporaryDirectory() as directory, running_emulator(Path(directory)) as emulator:
        house = house_at(Path(directory) / "wizard", emulator)
        with house.started() as started, requests.Session() as browser:
            # As a browser: to whom does not say it, pages go uncompressed.
            browser.headers["Sec-Fetch-Site"] = "same-origin"
            sign_in_first(browser, started.url)
            yield Visitor(f"http://127.0.0.1:{house.port}", browser, emulator)


def house_at(data_dir: Path, emulator: Emulator, **more: str) -> House:
    """One that works for the first organization of that Flow Service."""
    settings = {
        "FLOW_SERVICE_URL": emulator.flow_service_url,
        "SANDBOX_MANAGEMENT_URL": emulator.sandbox_management_url,
        "IMS_URL": emulator.ims_url,
        "IMS_ORG_ID": emulator.org,
        "IMS_CLIENT_ID": emulator.client_id,
        "IMS_CLIENT_SECRET": emulator.client_secret,
        "SANDBOX_NAME": emulator.sandbox,
    }
    return House(data_dir, **settings, **more)
