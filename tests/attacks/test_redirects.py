"""Open redirects: no address leads away from us, whatever stands in its parameters, headers or path."""

import re
from collections.abc import Callable
from typing import Any
from urllib.parse import quote, urljoin

import pytest
from django.http import HttpResponse
from django.test import Client

from tests.access.addresses import made_up
from wizard.connections.models import BaseConnection
from wizard.people.models import User

PASSWORD = "correct horse battery"
ELSEWHERE = (
    "https://evil.example.com/",
    "//evil.example.com/",
    "///evil.example.com/",
    "/\\evil.example.com/",
    "\\\\evil.example.com/",
    "/\t/evil.example.com/",
    "/\n/evil.example.com/",
    "https:evil.example.com",
    "https:/\\evil.example.com",
    "http://testserver@evil.example.com/",
    "http://testserver.evil.example.com/",
    "javascript:alert(1)",
    "data:text/html,x",
    " https://evil.example.com/",
    "\x00https://evil.example.com/",
    "/%0d%0aLocation: https://evil.example.com/",
    "/\r\nLocation: https://evil.example.com/",
    "\uff0f\uff0fevil.example.com/",
)
NAMES = ("next", "redirect", "redirect_to", "return", "return_to", "url", "goto", "continue", "back", "again", "mine")
LEADING = ("Location", "HX-Redirect", "HX-Location", "HX-Push-Url", "HX-Replace-Url", "Refresh")


def assert_stays(answer: HttpResponse, what: object) -> None:
    for header in LEADING:
        if header in answer:
            # As a browser does: it takes a backslash for a slash, and leaves out blanks and control characters.
            target = re.sub(r"[\x00-\x20]", "", answer[header].replace("\\", "/"))
            assert urljoin("http://testserver/a/b/", target).startswith("http://testserver/"), (what, target)
            assert answer[header].isprintable(), (what, answer[header])


@pytest.mark.parametrize("elsewhere", ELSEWHERE)
def test_a_sign_in_leads_to_no_other_site(client: Client, alice: User, elsewhere: str) -> None:
    page = client.get(f"/sign-in/?next={quote(elsewhere)}")
    assert_stays(page, elsewhere)
    form = {"login": alice.email, "password": PASSWORD, "next": elsewhere}
    for path in ("/sign-in/", f"/sign-in/?next={quote(elsewhere)}"):
        client.logout()
        answer = client.post(path, form)
        assert answer.status_code == 302
        assert_stays(answer, elsewhere)
    # Who is signed in already is led on at once.
    assert_stays(client.get(f"/sign-in/?next={quote(elsewhere)}"), elsewhere)


@pytest.mark.parametrize("elsewhere", ELSEWHERE[:8])
def test_no_address_leads_elsewhere_whatever_it_is_given(
    signed_in: Client, connected: Callable[..., BaseConnection], elsewhere: str
) -> None:
    connection = connected()
    fields = dict.fromkeys(NAMES, elsewhere)
    query = "&".join(f"{name}={quote(elsewhere)}" for name in NAMES)
    headers = {
        "HX-Request": "true",
        "HX-Current-URL": quote(elsewhere, safe=":/\\"),
        "Referer": "https://evil.example.com/",
    }
    for path in made_up().values():
        if path == "/sign-out/":
            continue
        path = path.replace("00000000-0000-0000-0000-000000000000", str(connection.uuid), 1)
        for answer in (
            signed_in.get(f"{path}?{query}"),
            signed_in.post(f"{path}?{query}", fields),
            signed_in.post(
                path, fields, headers={name: value for name, value in headers.items() if value.isprintable()}
            ),
        ):
            assert_stays(answer, (path, elsewhere))


def test_signing_out_leads_to_no_other_site(client: Client, alice: User) -> None:
    for elsewhere in ELSEWHERE:
        client.force_login(alice)
        assert_stays(client.post("/sign-out/", {"next": elsewhere}), elsewhere)
        client.force_login(alice)
        assert_stays(client.post(f"/sign-out/?next={quote(elsewhere)}"), elsewhere)


@pytest.mark.parametrize(
    "path",
    [
        "//evil.example.com/people",
        "//evil.example.com/",
        "/\\evil.example.com/people",
        "///evil.example.com/connections",
        "/%2f/evil.example.com/people",
        "/%5cevil.example.com/people",
        "/;@evil.example.com/people",
    ],
)
def test_a_path_that_looks_like_a_host_leads_nowhere(client: Client, alice: User, path: str) -> None:
    assert_stays(client.get(path), path)
    client.force_login(alice)
    assert_stays(client.get(path), path)


@pytest.mark.parametrize(
    "host",
    [
        "evil.example.com",
        "testserver.evil.example.com",
        "testserver@evil.example.com",
        "evil.example.com:80",
        "testserver:80@evil.example.com",
        "testserver, evil.example.com",
        "testserver/evil",
        "[::1]evil",
        "",
        "-",
        "testserver\tevil",
    ],
)
def test_a_host_that_is_not_ours_is_not_answered(client: Client, db: None, settings: Any, host: str) -> None:
    settings.ALLOWED_HOSTS = ["testserver"]
    answer = client.get("/people/", headers={"host": host})

    assert answer.status_code == 400
    assert "evil" not in answer.text


@pytest.mark.parametrize("header", ["X-Forwarded-Host", "X-Host", "Forwarded", "X-Original-URL", "X-Rewrite-URL"])
def test_a_forwarded_host_is_not_believed(client: Client, signed_in: Client, organization: Any, header: str) -> None:
    forged = {header: "host=evil.example.com" if header == "Forwarded" else "evil.example.com"}
    form = {"email": "dora@example.com", "place": f"{organization.uuid}/", "role": "1"}
    answer = signed_in.post("/people/invite/", form, headers=forged)

    assert "http://testserver/join/" in answer.text
    assert "evil.example.com" not in answer.text
    client.logout()
    assert client.get("/people/", headers=forged)["Location"] == "/sign-in/?next=/people/"
