"""Planted canaries are looked for wherever a secret must not be, after a story with every kind of outcome."""

import html
import re
from collections.abc import Iterator
from urllib.parse import quote

import pytest
import requests

from tests.canaries import spellings
from tests.conftest import CANARY
from tests.connecting.pages import text_inputs
from tests.start.running import post_form
from tests.story.running import Wizard, connections_of, running, submit, wait_for
from tests.values.documented import DOCUMENTED, PART

SPELLINGS = spellings(CANARY)
REFUSED = {"kind": "status", "match": {"method": "POST", "path": "/connections"}, "status": 400, "code": "1308-400"}


@pytest.fixture(scope="module")
def wizard(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Wizard]:
    with running(Wizard(tmp_path_factory.mktemp("canary"), FLOW_SERVICE_TIMEOUT="3", DEBUG="true")) as wizard:
        yield wizard


@pytest.fixture(scope="module")
def pages(wizard: Wizard, visitor: requests.Session) -> dict[str, str]:
    """The story, and every page that can be reached after it."""
    typed = {**DOCUMENTED["postgres"][0], PART + "PASSWORD": CANARY}
    emulator = wizard.emulator()
    submit(wizard, visitor, "postgres", {**typed, "name": "Connected"})
    pasted = paste(
        wizard, visitor, f"Server=x;Port=1;Database=d;UID=u;Password='{CANARY.replace(chr(39), chr(39) * 2)}'"
    )
    submit(wizard, visitor, "postgres", {**text_inputs(pasted), "name": "Pasted"})
    basic = {"server": "x", "database": "d", "username": "u", "password": CANARY}
    basic_fields = {f"auth.params.{name}": value for name, value in basic.items()}
    submit(wizard, visitor, "mysql", {"auth.specName": "basic-azure", "name": "Basic", **basic_fields})
    settled(wizard, 3)
    emulator.set_faults([{**REFUSED, "message": f"Login failed: {CANARY} | {quote(CANARY, safe='')}", "times": 1}])
    submit(wizard, visitor, "postgres", {**typed, "name": "Refused"})
    settled(wizard, 4)
    emulator.set_faults([{"kind": "lose_before", "match": REFUSED["match"], "times": 1}])
    submit(wizard, visitor, "postgres", {**typed, "name": "Unanswered"})
    submit(wizard, visitor, "postgres", {**typed, "name": ""}, succeeds=False)
    wait_for(lambda: connections_of(wizard).get("Unanswered") == "unknown", "the unanswered create")
    live_on(wizard, visitor)
    return {**crawl(wizard, visitor), "what was pasted": pasted}


def live_on(wizard: Wizard, visitor: requests.Session) -> None:
    """A draft that is checked; an edit that is refused, one that meets another at Adobe, and a test of it."""
    typed = {**DOCUMENTED["postgres"][0], PART + "PASSWORD": CANARY, "auth.specName": "connection-string"}
    submit(wizard, visitor, "postgres", {**typed, "name": "Checked", "intent": "check"}, succeeds=False)
    draft = path_of(wizard, visitor, r"/connect/postgres/\?again=[0-9a-f-]+", "Continue", page="/")
    wait_for(lambda: "Nothing stands in the way" in visitor.get(draft, timeout=20).text, "the check")
    emulator, path = wizard.emulator(), path_of(wizard, visitor, "/connections/[0-9a-f-]+/", "Basic")
    replaced = {"choice.auth.params.password": "replace", "auth.params.password": CANARY}
    refusal = {**REFUSED, "match": {"method": "PATCH"}, "message": f"Login failed: {CANARY}", "times": 1}
    for faults, description in (([refusal], "refused"), ([], "in conflict")):
        emulator.set_faults(faults)
        form = {**text_inputs(visitor.get(f"{path}edit/", timeout=20).text), **replaced, "description": description}
        if not faults:
            (item,) = [item for item in emulator.call("GET", "/connections").json()["items"] if item["name"] == "Basic"]
            theirs = [{"op": "replace", "path": "/auth/params/username", "value": "theirs"}]
            headers = {"If-Match": item["etag"]}
            emulator.call("PATCH", f"/connections/{item['id']}", json=theirs, headers=headers).raise_for_status()
        post_form(visitor, f"{path}edit/", form)
        words = "The last change was not made" if faults else "waits for a decision"
        wait_for(lambda words=words: words in visitor.get(path, timeout=20).text, words)
    post_form(visitor, path, {}, action=f"{path}test/")
    wait_for(lambda: "Test passed" in visitor.get(path, timeout=20).text, "the test")


def path_of(wizard: Wizard, visitor: requests.Session, path: str, words: str, page: str = "/connections/") -> str:
    """The address that the link with these words leads to."""
    found = re.search(rf'href="({path})"[^>]*>{words}<', visitor.get(wizard.url + page, timeout=20).text)
    assert found
    return wizard.url + found[1]


def paste(wizard: Wizard, visitor: requests.Session, text: str) -> str:
    """The page after a connection string was pasted."""
    url = f"{wizard.url}/connect/postgres/"
    return post_form(visitor, url, {"intent": "paste", "auth.specName": "connection-string", "pasted": text}).text


def settled(wizard: Wizard, count: int) -> None:
    outcomes = ("connected", "failed")
    wait_for(lambda: sum(state in outcomes for state in connections_of(wizard).values()) == count, "the outcomes")


def crawl(wizard: Wizard, visitor: requests.Session) -> dict[str, str]:
    """Path -> page, of all that links lead to."""
    found: dict[str, str] = {}
    paths = ["/", "/no-such-page/"]
    while paths:
        path = paths.pop()
        if path not in found and not path.startswith("/static/"):
            found[path] = visitor.get(wizard.url + path, timeout=20).text
            paths += [html.unescape(link) for link in re.findall(r'(?:href|hx-get)="(/[^"#]*)"', found[path])]
    return found


def traces(content: bytes) -> list[str]:
    return [spelling for spelling in SPELLINGS if spelling.encode() in content]


def test_the_story_had_every_outcome(wizard, pages):
    states = connections_of(wizard)
    assert {states[name] for name in ("Connected", "Pasted", "Basic")} == {"connected"}
    assert (states["Refused"], states["Unanswered"]) == ("failed", "unknown")
    assert sum("/connections/" in path for path in pages) > 5
    assert any("Login failed" in page for page in pages.values())
    for words in ("Two changes met", "Continue", "Checked", "Nothing stands in the way"):
        assert any(words in page for page in pages.values()), words


def test_no_page_shows_a_secret(pages):
    assert {path: traces(page.encode()) for path, page in pages.items() if traces(page.encode())} == {}


def test_no_file_holds_a_secret_in_clear(wizard, pages):
    """The database with its log, what the local Flow Service keeps, and all that the processes have said."""
    files = [path for path in wizard.data_dir.rglob("*") if path.is_file() and "static" not in path.parts]
    assert {"wizard.sqlite3", "output.log"} <= {path.name for path in files}
    assert {path.name: traces(path.read_bytes()) for path in files if traces(path.read_bytes())} == {}


def test_no_process_shows_a_secret_or_a_key(wizard, pages):
    keys = [
        (wizard.data_dir / name).read_text() for name in ("credential_keys", "secret_key", "practice_client_secret")
    ]
    said = (wizard.data_dir / "output.log").read_text()
    for key in keys:
        assert key not in said
        assert all(key not in page for page in pages.values())
