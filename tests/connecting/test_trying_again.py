"""What Adobe refused stands at the field that its words are about."""

import re

import pytest
from django.utils.html import escape

from tests.conftest import CANARY
from tests.connecting.pages import PART, URL, page


@pytest.fixture
def refused(signed_in, asked_for):
    """The page that tries a connection again which Adobe refused in these words; keyword arguments change the form."""

    def open_page(code, message, **changes):
        connection = asked_for(**changes)
        connection.claim()
        connection.mark_failed(
            "refused", error_kind="Refused", error_code=code, error_status=400, error_message=message
        )
        return page(signed_in.get(f"{URL}?again={connection.uuid}"))

    return open_page


def basic(**changes):
    values = {"server": "db", "port": "5432", "database": "d", "username": "u", "password": CANARY, **changes}
    return {"auth.specName": "basic-azure", **{f"auth.params.{name}": value for name, value in values.items()}}


@pytest.mark.parametrize("code", ["1304-400", "1312-400"])
def test_it_stands_at_the_field_that_it_names(refused, code):
    html = refused(code, "The value of 'server' is not valid", **basic())

    assert 'id="id_auth.params.server_error"' in html
    assert escape("Adobe: The value of 'server' is not valid") in html
    assert re.search(r'<a href="#id_auth\.params\.server">[^<]*Adobe: ', html)
    assert re.search(r'name="auth\.params\.server"[^>]* aria-invalid="true"', html)
    assert html.count('aria-invalid="true"') == 1
    assert "Adobe refused this the last time" in html


def test_of_a_connection_string_it_stands_at_the_first_part(refused):
    html = refused("1304-400", "auth.params.connectionString could not be read")

    assert f'id="id_{PART}SERVER_error"' in html
    assert html.count('aria-invalid="true"') == 1


@pytest.mark.parametrize(("code", "message"), [("1304-400", "Something is wrong"), ("1415-400", "server is wrong")])
def test_what_names_no_field_stands_at_none(refused, code, message):
    html = refused(code, message, **basic())

    assert "aria-invalid" not in html
    assert "Why it failed" in html


def test_what_it_says_stays_text(refused):
    html = refused("1304-400", "server <script>alert(1)</script>", **basic())

    assert "<script>alert" not in html
