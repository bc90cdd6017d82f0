"""Who works with what exists meanwhile: edits, switches off and on, tests and deletes it, and never asks twice."""

import re
import threading
from pathlib import Path

import requests

from tests.chaos import plan, reading
from tests.connecting.pages import text_inputs

TOKEN = re.compile(r'name="csrfmiddlewaretoken" value="(\w+)"')
# What is asked for, more often or less.
ACTIONS = ("edit", "edit", "edit", "disable", "enable", "enable", "test", "delete")


class Editor(threading.Thread):
    """`asked` counts what the wizard has taken."""

    def __init__(self, url: str, database: Path, seed: int, browser: requests.Session) -> None:
        super().__init__(daemon=True)
        self._url, self._database, self._dice = url, database, plan.dice(seed, "editor")
        self._browser = requests.Session()
        self._browser.cookies.update(browser.cookies)
        self._stopped = threading.Event()
        self.asked = 0

    def stop(self) -> None:
        self._stopped.set()

    def run(self) -> None:
        while not self._stopped.wait(self._dice.uniform(0.3, 1.2)):
            try:
                self._work()
            except requests.RequestException:
                # The web server is down: another one in a while.
                continue
        self._browser.close()

    def _work(self) -> None:
        uuids = reading.connected(self._database)
        action, place = self._dice.choice(ACTIONS), self._dice.random()
        if not uuids:
            return
        uuid, name = uuids[int(place * len(uuids))]
        page = f"{self._url}/connections/{uuid}/"
        if action == "edit":
            self._send(f"{page}edit/", f"{page}edit/", {"description": f"Edited {self.asked} times"}, is_whole=True)
        elif action == "delete":
            self._send(f"{page}delete/", f"{page}delete/", {"name": name})
        elif action == "test":
            self._send(page, f"{page}test/", {})
        else:
            self._send(page, f"{page}switch/", {"op": action})

    def _send(self, page: str, action: str, fields: dict[str, str], *, is_whole: bool = False) -> None:
        """Opens the page and sends its form, with all that stands in it or without."""
        html = self._browser.get(page, timeout=20).text
        token = TOKEN.search(html)
        if token:
            body = {**(text_inputs(html) if is_whole else {}), **fields, "csrfmiddlewaretoken": token[1]}
            answer = self._browser.post(action, data=body, timeout=20, allow_redirects=False)
            self.asked += answer.status_code == 302
