"""Ten thousand sealed values rotate while the web server makes more; killed three times, nothing is lost."""

import threading
from pathlib import Path

import requests

from tests.start.running import post_form
from tests.story.running import Wizard, running, submit
from tests.values.documented import DOCUMENTED
from tests.vault.rotating import PASSWORD, Rotation, assert_all_is_there, prove


class Browser(threading.Thread):
    """Somebody who submits one form after the other."""

    def __init__(self, wizard: Wizard, session: requests.Session, number: int) -> None:
        super().__init__()
        self.wizard, self.session, self.number = wizard, requests.Session(), number
        self.session.cookies.update(session.cookies)
        self.made, self.has_to_stop = 0, threading.Event()

    def run(self) -> None:
        typed, _ = DOCUMENTED["postgres"]
        while not self.has_to_stop.is_set():
            submit(self.wizard, self.session, "postgres", {"name": f"Typed {self.number} {self.made + 1}", **typed})
            self.made += 1


def test_ten_thousand_values_rotate_while_the_web_server_makes_more_and_it_is_killed_three_times(tmp_path: Path):
    wizard = Wizard(tmp_path / "data")
    rotation = Rotation(wizard)
    session = requests.Session()
    with running(wizard), rotation.writers(1, tmp_path) as written:
        login = {"login": "filler@example.com", "password": PASSWORD}
        assert "Sign out" in post_form(session, f"{wizard.url}/sign-in/", login).text
        browsers = [Browser(wizard, session, number) for number in range(2)]
        for browser in browsers:
            browser.start()
        try:
            prove(rotation)
        finally:
            for browser in browsers:
                browser.has_to_stop.set()
                browser.join()
    made = [browser.made for browser in browsers]
    assert min(*made, *written) > 1, (made, written)
    # One draft of the writer's is there beside what it submitted.
    assert_all_is_there(rotation, sum(made) + sum(written) + 1)
