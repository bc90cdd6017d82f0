"""A provider that lies, breaks, or leads elsewhere signs nobody in, and is asked nothing where it has no business."""

import time
from collections.abc import Callable, Iterator
from typing import Any
from urllib.parse import parse_qs, urlsplit

import pytest
import requests
from cryptography.hazmat.primitives.serialization import Encoding, PublicFormat
from django.test import Client

from tests.people.provider import ANOTHER_KEY, KEY, SECRET, Crooked, crooked_provider, settings_for, start
from tests.people.steps import who
from wizard.people.models import User
from wizard.people.single_sign_on import IssuerSession

BACK = "/sign-in/single/back/"


@pytest.fixture
def provider(settings: Any) -> Iterator[Crooked]:
    with crooked_provider() as crooked:
        for name, value in settings_for(crooked.issuer).items():
            setattr(settings, name, value)
        yield crooked


def come_back(client: Client) -> Any:
    state = parse_qs(urlsplit(start(client)).query)["state"][0]
    return client.get(BACK, {"code": "a code", "state": state})


def test_it_is_believed_while_it_is_straight(client: Client, alice: User, provider: Crooked) -> None:
    assert come_back(client)["Location"] == "/"
    assert who(client) == alice
    assert provider.asked == [
        "/.well-known/openid-configuration",
        "/.well-known/openid-configuration",
        "/token",
        "/jwks",
    ]
    assert provider.sent["client_secret"] == [SECRET]
    assert len(provider.sent["code_verifier"][0]) >= 43


def of_another_issuer(provider: Crooked) -> None:
    provider.claims["iss"] = "https://another.example"


def for_another_client(provider: Crooked) -> None:
    provider.claims["aud"] = "another"


def for_nobody(provider: Crooked) -> None:
    del provider.claims["sub"]


def about_a_number(provider: Crooked) -> None:
    provider.claims["sub"] = 7


def expired(provider: Crooked) -> None:
    provider.claims["exp"] = int(time.time()) - 60


def without_an_end(provider: Crooked) -> None:
    del provider.claims["exp"]


def signed_by_another(provider: Crooked) -> None:
    provider.key = ANOTHER_KEY


def signed_by_an_unknown_key(provider: Crooked) -> None:
    provider.headers = {"kid": "2"}


def unsigned(provider: Crooked) -> None:
    provider.key, provider.algorithm = None, "none"


def signed_with_the_clients_secret(provider: Crooked) -> None:
    provider.key, provider.algorithm = SECRET.ljust(32, "."), "HS256"


def signed_with_the_public_key_as_a_secret(provider: Crooked) -> None:
    provider.key = KEY.public_key().public_bytes(Encoding.DER, PublicFormat.SubjectPublicKeyInfo)
    provider.algorithm = "HS256"


def with_userinfo_about_somebody_else(provider: Crooked) -> None:
    del provider.claims["email"]
    provider.userinfo = {"sub": "mallory", "email": "alice@example.com", "email_verified": True}


def with_userinfo_that_is_a_list(provider: Crooked) -> None:
    del provider.claims["email"]
    provider.userinfo = ["alice@example.com"]


def without_tokens(provider: Crooked) -> None:
    provider.bodies["/token"] = b'{"token_type": "Bearer"}'


def with_tokens_that_are_numbers(provider: Crooked) -> None:
    provider.bodies["/token"] = b'{"access_token": 1, "id_token": 2}'


def with_a_list_of_tokens(provider: Crooked) -> None:
    provider.bodies["/token"] = b'["access_token"]'


def with_junk_for_tokens(provider: Crooked) -> None:
    provider.bodies["/token"] = b"<html>access_token=x</html>"


def with_junk_for_keys(provider: Crooked) -> None:
    provider.bodies["/jwks"] = b"[]"


def with_no_keys(provider: Crooked) -> None:
    provider.bodies["/jwks"] = b'{"keys": []}'


def with_keys_from_elsewhere(provider: Crooked) -> None:
    provider.redirects["/jwks"] = "http://127.0.0.1:9/jwks"


def with_tokens_from_elsewhere(provider: Crooked) -> None:
    provider.redirects["/token"] = "http://127.0.0.1:9/token"


CROOKED = (
    *(of_another_issuer, for_another_client, for_nobody, about_a_number, expired, without_an_end, signed_by_another),
    *(signed_by_an_unknown_key, unsigned, signed_with_the_clients_secret, signed_with_the_public_key_as_a_secret),
    *(with_userinfo_about_somebody_else, with_userinfo_that_is_a_list, without_tokens, with_tokens_that_are_numbers),
    *(with_a_list_of_tokens, with_junk_for_tokens, with_junk_for_keys, with_no_keys, with_keys_from_elsewhere),
    with_tokens_from_elsewhere,
)


@pytest.mark.parametrize("bend", CROOKED, ids=lambda bend: bend.__name__)
def test_a_token_signs_nobody_in(
    client: Client, alice: User, provider: Crooked, bend: Callable[[Crooked], None]
) -> None:
    bend(provider)
    page = come_back(client)
    assert page.status_code == 401
    assert "The sign-in did not work" in page.text
    assert who(client).is_anonymous
    assert client.get("/account/").status_code == 302


@pytest.mark.parametrize(
    "change",
    [
        {"issuer": "https://another.example"},
        {"issuer": None},
        {"token_endpoint": "http://elsewhere.example/token"},
        {"authorization_endpoint": "javascript:alert(1)"},
        {"authorization_endpoint": "http://elsewhere.example/"},
        {"authorization_endpoint": 7},
        {"jwks_uri": None},
    ],
)
def test_metadata_that_are_not_its_own_lead_nowhere(
    client: Client, alice: User, provider: Crooked, change: dict[str, object]
) -> None:
    provider.metadata |= change
    page = client.post("/sign-in/single/")
    assert page.status_code == 401
    assert "elsewhere" not in page.text
    assert "javascript" not in page.text


@pytest.mark.parametrize("body", [b"", b"junk", b"[]", b"null", b'"text"'])
def test_junk_for_metadata_is_a_page_and_no_crash(client: Client, provider: Crooked, db: None, body: bytes) -> None:
    provider.bodies["/.well-known/openid-configuration"] = body
    assert client.post("/sign-in/single/").status_code == 401


def test_a_provider_that_is_away_is_a_page_and_no_crash(client: Client, settings: Any, db: None) -> None:
    for name, value in settings_for("http://127.0.0.1:9").items():
        setattr(settings, name, value)
    page = client.post("/sign-in/single/")
    assert page.status_code == 401
    assert "did not answer as it should" in page.text


def test_a_provider_that_goes_away_meanwhile_is_a_page_and_no_crash(
    client: Client, provider: Crooked, db: None
) -> None:
    state = parse_qs(urlsplit(start(client)).query)["state"][0]
    provider.bodies["/.well-known/openid-configuration"] = b"gone"
    assert client.get(BACK, {"code": "a code", "state": state}).status_code == 401


def test_metadata_are_not_followed_elsewhere(client: Client, provider: Crooked, db: None) -> None:
    with crooked_provider() as elsewhere:
        provider.redirects["/.well-known/openid-configuration"] = f"{elsewhere.issuer}/.well-known/openid-configuration"
        assert client.post("/sign-in/single/").status_code == 401
        assert elsewhere.asked == []


def test_no_host_is_asked_but_the_issuers_and_those_that_are_named(
    client: Client, alice: User, provider: Crooked, settings: Any
) -> None:
    with crooked_provider() as elsewhere:
        provider.metadata["jwks_uri"] = f"{elsewhere.issuer}/jwks"
        assert come_back(client).status_code == 401
        assert elsewhere.asked == []
        settings.OIDC_HOSTS = [urlsplit(elsewhere.issuer).netloc]
        assert come_back(client)["Location"] == "/"
        assert elsewhere.asked == ["/jwks"]


def test_it_speaks_to_no_host_by_another_spelling(provider: Crooked, settings: Any) -> None:
    settings.OIDC_ISSUER = "https://login.example.com"
    for url in ("https://login.example.com.evil.example/", "https://login.example.com@evil.example/", "https://evil/"):
        with pytest.raises(requests.exceptions.InvalidURL):
            IssuerSession().get(url)


def test_it_goes_through_the_proxy_of_the_environment(
    client: Client, db: None, settings: Any, monkeypatch: pytest.MonkeyPatch
) -> None:
    with crooked_provider() as proxy:
        monkeypatch.setenv("http_proxy", proxy.issuer)
        for name, value in settings_for("http://login.example.com").items():
            setattr(settings, name, value)
        client.post("/sign-in/single/")
        assert proxy.asked == ["http://login.example.com/.well-known/openid-configuration"]


def test_what_it_says_stands_neither_in_the_page_nor_in_the_log(
    client: Client, alice: User, provider: Crooked, caplog: pytest.LogCaptureFixture
) -> None:
    provider.bodies["/token"] = b'{"error": "a secret echo"}'
    assert "a secret echo" not in come_back(client).text
    assert "Single sign-on failed" in caplog.text
    assert "a secret echo" not in caplog.text


def test_the_log_says_what_an_administrator_can_mend(
    client: Client, provider: Crooked, db: None, caplog: pytest.LogCaptureFixture
) -> None:
    provider.metadata["issuer"] += "/"
    client.post("/sign-in/single/")
    assert "another issuer than OIDC_ISSUER" in caplog.text


def test_userinfo_is_asked_when_the_token_has_no_address(client: Client, alice: User, provider: Crooked) -> None:
    del provider.claims["email"]
    provider.userinfo = {"sub": "alice", "email": "alice@example.com", "email_verified": True}
    come_back(client)
    assert who(client) == alice
