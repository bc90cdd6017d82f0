"""Somebody who goes on filling in forms while the machines are brought up to date, one after the other."""

import itertools
import random
import uuid
from collections import Counter
from typing import Any
from urllib.parse import urlsplit

import requests
from requests.adapters import HTTPAdapter

from tests.chaos import person
from tests.start.running import sign_in_first
from tests.upgrading.databases import HOST
from tests.upgrading.machine import PROXIED, Machine

BASE = f"https://{HOST}"


class Proxy(HTTPAdapter):
    """TLS ends here; each request goes to one of the machines, by chance: a form may be sent to another than it is of.

    `broken` are the answers that nobody should get.
    """

    def __init__(self, machine: Machine) -> None:
        super().__init__()
        self.machines, self.last, self.broken = [machine], machine, list[str]()
        self._dice = random.Random(7)  # noqa: S311

    def send(self, request: requests.PreparedRequest, *args: Any, **options: Any) -> requests.Response:
        asked, self.last = request.url, self._dice.choice(self.machines)
        request.url = self.last.url + request.path_url
        request.headers.update(PROXIED)
        try:
            answer = super().send(request, *args, **options)
        finally:
            request.url = asked
        answer.url = asked or ""
        if answer.status_code >= 500:
            self.broken.append(f"{request.method} {request.path_url}: {answer.status_code}")
        return answer


class Person(person.Person):
    """`taken` counts the forms by the port of the machine that took them."""

    def __init__(self, machine: Machine) -> None:
        super().__init__(BASE, seed=0, creates=0, pause=0.3)
        self.proxy = Proxy(machine)
        self.browser.mount(BASE, self.proxy)
        self.taken: Counter[int] = Counter()

    def sign_in(self, link: str) -> None:
        sign_in_first(self.browser, BASE + urlsplit(link).path)

    def run(self) -> None:
        try:
            for number in itertools.count():
                if self._stopped.wait(self._pause):
                    return
                self._submit(number, str(uuid.uuid4()))
                self.taken[self.proxy.last.house.port] += 1
        except Exception as error:
            self.trouble = f"{type(error).__name__}: {error}"

    @property
    def ends(self) -> list[str]:
        """What nobody should see: empty as long as all goes well."""
        return self.proxy.broken + ([self.trouble] if self.trouble else [])
