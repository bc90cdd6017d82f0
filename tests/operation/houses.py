"""The wizard as `manage.py start` runs it, on a Flow Service in this process, and somebody who posts forms."""

import resource
import sqlite3
import threading
import uuid
from collections import Counter
from pathlib import Path

import requests

from tests.bench.house import PARTS, PREFIX
from tests.emulator.running import Emulator
from tests.start.running import House, Started, sign_in_first


def house_on(flow: Emulator, data_dir: Path, timeout: int) -> House:
    settings = {
        "FLOW_SERVICE_URL": flow.flow_service_url,
        "SANDBOX_MANAGEMENT_URL": flow.sandbox_management_url,
        "IMS_URL": flow.ims_url,
        "IMS_ORG_ID": flow.org,
        "IMS_CLIENT_ID": flow.client_id,
        "IMS_CLIENT_SECRET": flow.client_secret,
        "SANDBOX_NAME": flow.sandbox,
        "FLOW_SERVICE_TIMEOUT": str(timeout),
    }
    return House(data_dir, **settings)


def latency(seconds: float) -> dict[str, object]:
    """A fault: each create takes that long."""
    return {"kind": "latency", "seconds": seconds, "match": {"method": "POST", "path": "/connections"}}


def statuses(house: House) -> Counter[str]:
    with sqlite3.connect(house.data_dir / "wizard.sqlite3") as database:
        return Counter(dict(database.execute("SELECT status, count(*) FROM connections_baseconnection GROUP BY 1")))


class Person:
    """Signed in by the first link; `said` are the lines that the start has printed since."""

    def __init__(self, house: House, started: Started) -> None:
        self.url, self.browser = f"http://127.0.0.1:{house.port}", requests.Session()
        self.said: list[str] = []
        threading.Thread(target=lambda: self.said.extend(iter(started.output.readline, "")), daemon=True).start()
        sign_in_first(self.browser, started.url)
        page = self.get("/connect/postgres/").text
        self.fields = {
            "intent": "create",
            "target": page.split('<option value="')[1].partition('"')[0],
            "auth.specName": "connection-string",
            "csrfmiddlewaretoken": page.split('name="csrfmiddlewaretoken" value="')[1].partition('"')[0],
            **{PREFIX + key: value for key, value in PARTS.items()},
        }

    def get(self, path: str) -> requests.Response:
        return self.browser.get(self.url + path, timeout=60)

    def filled(self, name: str) -> dict[str, str]:
        return {**self.fields, "name": name, "submission_id": str(uuid.uuid4())}

    def post(self, form: dict[str, str]) -> requests.Response:
        return self.browser.post(f"{self.url}/connect/postgres/", form, allow_redirects=False, timeout=60)


def limit(started: Started, *, is_full: bool) -> None:
    """For each process of it: not one byte more goes into a file, or as many as there is room for.

    What a process meets is what a full disk is to it, and nobody needs to be root for that.
    """
    for pid in started.family():
        try:
            _, hard = resource.prlimit(pid, resource.RLIMIT_FSIZE)
            resource.prlimit(pid, resource.RLIMIT_FSIZE, (0 if is_full else hard, hard))
        except ProcessLookupError:
            continue
