"""What a browser sends in the place of a passkey is looked at with distrust. The real ones are in tests/story."""

import base64
import json

import pytest
from allauth.mfa.models import Authenticator
from django.test import Client

from tests.people.steps import confirm, set_up_app, sign_in, who
from wizard.people.models import User


def text(words: bytes) -> str:
    return base64.urlsafe_b64encode(words).decode().rstrip("=")


def credential(**response: object) -> dict[str, object]:
    return {"id": text(b"x"), "rawId": text(b"x"), "type": "public-key", "response": response}


CLIENT_DATA = text(b'{"type": "webauthn.get", "challenge": "eA", "origin": "http://testserver"}')
JUNK = (
    "",
    "not json",
    "null",
    "[]",
    "7",
    '"text"',
    "{}",
    json.dumps(credential()),
    json.dumps({**credential(), "response": None}),
    json.dumps({**credential(), "id": 7, "rawId": [], "response": []}),
    json.dumps(credential(clientDataJSON=CLIENT_DATA)),
    json.dumps(credential(clientDataJSON="%%%", attestationObject="%%%", authenticatorData="%", signature="%")),
    json.dumps(credential(clientDataJSON=CLIENT_DATA, attestationObject=text(b"\xa0"))),
    json.dumps(credential(clientDataJSON=CLIENT_DATA, attestationObject=text(b"junk"))),
    json.dumps(credential(clientDataJSON=text(b"[]"), authenticatorData=text(b"x" * 37), signature=text(b"x"))),
    *(
        json.dumps(
            credential(clientDataJSON=CLIENT_DATA, authenticatorData=text(b"x" * 37), signature=text(b"x"), **whose)
        )
        for whose in (
            {},
            {"userHandle": text(b"1")},
            {"userHandle": text(b"zzzzzzzzzzzzz")},
            {"userHandle": text(b"\xff\xfe")},
            {"userHandle": 7},
            {"userHandle": None},
        )
    ),
)


@pytest.mark.parametrize("sent", JUNK)
def test_junk_signs_nobody_in(client: Client, alice: User, sent: str) -> None:
    client.get("/sign-in/passkey/", headers={"accept": "application/json"})
    answer = client.post("/sign-in/passkey/", {"credential": sent})
    assert (answer.status_code, answer["Location"]) == (302, "/sign-in/")
    assert who(client).is_anonymous


@pytest.mark.parametrize("sent", JUNK)
def test_junk_is_no_second_step(signed_in: Client, sent: str) -> None:
    set_up_app(signed_in)
    other = Client()
    sign_in(other)
    other.get("/sign-in/second-step/")
    assert other.post("/sign-in/second-step/", {"credential": sent}).status_code == 200
    assert who(other).is_anonymous


@pytest.mark.parametrize("sent", JUNK)
def test_junk_is_kept_as_no_passkey(signed_in: Client, sent: str) -> None:
    confirm(signed_in)
    signed_in.get("/account/passkeys/add/")
    answer = signed_in.post("/account/passkeys/add/", {"name": "Laptop", "credential": sent, "passwordless": "True"})
    assert answer.status_code == 200
    assert not Authenticator.objects.exists()


def test_it_asks_for_a_passkey_that_makes_sure_who_is_there(signed_in: Client) -> None:
    confirm(signed_in)
    options = signed_in.get("/account/passkeys/add/").context["js_data"]["creation_options"]["publicKey"]
    assert options["authenticatorSelection"]["userVerification"] == "required"
    assert options["authenticatorSelection"]["residentKey"] == "required"
    assert options["rp"] == {"id": "testserver", "name": "Connection Wizard"}
    for_sign_in = Client().get("/sign-in/passkey/", headers={"accept": "application/json"}).json()
    assert for_sign_in["request_options"]["publicKey"]["userVerification"] == "required"


def test_a_passkey_without_a_name_is_not_kept(signed_in: Client) -> None:
    confirm(signed_in)
    fields = {"name": "x" * 61, "credential": "{}", "passwordless": "True"}
    assert "name" in signed_in.post("/account/passkeys/add/", fields).context["form"].errors


def test_posts_of_passkeys_are_few_a_minute(client: Client, db: None) -> None:
    answers = [client.post("/sign-in/passkey/", {"credential": "{}"}).status_code for _ in range(11)]
    assert answers == [302] * 10 + [429]


def test_the_passkey_of_somebody_else_is_not_found(client: Client, alice: User, bob: User) -> None:
    of_bob = Authenticator.objects.create(user=bob, type="webauthn", data={"name": "Bob's", "credential": {}})
    client.force_login(alice)
    confirm(client)
    for path in ("", "remove/"):
        assert client.get(f"/account/passkeys/{of_bob.pk}/{path}").status_code == 404
        assert client.post(f"/account/passkeys/{of_bob.pk}/{path}", {"name": "Mine"}).status_code == 404
    assert Authenticator.objects.get(pk=of_bob.pk).data["name"] == "Bob's"


def test_its_pages_say_what_goes_without_javascript(signed_in: Client) -> None:
    confirm(signed_in)
    page = signed_in.get("/account/passkeys/add/").text
    assert "A passkey needs JavaScript" in page
    assert 'href="/account/two-step/app/"' in page
    assert "onclick" not in page
    assert "A password and a code do not" in Client().get("/sign-in/").text
