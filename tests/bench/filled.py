"""The wizard with many rows in its database, SQLite's or PostgreSQL's, and an administrator and a viewer signed in."""

import re
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from tempfile import TemporaryDirectory
from urllib.parse import urlsplit

import psycopg
import requests

from tests.bench.house import AS_A_BROWSER, Visitor, house_at
from tests.bench.rows import SMALL_SANDBOX, fill_postgres, fill_sqlite
from tests.emulator.running import running_emulator
from tests.start.running import House, post_form, sign_in_first
from wizard.environment import new_credential_key, new_secret

VIEWER, PASSWORD = "viewer@example.com", "correct horse battery"


@contextmanager
def filled(number: int, postgres: str = "", **more: str) -> Iterator[tuple[Visitor, Visitor, House]]:
    """An administrator, and a viewer of one sandbox, of so many connections; `more` are settings.

    In a new database of the server at that URL; in SQLite without one.
    """
    with TemporaryDirectory() as directory, running_emulator(Path(directory)) as emulator:
        data_dir = Path(directory) / "wizard"
        url = _new_database(postgres, number) if postgres else ""
        house = house_at(data_dir, emulator, **(_for_others(url) if url else {}), **more)
        address = f"http://127.0.0.1:{house.port}"
        with _browser(house) as browser, _browser(house) as other:
            with house.started() as started:
                admin, viewer = (Visitor(house, started, who, emulator) for who in (browser, other))
                sign_in_first(browser, address + urlsplit(started.url).path)
                admin.connect("The first of them")
                _add_viewer(admin, viewer)
            if url:
                fill_postgres(url, number)
            else:
                fill_sqlite(data_dir / "wizard.sqlite3", number)
            with house.started() as started:
                admin.started = viewer.started = started
                yield admin, viewer, house


def _add_viewer(admin: Visitor, viewer: Visitor) -> None:
    """By an invitation, as a person would: to the sandbox that has one row in a hundred."""
    form = admin.get("/people/invite/").text
    place = re.findall(rf'value="([^"]+/{SMALL_SANDBOX})"', form)[0]
    fields = {"email": VIEWER, "place": place, "role": "1"}
    page = post_form(admin.browser, f"{admin.url}/people/invite/", fields).text
    link = re.findall(r'id="invitation-link">([^<]+)<', page)[0]
    post_form(viewer.browser, admin.url + urlsplit(link).path, {"password1": PASSWORD, "password2": PASSWORD})


def _new_database(server: str, number: int) -> str:
    name = f"bench_{number}"
    with psycopg.connect(f"{server}/postgres", autocommit=True) as connection:
        connection.execute(f"CREATE DATABASE {name}")
    return f"{server}/{name}"


def _for_others(url: str) -> dict[str, str]:
    """What an installation needs that does not live in its own directory."""
    return {
        "DATABASE_URL": url,
        "ALLOWED_HOSTS": "127.0.0.1",
        "SECRET_KEY": new_secret(),
        "CREDENTIAL_KEYS": new_credential_key(),
    }


class BehindProxy(requests.Session):
    """Tells the wizard, as a proxy does, that it came by TLS; and sends the cookies of one that did."""

    def __init__(self, port: int) -> None:
        super().__init__()
        origin = f"https://127.0.0.1:{port}"
        self.headers.update({"X-Forwarded-Proto": "https", "X-Forwarded-For": "127.0.0.1", "Origin": origin})

    def prepare_request(self, request: requests.Request) -> requests.PreparedRequest:
        self._take_cookies_along()
        return super().prepare_request(request)

    def get_redirect_target(self, resp: requests.Response) -> str | None:
        self._take_cookies_along()
        return super().get_redirect_target(resp)

    def _take_cookies_along(self) -> None:
        for cookie in self.cookies:
            cookie.secure = False


def _browser(house: House) -> requests.Session:
    found = BehindProxy(house.port) if "DATABASE_URL" in house.settings else requests.Session()
    found.headers.update(AS_A_BROWSER)
    return found
