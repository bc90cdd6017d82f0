"""Who fills in the forms: one after the other, and each again with the same id until the wizard has taken it."""

import re
import threading
import time
import uuid
from typing import Any

import requests

from tests.chaos import plan
from tests.start.running import sign_in_first

PREFIX = "auth.params.connectionString."
PARTS = {"SERVER": "db.example.com", "PORT": "5432", "DATABASE": "shop", "USERNAME": "reader"}
TAKEN = "taken"
# Seconds after which a person gives up on a form: nobody kills the web server for as long.
PATIENCE = 90


class Person(threading.Thread):
    """`sent` is submission id -> name, of all that were begun; `trouble` says why the forms came to an end early."""

    def __init__(self, url: str, seed: int, creates: int, pause: float, name: str = "Chaos") -> None:
        super().__init__(daemon=True)
        self._name = name
        self._form = f"{url}/connect/postgres/"
        self._seed, self._creates, self._pause = seed, creates, pause
        self.browser = requests.Session()
        self._stopped = threading.Event()
        self.sent: dict[str, str] = {}
        self.sent_again = 0
        self.trouble = ""
        self._last_answer = ""

    def sign_in(self, link: str) -> None:
        sign_in_first(self.browser, link)

    def stop(self) -> None:
        self._stopped.set()

    def run(self) -> None:
        random = plan.dice(self._seed, f"person {self._name}")
        try:
            for number in range(self._creates):
                self._submit(number, str(uuid.UUID(int=random.getrandbits(128), version=4)))
                self._stopped.wait(random.uniform(0, 2 * self._pause))
        except Exception as error:
            self.trouble = f"{type(error).__name__}: {error}"
        finally:
            self.browser.close()

    def _submit(self, number: int, submission_id: str) -> None:
        name = f"{self._name} {number:05d}"
        self.sent[submission_id] = name
        fixed = {"submission_id": submission_id, "intent": "create", "name": name, "description": ""}
        parts = PARTS | {"PASSWORD": plan.secret(self._seed, number)}
        fields = {**fixed, "auth.specName": "connection-string", **{PREFIX + key: parts[key] for key in parts}}
        deadline = time.monotonic() + PATIENCE
        while not self._is_taken(fields):
            self.sent_again += 1
            if time.monotonic() > deadline or self._stopped.wait(0.3):
                raise TimeoutError(f"{name} was not taken: {self._last_answer}")

    def _is_taken(self, fields: dict[str, str]) -> bool:
        """False where the web server is down or broken: a person sends the form once more."""
        try:
            page = self._answer("GET")
            token = re.search(r'name="csrfmiddlewaretoken" value="(\w+)"', page.text)
            target = re.search(r'<option value="(\d+)"', page.text)
            if page.status_code == 200 and token and target:
                self._answer("POST", data=fields | {"csrfmiddlewaretoken": token[1], "target": target[1]})
        except requests.RequestException as error:
            self._last_answer = f"{type(error).__name__}: {error}"
        return self._last_answer == TAKEN

    def _answer(self, method: str, **options: Any) -> requests.Response:
        answer = self.browser.request(method, self._form, timeout=20, allow_redirects=False, **options)
        where = answer.headers.get("Location", "").startswith("/connections/")
        self._last_answer = TAKEN if where else f"{method} was answered with {answer.status_code}"
        return answer
