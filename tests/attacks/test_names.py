"""Unicode tricks in names: refused at the field, or kept as they are; never a page or a task that ends in them."""

import unicodedata
from collections.abc import Callable
from typing import Any
from urllib.parse import urlencode

import pytest
from django.test import Client

from tests.changing.steps import edited
from wizard.access.models import Invitation
from wizard.connections.models import BaseConnection, Change
from wizard.connections.statuses import Status
from wizard.people.models import User
from wizard.work import submitting

KEPT = {
    "homoglyphs": "Оrders",  # a Cyrillic O
    "combining": "Orders" + "\u0301" * 20,
    "four bytes": "Orders \U0001f600\U0001f468\u200d\U0001f469\u200d\U0001f467",
    "another script": "注文 الطلبات הזמנות",
    "ideographic blank": "Orders\u3000x",
    "quotes": "O'r\"d`e;r--s",
    "longest": "x" * 255,
    "longest of four bytes": "\U0001f600" * 255,
    "markup": "<b>Orders</b> & {{ x }}",
    "filters": 'x"=="y" name=="Orders", id=="1"',
    "a formula": "=HYPERLINK(1)",
    "joiners that a script needs": "می\u200cخواهم",
}
# They reorder or hide what people read, or cannot be stored or sent at all.
REFUSED = {
    "bidi override": "Orders \u202egpj.exe",
    "bidi isolate": "Orders \u2066x",
    "bidi embedding": "\u202bOrders",
    "zero width space": "Ord\u200bers",
    "word joiner": "Ord\u2060ers",
    "byte order mark": "Orders\ufeff",
    "soft hyphen": "Ord\u00aders",
    "tag characters": "Orders\U000e0041\U000e0042",
    "NUL": "Ord\0ers",
    "escape": "Orders\x1b[31m",
    "line break": "Orders\nX-Evil: 1",
    "carriage return": "Orders\r\nX-Evil: 1",
    "next line": "Orders\u0085x",
    "line separator": "Orders\u2028x",
    "paragraph separator": "Orders\u2029x",
    "delete": "Orders\x7f",
    "blanks alone": "\u3000 \u00a0",
    "nothing to see": "\u200d",
    "too long": "x" * 256,
}


@pytest.mark.parametrize("name", KEPT.values(), ids=KEPT)
def test_a_name_in_any_script_is_kept_shown_and_sent(
    signed_in: Client, asked_for: Callable[..., BaseConnection], flow_service: Any, name: str
) -> None:
    connection = asked_for(unicodedata.normalize("NFC", name), description=name)
    submitting.submit(connection.pk)
    connection.refresh_from_db()

    assert connection.status == Status.CONNECTED
    assert flow_service.requests("POST", "/connections")[-1]["body"]["name"] == connection.name
    for path in ("/", "/connections/", connection.get_absolute_url(), f"{connection.get_absolute_url()}edit/"):
        assert signed_in.get(path).status_code == 200
    assert signed_in.get("/connections/", {"q": name[:200]}).status_code == 200


@pytest.mark.parametrize("name", REFUSED.values(), ids=REFUSED)
def test_a_name_that_deceives_or_cannot_be_kept_is_refused_at_its_field(
    signed_in: Client, filled: Callable[..., dict[str, str]], name: str
) -> None:
    body = urlencode({**filled(), "name": name}, errors="surrogatepass")
    answer = signed_in.post("/connect/postgres/", body, content_type="application/x-www-form-urlencoded")

    assert answer.status_code == 422
    assert 'id="id_name_error"' in answer.text
    assert not BaseConnection.objects.asked_for().exists()
    for path in ("/", "/connect/"):
        assert signed_in.get(path).status_code == 200


@pytest.mark.parametrize("name", [*REFUSED.values(), "Orders\ud800"], ids=[*REFUSED, "half a pair"])
def test_a_search_for_such_a_name_finds_nothing_and_breaks_nothing(
    signed_in: Client, asked_for: Callable[..., BaseConnection], name: str
) -> None:
    asked_for()
    asked = urlencode(dict.fromkeys(("q", "source", "status"), name), errors="surrogatepass")
    for path in ("/connections/", "/connect/"):
        assert signed_in.get(f"{path}?{asked}").status_code == 200


def test_one_name_in_two_spellings_is_one_name(
    signed_in: Client, asked_for: Callable[..., BaseConnection], filled: Callable[..., dict[str, str]]
) -> None:
    """The same letters, composed and decomposed: no eye can tell them apart."""
    first = asked_for(unicodedata.normalize("NFC", "Café"))
    again = signed_in.post("/connect/postgres/", filled(unicodedata.normalize("NFD", "Café")))

    assert again.status_code == 422
    assert "exists in the sandbox" in again.text
    assert BaseConnection.objects.asked_for().get() == first


@pytest.mark.parametrize("email", ["mi\u212ae@example.com", "mike@example.com\u200b", "MIKE@example.com"])
def test_nobody_is_invited_in_the_place_of_somebody_else(signed_in: Client, organization: Any, email: str) -> None:
    User.objects.create_user("mike@example.com")
    form = {"email": email, "place": f"{organization.uuid}/", "role": "1"}

    assert signed_in.post("/people/invite/", form).status_code == 422
    assert not Invitation.objects.exists()


def test_a_name_that_somebody_chose_at_adobe_may_stay_in_an_edit(
    signed_in: Client, by_key: BaseConnection, flow_service: Any
) -> None:
    odd = unicodedata.normalize("NFD", "Café") + "\u200b"
    BaseConnection.objects.filter(pk=by_key.pk).update(name=odd)
    by_key.refresh_from_db()
    address = f"{by_key.get_absolute_url()}edit/"

    assert signed_in.post(address, edited(by_key, name=odd + "\u200b")).status_code == 422
    assert signed_in.post(address, edited(by_key, description="new")).status_code == 302
    assert Change.objects.get().labels == ["Description"]


def test_a_mountain_of_marks_is_refused_before_it_is_sorted(
    signed_in: Client, filled: Callable[..., dict[str, str]]
) -> None:
    """To compose it takes time by the square of its length."""
    mountain = "a" + "\u0315\u0300" * 500_000

    assert signed_in.post("/connect/postgres/", filled(mountain)).status_code == 422
