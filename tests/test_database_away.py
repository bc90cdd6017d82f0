"""What a page says while PostgreSQL is away, without asking it anything."""

from types import SimpleNamespace

import pytest
from django.core.exceptions import ImproperlyConfigured
from django.db import OperationalError, connections
from django.test import Client

from wizard import pages
from wizard.vault import canary

LOST = 'connection to server at "10.0.0.7", port 5432 failed: Connection refused\n\tIs the server running?'


@pytest.fixture
def visitor(monkeypatch):
    """Somebody with a session's cookie, while every question to PostgreSQL fails."""

    def refuse(*_arguments, **_options):
        raise OperationalError(LOST)

    monkeypatch.setattr(pages, "connection", SimpleNamespace(vendor="postgresql"))
    monkeypatch.setattr(connections["default"], "cursor", refuse)
    visitor = Client(raise_request_exception=False)
    visitor.cookies["wizard_session"] = "something"
    return visitor


@pytest.mark.parametrize("path", ["/", "/connections/", "/connect/postgres/", "/sign-in/", "/people/", "/admin/"])
def test_every_page_says_what_is_wrong_and_what_to_do(visitor, path):
    answer = visitor.get(path)

    assert answer.status_code == 503
    assert answer["Retry-After"] == "10"
    assert "no-store" in answer["Cache-Control"]
    assert "The database does not answer" in answer.text
    assert "you stay signed in" in answer.text
    assert '<meta http-equiv="refresh" content="10">' in answer.text
    assert "10.0.0.7" not in answer.text


def test_what_was_sent_is_not_sent_again_by_itself(visitor):
    answer = visitor.post("/connect/postgres/", {"name": "Orders"})

    assert answer.status_code == 503
    assert "may not have been saved" in answer.text
    assert "refresh" not in answer.text


def test_a_part_of_a_page_gets_a_sentence_and_stays_as_it_is(visitor):
    answer = visitor.get("/connections/", headers={"HX-Request": "true"})

    assert (answer.status_code, answer["Content-Type"]) == (503, "text/plain; charset=utf-8")
    assert answer.text == pages.sentence(pages.AWAY)
    assert answer["Retry-After"] == "10"


def test_the_log_has_one_line_for_each_and_no_traceback(visitor, caplog):
    visitor.get("/connections/")

    lines = [record for record in caplog.records if record.levelname in ("WARNING", "ERROR")]
    assert [(line.levelname, line.getMessage()) for line in lines] == [
        ("WARNING", f"The database does not answer: {LOST.splitlines()[0]}")
    ]
    assert lines[0].exc_info is None


def test_an_error_of_ours_is_none_of_the_database(visitor, monkeypatch):
    def break_down(*_arguments, **_options):
        raise ValueError

    monkeypatch.setattr(connections["default"], "cursor", break_down)

    assert visitor.get("/connections/").status_code == 500


def test_all_idle_connections_are_tried_when_one_was_lost(visitor, monkeypatch):
    tried = []
    pool = SimpleNamespace(check=lambda: tried.append("all"))
    monkeypatch.setattr(pages, "connection", SimpleNamespace(vendor="postgresql", pool=pool))
    visitor.get("/connections/")

    assert tried == ["all"]


def test_a_server_that_starts_meanwhile_proves_its_keys_before_its_first_page(client, db, monkeypatch):
    canary.ensure(is_new=True)

    def be_away():
        raise OperationalError(LOST)

    with monkeypatch.context() as away:
        away.setattr(canary, "verify", be_away)
        canary.verify_or_owe()
        with pytest.raises(OperationalError):
            client.get("/sign-in/")
        assert client.get("/health/live").status_code == 200

    assert client.get("/sign-in/").status_code == 200
    monkeypatch.setattr(canary, "verify", be_away)
    assert client.get("/sign-in/").status_code == 200


def test_a_server_that_started_meanwhile_serves_nothing_with_other_keys(client, monkeypatch):
    def not_fit():
        raise ImproperlyConfigured("CREDENTIAL_KEYS does not open this database")

    monkeypatch.setattr(canary, "_is_owed", True)
    monkeypatch.setattr(canary, "verify_at_start", not_fit)
    with pytest.raises(ImproperlyConfigured):
        client.get("/sign-in/")
