"""What happens at sign-in is on record: how and for whom, and never what was typed."""

import json

import pytest
from django.test import Client

from tests.people.steps import PASSWORD, code_of, confirm, set_up_app, sign_in
from wizard.people import services
from wizard.people.models import User
from wizard.record.kinds import Kind
from wizard.record.models import Event

TYPED = "a wrong one that i typed"


def said(kind: Kind) -> list[tuple[str | None, str]]:
    """Who and what, of the events of that kind."""
    events = Event.objects.filter(kind=kind).select_related("actor")
    return [(event.actor.email if event.actor else None, event.message) for event in events]


def details(kind: Kind) -> dict[str, object]:
    return dict(Event.objects.filter(kind=kind).latest("pk").details)


def test_a_sign_in_by_password(client: Client, alice: User) -> None:
    sign_in(client)
    assert said(Kind.SIGNED_IN) == [("alice@example.com", "By password")]
    assert details(Kind.SIGNED_IN) == {"how": ["password"]}


def test_a_sign_in_by_password_and_app(signed_in: Client) -> None:
    secret = set_up_app(signed_in)
    other = Client()
    sign_in(other)
    assert said(Kind.SIGNED_IN) == []
    other.post("/sign-in/second-step/", {"code": code_of(secret)})
    assert said(Kind.SIGNED_IN) == [("alice@example.com", "By password and authenticator app")]


def test_the_first_sign_in(client: Client, db: None) -> None:
    token = services.issue_first_link()
    fields = {"email": "alice@example.com", "password1": PASSWORD, "password2": PASSWORD}
    client.post(f"/first/{token}/", fields)
    assert said(Kind.SIGNED_IN) == [("alice@example.com", "By first link")]


def test_a_wrong_password_names_the_account_that_was_meant(client: Client, alice: User) -> None:
    sign_in(client, "Alice@example.com", TYPED)
    assert said(Kind.SIGN_IN_FAILED) == [(None, "E-mail and password do not belong together")]
    assert details(Kind.SIGN_IN_FAILED) == {"account": "alice@example.com", "how": ["password"]}


def test_a_confirmation_that_is_refused_names_the_person_who_is_signed_in(signed_in: Client, alice: User) -> None:
    confirm(signed_in, TYPED)
    assert said(Kind.SIGN_IN_FAILED) == [(alice.email, "E-mail and password do not belong together")]
    signed_in.post("/keys/sheet/", {"password": TYPED})
    assert said(Kind.SIGN_IN_FAILED)[1:] == [(alice.email, "E-mail and password do not belong together")]


def test_nothing_that_was_typed_is_kept(client: Client, db: None) -> None:
    sign_in(client, "my-password-by-mistake@example.com", TYPED)
    assert details(Kind.SIGN_IN_FAILED) == {"how": ["password"]}
    kept = json.dumps(list(Event.objects.values("message", "details", "outcome")))
    assert "mistake" not in kept
    assert TYPED not in kept


def test_a_closed_account_is_refused_once_on_record(client: Client, alice: User) -> None:
    User.objects.filter(pk=alice.pk).update(is_active=False)
    sign_in(client)
    assert said(Kind.SIGN_IN_FAILED) == [(None, "The account is closed")]
    assert said(Kind.SIGNED_IN) == []


def test_a_wrong_code(signed_in: Client) -> None:
    set_up_app(signed_in)
    other = Client()
    sign_in(other)
    other.post("/sign-in/second-step/", {"code": "000000"})
    assert said(Kind.SIGN_IN_FAILED) == [(None, "The code of the second step was not the right one")]
    assert details(Kind.SIGN_IN_FAILED) == {"account": "alice@example.com", "how": ["authenticator app"]}


def test_a_sign_out(client: Client, alice: User) -> None:
    sign_in(client)
    client.post("/sign-out/")
    client.post("/sign-out/")
    assert said(Kind.SIGNED_OUT) == [("alice@example.com", "")]


def test_a_changed_password(signed_in: Client) -> None:
    new = "another horse battery"
    signed_in.post("/account/password/", {"oldpassword": PASSWORD, "password1": new, "password2": new})
    assert said(Kind.PASSWORD_CHANGED) == [("alice@example.com", "All other sessions ended")]
    assert new not in json.dumps(details(Kind.PASSWORD_CHANGED))


@pytest.mark.django_db(transaction=True)
def test_factors_that_come_and_go(signed_in: Client) -> None:
    set_up_app(signed_in)
    confirm(signed_in)
    signed_in.post("/account/two-step/recovery-codes/new/")
    signed_in.post("/account/two-step/app/remove/")
    added = [message for _, message in said(Kind.FACTOR_ADDED)]
    assert sorted(added) == ["Authenticator app", "Recovery codes", "Recovery codes"]
    assert sorted(said(Kind.FACTOR_REMOVED)) == [
        ("alice@example.com", "Authenticator app"),
        ("alice@example.com", "Recovery codes"),
    ]


def test_sessions_that_were_ended(client: Client, alice: User) -> None:
    for other in (client, Client(), Client()):
        sign_in(other)
    client.post("/account/sessions/")
    client.post("/account/sessions/")
    assert said(Kind.SESSIONS_ENDED) == [("alice@example.com", "Signed out elsewhere: 2 sessions")]
    assert details(Kind.SESSIONS_ENDED) == {"sessions": 2}
