"""An authenticator app and recovery codes: set up, used, lost, and sealed in the database."""

import base64
import json
import re
from io import StringIO
from typing import Any

import pytest
from allauth.mfa.models import Authenticator
from allauth.mfa.totp.internal.auth import TOTP
from django.contrib.sessions.models import Session
from django.core.cache import cache
from django.core.management import call_command
from django.test import Client

from tests.people.steps import PASSWORD, browser_of, code_of, confirm, factor, set_up_app, sign_in, who
from wizard.environment import new_credential_key
from wizard.people import factors
from wizard.people.models import User
from wizard.vault import macs
from wizard.vault.keyring import CannotOpen
from wizard.vault.sealing import unseal

APP, CODES = "/account/two-step/app/", "/account/two-step/recovery-codes/"
# Digits only: a page may have any six of them somewhere, but not these.
WRONG = "000000"


@pytest.fixture
def secret(signed_in: Client) -> str:
    return set_up_app(signed_in)


def shown_codes(page: str) -> list[str]:
    return re.findall(r"<li><code>(\d{8})</code></li>", page)


def test_it_asks_for_the_password_before_a_factor_is_set_up(signed_in: Client) -> None:
    for url in (APP, "/account/passkeys/add/", CODES + "new/"):
        assert signed_in.get(url)["Location"].startswith("/account/confirm/?next=")
    assert "This is not your password" in confirm(signed_in, "wrong").text
    assert signed_in.get(APP).status_code == 302
    assert confirm(signed_in)["Location"] == "/account/two-step/"
    assert signed_in.get(APP).status_code == 200


def test_it_shows_the_key_as_an_image_that_the_policy_allows(signed_in: Client) -> None:
    confirm(signed_in)
    page = signed_in.get(APP)
    assert f"<code>{page.context['form'].secret}</code>" in page.text
    image = re.search(r'src="data:image/svg\+xml;base64,([^"]+)"', page.text)
    assert image
    assert b"<path" in base64.b64decode(image[1])
    assert "img-src 'self' data:" in page["Content-Security-Policy"]
    assert "no-store" in page["Cache-Control"]


def test_it_keeps_the_key_over_a_wrong_code(signed_in: Client, alice: User) -> None:
    confirm(signed_in)
    secret = signed_in.get(APP).context["form"].secret
    page = signed_in.post(APP, {"code": WRONG})
    assert "This code is not the right one" in page.text
    assert page.context["form"].secret == secret
    assert not Authenticator.objects.exists()


def test_it_asks_for_a_code_at_the_next_sign_in(secret: str, client: Client, alice: User) -> None:
    other = Client()
    assert sign_in(other)["Location"] == "/sign-in/second-step/"
    assert who(other).is_anonymous
    assert other.get("/connections/")["Location"].startswith("/sign-in/")
    assert "not the right one" in other.post("/sign-in/second-step/", {"code": WRONG}).text
    assert other.post("/sign-in/second-step/", {"code": code_of(secret)})["Location"] == "/"
    assert who(other) == alice


def test_it_leads_on_to_what_was_asked_for_after_the_code(secret: str) -> None:
    other = Client()
    sign_in(other, next="/connections/?q=orders")
    answer = other.post("/sign-in/second-step/", {"code": code_of(secret)})
    assert answer["Location"] == "/connections/?q=orders"


def test_a_code_works_once(secret: str) -> None:
    code = code_of(secret)
    for works in (True, False):
        other = Client()
        sign_in(other)
        other.post("/sign-in/second-step/", {"code": code})
        assert who(other).is_authenticated is works


def test_a_code_works_once_for_as_long_as_it_is_good(secret: str, monkeypatch: pytest.MonkeyPatch) -> None:
    """allauth remembers a used code for thirty seconds, and takes it for ninety."""
    monkeypatch.setattr(TOTP, "_mark_code_used", lambda *_: True)
    code = code_of(secret)
    for works in (True, False):
        other = Client()
        sign_in(other)
        other.post("/sign-in/second-step/", {"code": code})
        assert who(other).is_authenticated is works


def test_the_code_of_a_clock_that_is_half_a_minute_fast_is_good_too(secret: str) -> None:
    other = Client()
    sign_in(other)
    other.post("/sign-in/second-step/", {"code": code_of(secret, 1)})
    assert who(other).is_authenticated


def test_the_code_of_another_time_or_another_person_is_refused(secret: str, bob: User) -> None:
    bobs = browser_of(bob)
    of_bob = set_up_app(bobs)
    for code in (code_of(secret, -3), code_of(secret, 3), code_of(of_bob)):
        other = Client()
        sign_in(other)
        other.post("/sign-in/second-step/", {"code": code})
        assert who(other).is_anonymous


def test_codes_cannot_be_guessed(secret: str) -> None:
    other = Client()
    sign_in(other)
    for _ in range(5):
        other.post("/sign-in/second-step/", {"code": WRONG})
    assert "Too many" in other.post("/sign-in/second-step/", {"code": code_of(secret)}).text
    assert who(other).is_anonymous


def test_recovery_codes_are_shown_once_and_let_in_once(signed_in: Client, secret: str, alice: User) -> None:
    codes = shown_codes(signed_in.get(CODES).text)
    assert len(set(codes)) == 10
    again = signed_in.get(CODES).text
    assert not [code for code in codes if code in again]
    for works in (True, False):
        other = Client()
        sign_in(other)
        other.post("/sign-in/second-step/", {"code": codes[3]})
        assert who(other).is_authenticated is works
    assert "9 of your codes" in signed_in.get("/account/two-step/").text


def test_new_recovery_codes_replace_the_old_ones(signed_in: Client, secret: str) -> None:
    old = shown_codes(signed_in.get(CODES).text)
    assert signed_in.post(CODES + "new/")["Location"] == CODES
    new = shown_codes(signed_in.get(CODES).text)
    assert len(new) == 10
    assert not set(old) & set(new)
    other = Client()
    sign_in(other)
    other.post("/sign-in/second-step/", {"code": old[0]})
    assert who(other).is_anonymous


def test_recovery_codes_need_a_second_step_first(signed_in: Client) -> None:
    confirm(signed_in)
    signed_in.post(CODES + "new/")
    assert signed_in.get(CODES).status_code == 404
    assert not Authenticator.objects.exists()


def test_the_app_is_removed_with_its_recovery_codes(signed_in: Client, secret: str) -> None:
    assert signed_in.get(APP + "remove/").status_code == 200
    assert signed_in.post(APP + "remove/")["Location"] == "/account/two-step/"
    assert not Authenticator.objects.exists()
    assert sign_in(Client())["Location"] == "/"


def test_a_stolen_session_cannot_remove_the_app(alice: User, secret: str) -> None:
    stolen = browser_of(alice)
    assert stolen.post(APP + "remove/")["Location"].startswith("/account/confirm/")
    assert factor(alice)


def test_a_code_confirms_in_place_of_the_password(alice: User, secret: str) -> None:
    other = browser_of(alice)
    page = other.get("/account/confirm/?next=/account/two-step/")
    assert "/account/confirm/code/?next=" in page.text
    other.post("/account/confirm/code/", {"code": code_of(secret), "next": "/account/two-step/"})
    assert other.get(APP + "remove/").status_code == 200


# --- In the database ---


def test_no_secret_of_a_factor_is_kept_in_clear(signed_in: Client, alice: User) -> None:
    confirm(signed_in)
    secret = signed_in.get(APP).context["form"].secret
    kept = [json.dumps(session.get_decoded()) for session in Session.objects.all()]
    assert len(kept) == 1
    assert secret not in kept[0]
    signed_in.post(APP, {"code": code_of(secret)})
    codes = shown_codes(signed_in.get(CODES).text)
    rows = json.dumps(list(Authenticator.objects.values_list("data", flat=True)))
    sessions = "".join(json.dumps(session.get_decoded()) for session in Session.objects.all())
    assert not [text for text in (secret, *codes) if text in rows + sessions]
    assert (
        unseal(base64.b64decode(factor(alice).data["secret"]), "mfa.authenticator", "data", str(alice.pk)).open()
        == secret
    )


def test_a_sealed_secret_of_somebody_else_opens_nothing(secret: str, alice: User, bob: User) -> None:
    """Whoever can write to the database copies the row of their own app over that of another."""
    bobs = browser_of(bob)
    known_to_bob = set_up_app(bobs)
    Authenticator.objects.filter(pk=factor(alice).pk).update(data=factor(bob).data)
    other = Client()
    sign_in(other)
    other.post("/sign-in/second-step/", {"code": code_of(known_to_bob)})
    assert who(other).is_anonymous
    with pytest.raises(CannotOpen):
        unseal(base64.b64decode(factor(alice).data["secret"]), "mfa.authenticator", "data", str(alice.pk))


@pytest.mark.parametrize("kept", ["", "not base64 at all", base64.b64encode(b"too short").decode()])
def test_an_unreadable_factor_lets_nobody_in_and_says_so(
    signed_in: Client, secret: str, alice: User, kept: str
) -> None:
    codes = shown_codes(signed_in.get(CODES).text)
    Authenticator.objects.filter(pk=factor(alice).pk).update(data={"secret": kept})
    other = Client()
    sign_in(other)
    assert "not the right one" in other.post("/sign-in/second-step/", {"code": code_of(secret)}).text
    other.post("/sign-in/second-step/", {"code": codes[0]})
    assert who(other) == alice
    assert "cannot be used any more" in other.get("/account/").text
    confirm(other)
    other.post(APP + "remove/")
    assert "cannot be used any more" not in other.get("/account/").text


def test_factors_are_sealed_anew_with_the_first_key_and_stay_good(
    signed_in: Client, secret: str, alice: User, settings: Any
) -> None:
    codes = shown_codes(signed_in.get(CODES).text)
    other = Client()
    sign_in(other)
    other.post("/sign-in/second-step/", {"code": codes[0]})
    settings.CREDENTIAL_KEYS = [new_credential_key(), *settings.CREDENTIAL_KEYS]
    call_command("rotate_keys", stdout=StringIO())
    settings.CREDENTIAL_KEYS = settings.CREDENTIAL_KEYS[:1]
    macs.forget()

    assert factor(alice, "recovery_codes").data["used_mask"] == 1
    cache.clear()
    other = Client()
    sign_in(other)
    other.post("/sign-in/second-step/", {"code": code_of(secret)})
    assert who(other) == alice


def test_an_administrator_takes_lost_factors_away(secret: str, alice: User, bob: User) -> None:
    bobs = browser_of(bob)
    set_up_app(bobs)
    factors.forget(alice, bob)
    assert not Authenticator.objects.filter(user=bob).exists()
    assert Authenticator.objects.filter(user=alice).exists()
    assert sign_in(Client(), bob.email, PASSWORD)["Location"] == "/"


def test_an_account_that_is_closed_between_the_steps_lets_nobody_in(signed_in: Client, alice: User) -> None:
    """Nor does it when it is opened again: the session has not begun."""
    secret = set_up_app(signed_in)
    other = Client()
    sign_in(other)
    User.objects.filter(pk=alice.pk).update(is_active=False)
    other.post("/sign-in/second-step/", {"code": code_of(secret, 1)})
    User.objects.filter(pk=alice.pk).update(is_active=True)
    assert other.get("/account/").status_code == 302
