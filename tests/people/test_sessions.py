"""Where somebody is signed in: listed, ended one by one or all at once, and ended by themselves."""

import time
from datetime import timedelta

import pytest
from allauth.usersessions.models import UserSession
from django.contrib.sessions.models import Session
from django.test import Client
from django.utils import timezone

from tests.people.steps import PASSWORD, browser_of, code_of, set_up_app, sign_in, who
from wizard.people import middleware
from wizard.people.devices import device
from wizard.people.models import User

FIREFOX = "Mozilla/5.0 (Windows NT 10.0; Win64; x64; rv:140.0) Gecko/20100101 Firefox/140.0"
SAFARI = "Mozilla/5.0 (iPhone; CPU iPhone OS 18_5 like Mac OS X) AppleWebKit/605.1.15 Version/18.5 Safari/604.1"
EDGE = "Mozilla/5.0 (Windows NT 10.0) AppleWebKit/537.36 (KHTML, like Gecko) Chrome/140.0 Safari/537.36 Edg/140.0"


@pytest.fixture
def here(client: Client, alice: User) -> Client:
    sign_in(client)
    return client


@pytest.fixture
def elsewhere(alice: User) -> Client:
    """Alice in another browser, at another address."""
    other = Client(headers={"user-agent": FIREFOX}, REMOTE_ADDR="192.0.2.7")
    sign_in(other)
    return other


def is_in(client: Client) -> bool:
    return client.get("/account/").status_code == 200


def row_of(client: Client) -> UserSession:
    return UserSession.objects.get(session_key=client.session.session_key)


def test_it_lists_where_somebody_is_signed_in(here: Client, elsewhere: Client, bob: User) -> None:
    sign_in(Client(REMOTE_ADDR="203.0.113.9"), bob.email)
    page = here.get("/account/sessions/").text
    assert "Firefox on Windows" in page
    assert "192.0.2.7" in page
    assert "203.0.113.9" not in page
    assert page.count("this one") == 1
    assert "Signed in at 2 places" in here.get("/account/").text


@pytest.mark.parametrize(
    ("user_agent", "words"),
    [
        (FIREFOX, "Firefox on Windows"),
        (SAFARI, "Safari on iPhone"),
        (EDGE, "Edge on Windows"),
        ("curl/8.5.0", "curl/8.5.0"),
        ("x" * 300, "x" * 60),
        ("", "An unnamed program"),
    ],
)
def test_a_browser_is_named_in_words(user_agent: str, words: str) -> None:
    assert device(user_agent) == words


def test_what_a_browser_calls_itself_is_text_and_nothing_else(here: Client, alice: User) -> None:
    sign_in(Client(headers={"user-agent": "<script>alert(1)</script>"}))
    page = here.get("/account/sessions/").text
    assert "<script>alert" not in page
    assert "&lt;script&gt;alert" in page


def test_it_ends_one_session(here: Client, elsewhere: Client) -> None:
    here.post(f"/account/sessions/{row_of(elsewhere).pk}/end/")
    assert is_in(here)
    assert not is_in(elsewhere)


def test_it_ends_this_session(here: Client, elsewhere: Client) -> None:
    assert here.post(f"/account/sessions/{row_of(here).pk}/end/")["Location"] == "/sign-in/"
    assert not is_in(here)
    assert is_in(elsewhere)


def test_it_ends_all_other_sessions(here: Client, elsewhere: Client, bob: User) -> None:
    bobs = Client()
    sign_in(bobs, bob.email)
    assert "Sign out everywhere else" in here.get("/account/sessions/").text
    assert here.post("/account/sessions/")["Location"] == "/account/sessions/"
    assert is_in(here)
    assert not is_in(elsewhere)
    assert is_in(bobs)
    assert "Sign out everywhere else" not in here.get("/account/sessions/").text


def test_it_also_ends_a_session_that_began_without_a_sign_in_page(here: Client, alice: User) -> None:
    other = browser_of(alice)
    assert is_in(other)
    here.post("/account/sessions/")
    assert not is_in(other)


def test_nobody_ends_the_session_of_somebody_else(here: Client, bob: User) -> None:
    bobs = Client()
    sign_in(bobs, bob.email)
    assert bobs.post(f"/account/sessions/{row_of(here).pk}/end/").status_code == 404
    assert here.get(f"/account/sessions/{row_of(here).pk}/end/").status_code == 405
    assert is_in(here)


def test_a_password_change_ends_the_other_sessions_and_takes_them_off_the_list(here: Client, elsewhere: Client) -> None:
    new = "another horse battery"
    answer = here.post("/account/password/", {"oldpassword": PASSWORD, "password1": new, "password2": new})
    assert answer["Location"] == "/account/"
    assert is_in(here)
    assert not is_in(elsewhere)
    assert "192.0.2.7" not in here.get("/account/sessions/").text


def test_a_closed_account_is_out_at_once(here: Client, alice: User) -> None:
    User.objects.filter(pk=alice.pk).update(is_active=False)
    assert not is_in(here)


def test_a_session_key_changes_at_sign_in(client: Client, alice: User) -> None:
    """One that was planted in the browser before is worth nothing after."""
    client.session["planted"] = "x"
    session = client.session
    session["planted"] = "x"
    session.save()
    client.cookies["wizard_session"] = session.session_key
    planted = session.session_key
    sign_in(client)
    assert who(client) == alice
    assert client.session.session_key != planted
    assert not Session.objects.filter(session_key=planted).exists()


def test_a_session_key_changes_after_the_second_step(signed_in: Client) -> None:
    secret = set_up_app(signed_in)
    other = Client()
    sign_in(other)
    halfway = other.session.session_key
    other.post("/sign-in/second-step/", {"code": code_of(secret)})
    assert who(other).is_authenticated
    assert other.session.session_key != halfway
    assert not Session.objects.filter(session_key=halfway).exists()


def test_it_ends_after_a_week_whatever_its_use(here: Client, monkeypatch: pytest.MonkeyPatch) -> None:
    is_in(here)
    later = time.time() + timedelta(days=7, seconds=-5).total_seconds()
    monkeypatch.setattr(middleware.time, "time", lambda: later)
    assert is_in(here)
    monkeypatch.setattr(middleware.time, "time", lambda: later + 10)
    assert not is_in(here)


def test_it_ends_twelve_hours_after_its_last_use(here: Client, monkeypatch: pytest.MonkeyPatch) -> None:
    def left() -> timedelta:
        return Session.objects.get(session_key=here.session.session_key).expire_date - timezone.now()

    is_in(here)
    assert timedelta(hours=11, minutes=59) < left() <= timedelta(hours=12)
    Session.objects.update(expire_date=timezone.now() + timedelta(hours=1))
    is_in(here)
    assert left() <= timedelta(hours=1), "It is noted once a minute, not at every request."
    later = time.time() + 61
    monkeypatch.setattr(middleware.time, "time", lambda: later)
    is_in(here)
    assert left() > timedelta(hours=11)
    Session.objects.update(expire_date=timezone.now() - timedelta(seconds=1))
    assert not is_in(here)


def test_it_notes_when_a_session_was_seen(here: Client, monkeypatch: pytest.MonkeyPatch) -> None:
    is_in(here)
    UserSession.objects.update(last_seen_at=timezone.now() - timedelta(days=1))
    is_in(here)
    assert row_of(here).last_seen_at < timezone.now() - timedelta(hours=23)
    later = time.time() + 61
    monkeypatch.setattr(middleware.time, "time", lambda: later)
    is_in(here)
    assert row_of(here).last_seen_at > timezone.now() - timedelta(minutes=1)
