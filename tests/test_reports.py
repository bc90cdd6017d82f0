"""What goes wrong is told without secrets: in Django's error pages, with DEBUG too, and in log lines."""

import logging

import pytest
from django.test import Client

from tests.changing.steps import edited
from tests.conftest import CANARY
from wizard.reports import LinkFilter

FIELD = "auth.params.connectionString.PASSWORD"
PLAIN = "canary-plain-pw"
URL_PASSWORD = "hidden-in-a-url"

# Lines that stand close to an error are on Django's page for it: the values above are not.
#
#
#
#
#
#


PLACES = (
    ("wizard.asking.wishes.destination_hash", "create"),
    ("wizard.asking.wishes.destination_hash", "draft"),
    ("wizard.asking.drafts._write", "check"),
    ("wizard.credentials.auth_form.faults", "create"),
    ("wizard.json_schema.validation._innermost", "create"),
    ("wizard.connecting.pasting.fill", "paste"),
)


@pytest.mark.parametrize(("place", "intent"), PLACES)
@pytest.mark.parametrize("debug", [True, False])
def test_an_error_page_shows_no_secret(alice, filled, settings, monkeypatch, debug, place, intent):
    def break_down(*_args):
        raise RuntimeError("broken on purpose")

    settings.DEBUG = debug
    settings.DATABASE_URL = f"postgresql://reader:{URL_PASSWORD}@db.example.com/wizard"
    monkeypatch.setattr(place, break_down)
    client = Client(raise_request_exception=False)
    client.force_login(alice)
    if place.endswith("_innermost"):
        monkeypatch.setattr("wizard.json_schema.validation.Validator.iter_errors", lambda *_args: iter([None]))
    pasted = {"pasted": f"Server=h;Password={PLAIN}"} if intent == "paste" else {}
    answer = client.post("/connect/postgres/", filled(**{FIELD: PLAIN}, **pasted, intent=intent))

    page = answer.content.decode()
    assert answer.status_code == 500
    assert ("broken on purpose" in page) is debug
    for secret in (PLAIN, CANARY, URL_PASSWORD, settings.SECRET_KEY, *settings.CREDENTIAL_KEYS):
        assert secret not in page


@pytest.mark.parametrize("place", ["public_params", "tasks.change_later"])
@pytest.mark.parametrize("debug", [True, False])
def test_an_error_page_of_an_edit_shows_no_secret(by_key, alice, settings, monkeypatch, debug, place):
    def break_down(*_args):
        raise RuntimeError("broken on purpose")

    settings.DEBUG = debug
    monkeypatch.setattr(f"wizard.changing.services.{place}", break_down)
    client = Client(raise_request_exception=False)
    client.force_login(alice)
    replaced = {"choice.auth.params.password": "replace", "auth.params.password": PLAIN}
    answer = client.post(f"{by_key.get_absolute_url()}edit/", edited(by_key, **replaced))

    page = answer.content.decode()
    assert answer.status_code == 500
    assert ("broken on purpose" in page) is debug
    assert PLAIN not in page
    assert "first-pw" not in page


def test_a_log_line_does_not_hold_the_first_link():
    record = logging.LogRecord("x", logging.WARNING, "", 0, "%s: %s", ("Forbidden", "/first/abc-DEF_1/"), None)

    assert LinkFilter().filter(record)
    assert record.getMessage() == "Forbidden: /first/[hidden]/"
