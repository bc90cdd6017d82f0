"""Cross-site request forgery: no address takes a write without the token of the session that it is for."""

from collections.abc import Callable
from typing import Any

import pytest
from django.db import connection as database
from django.test import Client
from django.test.utils import CaptureQueriesContext

from tests.access.addresses import made_up
from wizard.connections.models import BaseConnection
from wizard.people.models import User

WRITES = ("post", "put", "patch", "delete")
SAFE = ("get", "head", "options")
WRITTEN = ("INSERT", "UPDATE", "DELETE", "REPLACE")
# What a visit notes by itself: who reads what is on record, a session lives on, a sign-out page is asked for.
NOTED = ("django_session", "record_event", "record_")


@pytest.fixture
def strict(alice: User) -> Client:
    client = Client(enforce_csrf_checks=True)
    client.force_login(alice)
    return client


def token_of(client: Client, path: str = "/account/password/") -> str:
    client.get(path)
    return client.cookies["wizard_csrf"].value


@pytest.mark.parametrize("method", WRITES)
def test_no_address_takes_a_write_without_a_token(strict: Client, organization: Any, method: str) -> None:
    for client in (strict, Client(enforce_csrf_checks=True)):
        for path in made_up().values():
            answer = getattr(client, method)(path, {"csrfmiddlewaretoken": ""})
            assert answer.status_code == 403, (method, path)


def test_a_token_of_another_session_is_refused(strict: Client, organization: Any) -> None:
    mallory = Client(enforce_csrf_checks=True)
    stolen = token_of(mallory, "/sign-in/")
    token_of(strict)
    for path in made_up().values():
        assert strict.post(path, {"csrfmiddlewaretoken": stolen}).status_code == 403, path
        assert strict.post(path, headers={"X-CSRFToken": stolen}).status_code == 403, path


@pytest.mark.parametrize("origin", ["https://evil.example.com", "http://testserver.evil.example.com", "null"])
def test_a_request_from_another_site_is_refused_even_with_the_token(
    strict: Client, filled: Callable[..., dict[str, str]], origin: str
) -> None:
    form = {**filled(), "csrfmiddlewaretoken": token_of(strict)}
    assert strict.post("/connect/postgres/", form, headers={"Origin": origin}).status_code == 403
    assert not BaseConnection.objects.exists()
    assert strict.post("/connect/postgres/", form, headers={"Origin": "http://testserver"}).status_code == 302


def test_over_https_a_request_has_to_come_from_a_page_of_ours(
    strict: Client, filled: Callable[..., dict[str, str]]
) -> None:
    form = {**filled(), "csrfmiddlewaretoken": token_of(strict)}
    for headers in ({}, {"Referer": "https://evil.example.com/"}, {"Referer": "http://testserver/"}):
        assert strict.post("/connect/postgres/", form, headers=headers, secure=True).status_code == 403


@pytest.mark.parametrize("method", SAFE)
def test_a_link_or_a_picture_changes_nothing(
    signed_in: Client, connected: Callable[..., BaseConnection], filled: Callable[..., dict[str, str]], method: str
) -> None:
    """GET is what every site can make a browser do; query parameters that name an operation are none."""
    connection = connected()
    signed_in.post("/connect/postgres/", filled("Draft", intent="draft"))
    asked = "?op=disable&intent=create&name=Orders&candidate=x&submission_id=x&next=x"
    for path in made_up().values():
        for uuid in (connection.uuid, BaseConnection.objects.get(name="Draft").uuid):
            path = path.replace("00000000-0000-0000-0000-000000000000", str(uuid), 1)
            with CaptureQueriesContext(database) as queries:
                getattr(signed_in, method)(path + asked)
            written = [sql["sql"] for sql in queries if sql["sql"].startswith(WRITTEN)]
            assert [sql for sql in written if not any(table in sql for table in NOTED)] == [], path


def test_the_token_is_in_no_address_and_its_cookie_is_for_no_script(signed_in: Client) -> None:
    token = token_of(signed_in)
    cookie = signed_in.cookies["wizard_csrf"]

    assert cookie["httponly"]
    assert cookie["samesite"] == "Lax"
    assert token not in signed_in.get("/account/password/").text, "masked anew in each page"
