"""The wizard as `manage.py start` runs it, on a Flow Service in this process, and somebody signed in."""

import sqlite3
from collections import deque
from collections.abc import Iterator
from contextlib import closing, contextmanager
from pathlib import Path
from tempfile import TemporaryDirectory
from threading import Thread
from typing import Any

import requests

from tests.emulator.running import Emulator, running_emulator, running_process
from tests.start.running import House, Started, sign_in_first
from tests.story.running import wait_for

# To whom does not say it, pages go uncompressed.
AS_A_BROWSER = {"Sec-Fetch-Site": "same-origin"}
PREFIX = "auth.params.connectionString."
HIDDEN = ("csrfmiddlewaretoken", "submission_id")
PARTS = {"SERVER": "db.example.com", "PORT": "5432", "DATABASE": "shop", "USERNAME": "reader", "PASSWORD": "secret"}


class Visitor:
    """Somebody signed in at the wizard, and what they have connected."""

    def __init__(self, house: House, started: Started, browser: requests.Session, emulator: Emulator) -> None:
        self.house, self.started, self.browser, self.emulator = house, started, browser, emulator
        self.url = f"http://127.0.0.1:{house.port}"

    def get(self, path: str, *, is_htmx: bool = False, **query: str) -> requests.Response:
        headers = {"HX-Request": "true"} if is_htmx else {}
        answer = self.browser.get(self.url + path, params=query, headers=headers, timeout=60)
        answer.raise_for_status()
        return answer

    def form(self, name: str) -> dict[str, str]:
        """What the page of a new connection sends, once."""
        page = self.get("/connect/postgres/").text
        fields = {"intent": "create", "name": name, "target": page.split('<option value="')[1].partition('"')[0]}
        fields |= {key: page.split(f'name="{key}" value="')[1].partition('"')[0] for key in HIDDEN}
        fields["auth.specName"] = "connection-string"
        return fields | {PREFIX + key: value for key, value in PARTS.items()}

    def post(self, fields: dict[str, str]) -> str:
        """Where the answer to that form leads: the page of the connection."""
        answer = self.browser.post(f"{self.url}/connect/postgres/", fields, timeout=60, allow_redirects=False)
        assert answer.status_code == 302, answer.text
        return answer.headers["Location"]

    def rows(self, query: str) -> list[tuple[Any, ...]]:
        """From the database itself."""
        with closing(sqlite3.connect(self.house.data_dir / "wizard.sqlite3", timeout=2)) as database:
            return database.execute(query).fetchall()

    def connect(self, name: str) -> str:
        """The path of the page of a connection that is made, and followed to its end."""
        path = self.post(self.form(name))
        wait_for(lambda: "pill-connected" in self.get(path).text, f"{name} to be connected")
        return path


@contextmanager
def visited(*, is_apart: bool = False, **settings: str) -> Iterator[Visitor]:
    """State of its own, gone at the end. `is_apart`: the Flow Service is a process of its own, as of `make run`."""
    with TemporaryDirectory() as directory, _emulated(Path(directory), is_apart=is_apart) as emulator:
        house = house_at(Path(directory) / "wizard", emulator, **settings)
        with house.started() as started, requests.Session() as browser:
            browser.headers.update(AS_A_BROWSER)
            sign_in_first(browser, started.url)
            yield Visitor(house, started, browser, emulator)


def house_at(data_dir: Path, emulator: Emulator, **more: str) -> House:
    """One that works for the first organization of that Flow Service."""
    return House(data_dir, **elsewhere(emulator), **more)


def elsewhere(emulator: Emulator) -> dict[str, str]:
    """The settings that lead there."""
    return {
        "FLOW_SERVICE_URL": emulator.flow_service_url,
        "SANDBOX_MANAGEMENT_URL": emulator.sandbox_management_url,
        "IMS_URL": emulator.ims_url,
        "IMS_ORG_ID": emulator.org,
        "IMS_CLIENT_ID": emulator.client_id,
        "IMS_CLIENT_SECRET": emulator.client_secret,
        "SANDBOX_NAME": emulator.sandbox,
    }


@contextmanager
def _emulated(directory: Path, *, is_apart: bool) -> Iterator[Emulator]:
    if not is_apart:
        with running_emulator(directory) as emulator:
            yield emulator
        return
    with running_process(directory) as (emulator, process):
        # Nobody reads what it says: a full pipe would stop it.
        Thread(target=lambda: deque(process.stderr or (), maxlen=0), daemon=True).start()
        yield emulator
