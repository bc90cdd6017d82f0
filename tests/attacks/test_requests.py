"""Requests that no page of ours makes: other methods, paths out of the house, endless ones, and pieces of SQL."""

from collections.abc import Callable
from typing import Any
from urllib.parse import quote

import pytest
from django.db import connection as database
from django.test import Client
from django.test.utils import CaptureQueriesContext

from tests.access.addresses import made_up
from wizard.connections.models import BaseConnection
from wizard.people.models import User

PIECES_OF_SQL = (
    "' OR '1'='1",
    '" OR ""="',
    "'; DROP TABLE people_user; --",
    "' UNION SELECT password FROM people_user --",
    "%' OR 1=1 --",
    "\\'; SELECT 1; --",
    "1) OR (1=1",
    "%s%s%s%(x)s",
    "\0' OR 1=1",
    "%",
    "_",
    "0x27",
    "x" * 5000,
)
WALKS = (
    *("../../etc/passwd", "..%2f..%2fetc%2fpasswd", "%2e%2e/%2e%2e/etc/passwd", "..\\..\\windows\\win.ini"),
    *("....//....//etc/passwd", "..%252f..%252fetc/passwd", "%c0%ae%c0%ae/etc/passwd", "/etc/passwd", "postgres/../x"),
    *("postgres%00.json", "postgres\0", ".env", "wizard.sqlite3", "secret_key", "file:///etc/passwd"),
)
OVERRIDES = ("X-HTTP-Method-Override", "X-HTTP-Method", "X-Method-Override")


@pytest.mark.parametrize("text", PIECES_OF_SQL, ids=range(len(PIECES_OF_SQL)))
def test_a_piece_of_sql_is_a_text_like_any_other(
    signed_in: Client, connected: Callable[..., BaseConnection], text: str
) -> None:
    connected()
    people = User.objects.count()
    names = ("q", "status", "source", "before", "after", "again", "clone", "mine", "organization", "target", "events")
    for path in ("/", "/connections/", "/connect/", "/connect/postgres/", "/people/", "/organizations/"):
        answer = signed_in.get(path, dict.fromkeys(names, text))
        assert answer.status_code in (200, 302, 404), path
    with CaptureQueriesContext(database) as queries:
        found = signed_in.get("/connections/", {"q": text})

    assert User.objects.count() == people
    assert "argon2" not in found.text
    looked_for = ("LIKE", "MATCH")
    assert not [sql for sql in queries if "DROP" in sql["sql"] and not any(word in sql["sql"] for word in looked_for)]
    # What cannot be looked for at all is left aside, and shown as wrong.
    assert ('class="errorlist"' in found.text or 'aria-invalid="true"' in found.text) is (
        "\0" in text or len(text) > 200
    )
    if "\0" not in text and len(text) <= 200:
        assert ">Orders</a>" not in found.text


@pytest.mark.parametrize("wildcard", ["%", "_", "%%", "O%s"])
def test_a_wildcard_of_sql_is_looked_for_as_it_is(
    signed_in: Client, connected: Callable[..., BaseConnection], wildcard: str
) -> None:
    connected()
    connected("100% _x_ O%s %%")

    answer = signed_in.get("/connections/", {"q": wildcard})
    assert ">100% _x_ O%s %%</a>" in answer.text
    assert ">Orders</a>" not in answer.text


@pytest.mark.parametrize("walk", WALKS)
def test_no_path_leads_out_of_the_house(signed_in: Client, organization: Any, walk: str) -> None:
    for path in ("/connect/", "/static/", "/connections/", "/organizations/", "/first/", "/join/", "/"):
        for spelled in (walk, quote(walk, safe="%")):
            answer = signed_in.get(path + spelled)
            assert answer.status_code in (301, 302, 400, 404, 405, 410), path
            content = b"".join(answer) if answer.streaming else answer.content
            assert b"root:" not in content
            assert b"SQLite format" not in content


@pytest.mark.parametrize("method", ["put", "patch", "delete", "trace", "options"])
def test_another_method_changes_nothing(
    signed_in: Client, connected: Callable[..., BaseConnection], method: str
) -> None:
    connection = connected()
    before = list(BaseConnection.objects.values())
    for path in made_up().values():
        path = path.replace("00000000-0000-0000-0000-000000000000", str(connection.uuid))
        answer = getattr(signed_in, method)(path)
        assert answer.status_code in (200, 302, 403, 404, 405, 410, 503), path
        if method == "trace":
            assert "wizard_session" not in answer.content.decode(), path

    assert list(BaseConnection.objects.values()) == before


@pytest.mark.parametrize("method", ["DELETE", "PUT", "POST"])
def test_a_method_in_a_field_or_a_header_is_not_taken(
    signed_in: Client, connected: Callable[..., BaseConnection], method: str
) -> None:
    connection = connected()
    before = list(BaseConnection.objects.values())
    for path in (connection.get_absolute_url(), f"{connection.get_absolute_url()}delete/", "/connections/"):
        signed_in.get(path, {"_method": method, "method": method, "name": connection.name})
        for header in OVERRIDES:
            signed_in.get(path, {"name": connection.name}, headers={header: method})
            signed_in.post(path, {"_method": "DELETE"}, headers={header: "DELETE"})

    assert list(BaseConnection.objects.values()) == before


def test_an_endless_address_or_header_is_answered_like_any_other(signed_in: Client, organization: Any) -> None:
    endless = "x" * 1_000_000
    assert signed_in.get("/connections/", {"q": endless}).status_code == 200
    assert signed_in.get(f"/{endless}/").status_code == 404
    assert signed_in.get(f"/connect/{endless[:10_000]}/").status_code == 404
    assert signed_in.get("/", headers={"HX-Target": endless, "Accept-Language": endless, "X-Forwarded-For": endless})
    many = "&".join(f"a{number}=1" for number in range(5_000))
    assert signed_in.get(f"/connections/?{many}").status_code in (200, 400)


def test_a_form_with_too_many_fields_is_refused_before_it_is_read(signed_in: Client, organization: Any) -> None:
    many = {f"auth.params.{number}": "x" for number in range(3_001)}
    body = "&".join(f"{name}={value}" for name, value in many.items())
    form = "application/x-www-form-urlencoded"

    assert signed_in.post("/connect/postgres/", many).status_code == 400
    assert signed_in.post("/connect/postgres/", body, content_type=form).status_code == 400
    assert signed_in.post("/connect/postgres/", "x=" + "y" * 3_000_000, content_type=form).status_code == 400
    assert not BaseConnection.objects.exists()


@pytest.mark.parametrize(
    "content_type",
    [
        "multipart/form-data",
        "multipart/form-data; boundary=",
        "multipart/form-data; boundary=" + "x" * 5_000,
        "multipart/form-data; boundary=\u00e9",
        "application/json",
        "text/xml",
        "application/x-www-form-urlencoded; charset=utf-7",
        "application/x-www-form-urlencoded; charset=nonsense",
        "application/x-www-form-urlencoded; charset=utf-16",
        "",
    ],
)
def test_a_body_that_is_no_form_is_refused_and_breaks_nothing(
    signed_in: Client, organization: Any, content_type: str
) -> None:
    for body in (
        b"",
        b"--x\r\n",
        b'{"name": "x"}',
        b"\xff\xfe\x00",
        b"<!DOCTYPE x [<!ENTITY y SYSTEM 'file:///etc/passwd'>]>",
    ):
        answer = signed_in.generic("POST", "/connect/postgres/", body, content_type)
        assert answer.status_code in (200, 400, 415, 422), body
        assert "root:" not in answer.text
    assert not BaseConnection.objects.asked_for().exists()
