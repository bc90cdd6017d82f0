"""Sign-in at an OpenID provider: whom it lets in, and whom not."""

import json
from collections.abc import Iterator
from typing import Any
from urllib.parse import parse_qs, urlsplit

import pytest
from allauth.account.models import EmailAddress
from allauth.socialaccount.models import SocialAccount, SocialToken
from django.contrib.sessions.models import Session
from django.test import Client

from tests.people.provider import CLIENT_ID, SECRET, Honest, honest_provider, settings_for, start
from tests.people.steps import PASSWORD, code_of, set_up_app, sign_in, who
from wizard.people.models import User
from wizard.record.kinds import Kind
from wizard.record.models import Event


@pytest.fixture(scope="module")
def running() -> Iterator[Honest]:
    with honest_provider() as provider:
        yield provider


@pytest.fixture
def provider(running: Honest, settings: Any) -> Honest:
    for name, value in settings_for(running.issuer).items():
        setattr(settings, name, value)
    running.knows("sub-of-alice", email="alice@example.com", email_verified=True, name="Alice Liddell")
    return running


def come_back(client: Client, provider: Honest, sub: str = "sub-of-alice", **fields: str) -> Any:
    """The whole way: the button, the provider, and back."""
    return client.get(provider.agree(start(client, **fields), sub))


def test_it_lets_somebody_in_whose_address_has_an_account(client: Client, alice: User, provider: Honest) -> None:
    assert "Sign in with Example ID" in client.get("/sign-in/").text
    assert come_back(client, provider)["Location"] == "/"
    assert who(client) == alice
    event = Event.objects.get(kind=Kind.SIGNED_IN)
    assert (event.actor, event.message) == (alice, "By single sign-on")


def test_it_needs_no_password(client: Client, provider: Honest, db: None) -> None:
    person = User.objects.create_user("Alice@Example.com")
    come_back(client, provider)
    assert who(client) == person
    assert not User.objects.get().has_usable_password()
    assert client.get("/account/").status_code == 200


def test_a_password_that_is_there_stays(client: Client, alice: User, provider: Honest) -> None:
    """allauth would wipe it, and end all sessions, of an address that it has not verified itself."""
    before = Client()
    sign_in(before)
    come_back(client, provider)
    come_back(Client(), provider)
    assert before.get("/account/").status_code == 200
    assert sign_in(Client())["Location"] == "/"
    assert not EmailAddress.objects.exists()


def test_it_sends_the_browser_on_with_pkce_and_no_secret(client: Client, provider: Honest, db: None) -> None:
    url = start(client, next="/connections/")
    asked = parse_qs(urlsplit(url).query)
    assert url.startswith(f"{provider.issuer}/oauth2/authorize?")
    assert (asked["client_id"], asked["response_type"]) == ([CLIENT_ID], ["code"])
    assert asked["code_challenge_method"] == ["S256"]
    assert len(asked["code_challenge"][0]) == 43
    assert sorted(asked["scope"][0].split()) == ["email", "openid"]
    assert asked["redirect_uri"] == ["http://testserver/sign-in/single/back/"]
    assert SECRET not in url


def test_it_is_led_on_by_a_page_since_a_form_may_not_lead_elsewhere(client: Client, provider: Honest, db: None) -> None:
    page = client.post("/sign-in/single/")
    assert '<meta http-equiv="refresh" content="0; url=http' in page.text
    assert "form-action 'self'" in page["Content-Security-Policy"]
    assert "no-store" in page["Cache-Control"]
    assert client.get("/sign-in/single/").status_code == 405
    assert Client(enforce_csrf_checks=True).post("/sign-in/single/").status_code == 403


def test_the_address_of_the_button_changes_nothing_of_what_is_asked(client: Client, provider: Honest, db: None) -> None:
    tampered = "/sign-in/single/?scope=offline_access&auth_params=redirect_uri%3Dhttps%3A//evil.example&process=connect"
    url = str(client.post(tampered).context["url"])
    assert "evil" not in url
    assert "offline" not in url


def test_it_leads_back_to_what_was_asked_for(client: Client, alice: User, provider: Honest) -> None:
    assert come_back(client, provider, next="/connections/?q=orders")["Location"] == "/connections/?q=orders"


@pytest.mark.parametrize("where", ["https://evil.example/", "//evil.example", "/\\evil.example", "javascript:alert(1)"])
def test_it_leads_back_to_nowhere_else(client: Client, alice: User, provider: Honest, where: str) -> None:
    assert come_back(client, provider, next=where)["Location"] == "/"


def test_it_keeps_no_more_than_it_needs(client: Client, alice: User, provider: Honest) -> None:
    come_back(client, provider)
    kept = SocialAccount.objects.get()
    assert (kept.user, kept.uid) == (alice, "sub-of-alice")
    assert kept.extra_data == {"sub": "sub-of-alice", "email": "alice@example.com", "email_verified": True}
    assert not SocialToken.objects.exists()


def test_the_second_step_is_asked_for_all_the_same(signed_in: Client, alice: User, provider: Honest) -> None:
    secret = set_up_app(signed_in)
    other = Client()
    assert come_back(other, provider)["Location"] == "/sign-in/second-step/"
    assert who(other).is_anonymous
    halfway = json.dumps(Session.objects.get(session_key=other.session.session_key).get_decoded())
    assert "access_token" not in halfway
    assert '"token"' not in halfway
    other.post("/sign-in/second-step/", {"code": code_of(secret)})
    assert who(other) == alice
    assert Event.objects.filter(message="By single sign-on and authenticator app").exists()


def test_a_session_key_changes(client: Client, alice: User, provider: Honest) -> None:
    url = start(client)
    before = client.session.session_key
    client.get(provider.agree(url, "sub-of-alice"))
    assert who(client) == alice
    assert client.session.session_key != before


# --- Whom it does not let in ---


@pytest.mark.parametrize(
    "claims",
    [
        {"email": "alice@example.com", "email_verified": False},
        {"email": "alice@example.com", "email_verified": "yes"},
        {"email": "alice@example.com", "email_verified": 1},
        {"email": "alice@example.com", "email_verified": None},
        {"email": "alice@example.com"},
        {"email": "nobody@example.com", "email_verified": True},
        {"email": "alice@example.com.evil.example", "email_verified": True},
        {"email": "alice@exаmple.com", "email_verified": True},
        {"email": "", "email_verified": True},
        {"email_verified": True},
    ],
)
def test_it_refuses_whom_nobody_here_knows(
    client: Client, alice: User, provider: Honest, claims: dict[str, Any]
) -> None:
    provider.knows("stranger", **claims)
    page = come_back(client, provider, "stranger")
    assert page.status_code == 403
    assert "There is no account for you here" in page.text
    assert who(client).is_anonymous
    assert list(User.objects.all()) == [alice]
    assert not SocialAccount.objects.exists()
    event = Event.objects.get(kind=Kind.SIGN_IN_FAILED)
    assert event.details == {"how": ["single sign-on"]}


def test_it_looks_at_the_address_every_time(client: Client, alice: User, bob: User, provider: Honest) -> None:
    """A person of alice's at the provider who is given another address there is not alice any more, nor bob."""
    come_back(client, provider)
    for claims in ({"email": alice.email, "email_verified": False}, {"email": bob.email, "email_verified": True}):
        provider.knows("sub-of-alice", **claims)
        other = Client()
        assert come_back(other, provider).status_code == 403
        assert who(other).is_anonymous


def test_a_closed_account_stays_closed(client: Client, alice: User, provider: Honest) -> None:
    come_back(client, provider)
    User.objects.filter(pk=alice.pk).update(is_active=False)
    assert client.get("/account/").status_code == 302
    other = Client()
    assert come_back(other, provider)["Location"] == "/sign-in/closed/"
    assert who(other).is_anonymous
    assert other.get("/account/").status_code == 302
    event = Event.objects.get(kind=Kind.SIGN_IN_FAILED)
    assert event.message == "The account is closed"
    assert event.details == {"account": alice.email, "how": ["single sign-on"]}


def test_a_closed_account_is_not_linked(client: Client, alice: User, provider: Honest) -> None:
    User.objects.filter(pk=alice.pk).update(is_active=False)
    assert come_back(client, provider)["Location"] == "/sign-in/closed/"
    assert not SocialAccount.objects.exists()


@pytest.mark.parametrize("state", ["", "wrong", "x" * 5000])
def test_a_wrong_state_signs_nobody_in(client: Client, alice: User, provider: Honest, state: str) -> None:
    path = provider.agree(start(client), "sub-of-alice")
    code = parse_qs(urlsplit(path).query)["code"][0]
    answer = client.get("/sign-in/single/back/", {"code": code, "state": state})
    assert answer.status_code == 401
    assert "The sign-in did not work" in answer.text
    assert who(client).is_anonymous


def test_a_way_back_works_once_and_in_one_browser(client: Client, alice: User, provider: Honest) -> None:
    """Nobody is signed in by a link that somebody else has made."""
    path = provider.agree(start(client), "sub-of-alice")
    victim = Client()
    assert victim.get(path).status_code == 401
    assert who(victim).is_anonymous
    assert client.get(path)["Location"] == "/"
    client.post("/sign-out/")
    assert client.get(path).status_code == 401


def test_it_says_when_somebody_called_it_off(client: Client, alice: User, provider: Honest) -> None:
    state = parse_qs(urlsplit(start(client)).query)["state"][0]
    page = client.get("/sign-in/single/back/", {"error": "access_denied", "state": state})
    assert page.status_code == 200
    assert "called off" in page.text
    assert who(client).is_anonymous


def test_somebody_who_is_signed_in_already_goes_home(signed_in: Client, provider: Honest) -> None:
    assert signed_in.post("/sign-in/single/")["Location"] == "/"


def test_it_takes_the_place_of_whoever_was_signed_in(client: Client, alice: User, bob: User, provider: Honest) -> None:
    path = provider.agree(start(client), "sub-of-alice")
    sign_in(client, bob.email)
    client.get(path)
    assert who(client) in (alice, bob)
    assert SocialAccount.objects.filter(user=bob).count() == 0


# --- Settings ---


def test_without_an_issuer_there_is_no_button_and_no_way(client: Client, alice: User) -> None:
    assert "Sign in with" not in client.get("/sign-in/").text.replace("Sign in with a passkey", "")
    assert client.post("/sign-in/single/").status_code == 404
    assert client.get("/sign-in/single/back/?code=x&state=y").status_code == 404


def test_with_oidc_only_a_password_is_neither_asked_for_nor_taken(
    client: Client, alice: User, provider: Honest, settings: Any
) -> None:
    settings.OIDC_ONLY = True
    page = client.get("/sign-in/").text
    assert "Sign in with Example ID" in page
    assert "password" not in page.lower()
    assert "passkey" not in page.lower()
    for path in ("/sign-in/", "/sign-in/passkey/", "/sign-in/forgotten/", "/sign-in/new-password/1-x/"):
        assert client.post(path, {"login": alice.email, "password": PASSWORD}).status_code == 403, path
    assert client.get("/sign-in/forgotten/").status_code == 403
    assert who(client).is_anonymous
    come_back(client, provider)
    assert who(client) == alice


def test_with_oidc_only_an_account_has_no_password_to_change(
    client: Client, alice: User, provider: Honest, settings: Any
) -> None:
    settings.OIDC_ONLY = True
    come_back(client, provider)
    assert "Password" not in client.get("/account/").text
    for path in ("/account/password/", "/account/password/first/", "/account/confirm/"):
        assert client.get(path).status_code == 403, path
    # Nothing else could confirm who they are.
    secret = client.get("/account/two-step/app/").context["form"].secret
    client.post("/account/two-step/app/", {"code": code_of(secret)})
    assert client.get("/account/two-step/app/remove/")["Location"].startswith("/account/confirm/code/")


def test_the_secret_of_the_client_is_in_no_page(client: Client, alice: User, provider: Honest) -> None:
    pages = [client.get("/sign-in/"), client.post("/sign-in/single/"), come_back(client, provider, "stranger")]
    assert not [page for page in pages if SECRET in page.text]


def test_a_sign_that_only_looks_like_a_letter_opens_no_account(client: Client, provider: Honest, db: None) -> None:
    """The sign for Kelvin, made small, is the letter k."""
    User.objects.create_user("mark@example.com", PASSWORD)
    provider.knows("sub-of-mallory", email="mar\u212a@example.com", email_verified=True)
    assert come_back(client, provider, "sub-of-mallory").status_code == 403
    assert who(client).is_anonymous
