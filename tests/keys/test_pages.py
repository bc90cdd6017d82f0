"""The key page and the recovery sheet: for administrators, and never with a key."""

import pytest
from django.core.cache import cache

from tests.vault.former import make_former
from wizard.connections.models import BaseConnection
from wizard.environment import new_credential_key
from wizard.people.models import User
from wizard.record.kinds import Kind
from wizard.record.models import Event
from wizard.vault import canary
from wizard.vault.sealing import key_ring

PASSWORD = "correct horse battery"


@pytest.fixture
def house(asked_for, settings):
    # It counts the tries.
    cache.clear()
    canary.ensure(is_new=True)
    asked_for()
    return settings


def page(client, url, **data):
    answer = client.post(url, data) if data else client.get(url)
    return answer.status_code, answer.content.decode()


def assert_no_key(settings, html):
    assert not [key for key in settings.CREDENTIAL_KEYS if key in html or key.rstrip("=") in html]


@pytest.mark.parametrize("url", ["/keys/", "/keys/sheet/"])
def test_they_are_for_administrators_alone(client, house, bob, charlie, url):
    client.logout()
    assert client.get(url).status_code == 302
    for person in (bob, charlie):
        client.force_login(person)
        assert page(client, url)[0] == 403
        assert page(client, url, password=PASSWORD)[0] in (403, 405)
        assert 'href="/keys/"' not in page(client, "/")[1]
    assert not Event.objects.filter(kind=Kind.RECOVERY_SHEET).exists()


def test_the_page_shows_what_each_key_seals(signed_in, house):
    status, html = page(signed_in, "/keys/")
    assert status == 200
    assert f"<code>{key_ring().keys[0].id.hex()}</code>" in html
    assert "<code>connections.baseconnection.auth_params</code> 1" in html
    assert "It opens with these keys" in html
    assert "Nothing is to be done" in html
    assert 'href="/keys/" aria-current="page"' in html
    assert_no_key(house, html)


def test_the_page_says_what_to_do_next(signed_in, house):
    make_former(BaseConnection.objects.get())
    house.CREDENTIAL_KEYS = [*house.CREDENTIAL_KEYS, new_credential_key()]
    html = page(signed_in, "/keys/")[1]
    assert "Run “manage.py rotate_keys”" in html
    assert "If it is the next one, put it first" in html
    assert_no_key(house, html)


def test_a_key_that_is_missing_is_shown_as_such(signed_in, house):
    old = key_ring().keys[0].id.hex()
    house.CREDENTIAL_KEYS = [new_credential_key()]
    html = page(signed_in, "/keys/")[1]
    assert old in html
    assert "Missing" in html
    assert "The canary does not open" in html


def test_the_sheet_asks_for_the_password_first(signed_in, house):
    status, html = page(signed_in, "/keys/sheet/")
    assert status == 200
    assert key_ring().keys[0].id.hex() not in html
    status, html = page(signed_in, "/keys/sheet/", password="wrong")
    assert (status, "This is not your password." in html) == (422, True)
    assert "wrong" not in html
    assert not Event.objects.filter(kind=Kind.RECOVERY_SHEET).exists()


def test_the_sheet_holds_fingerprints_and_steps_and_no_key_and_is_kept_nowhere(signed_in, house, alice):
    answer = signed_in.post("/keys/sheet/", {"password": PASSWORD})
    html = answer.content.decode()
    assert answer.status_code == 200
    assert f"<code>{key_ring().keys[0].id.hex()}</code>, seals" in html
    assert "manage.py recovery_drill" in html
    assert "SQLite file" in html or "PostgreSQL database" in html
    assert_no_key(house, html)
    assert "no-store" in answer["Cache-Control"]
    event = Event.objects.get(kind=Kind.RECOVERY_SHEET)
    assert (event.actor, event.outcome, event.details) == (alice, "succeeded", {})


def test_passwords_are_not_tried_without_end(signed_in, house):
    """As few as at the sign-in, together with those there, and on record."""
    tries = [page(signed_in, "/keys/sheet/", password=f"wrong {number}")[1] for number in range(6)]
    assert ["Too many failed attempts" in html for html in tries] == [False] * 5 + [True]
    assert "Too many failed attempts" in page(signed_in, "/keys/sheet/", password=PASSWORD)[1]
    assert Event.objects.filter(kind=Kind.SIGN_IN_FAILED).count() == 5


def test_somebody_without_a_password_is_sent_to_the_command(client, house):
    person = User.objects.create_user("sso@example.com", is_admin=True)
    client.force_login(person)
    assert "Your account has no password" in page(client, "/keys/sheet/")[1]
    assert page(client, "/keys/sheet/", password="x")[0] == 422
