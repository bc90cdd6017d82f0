"""Access tokens, and the ways of not getting one."""

from collections.abc import Callable, Iterator
from typing import Any

import pytest
import responses

from wizard.flow_service import NotSent, Token, fetch_token

URL = "https://ims.example/ims/token/v3"


@pytest.fixture
def ask() -> Iterator[Callable[..., Token]]:
    """ask(json=..., status=...): what comes of asking an IMS that answers like this."""
    with responses.RequestsMock() as ims:

        def fetch(**answer: Any) -> Token:
            ims.post(URL, **answer)
            return fetch_token("https://ims.example/", client_id="c", client_secret="secret", scopes="s", timeout=1)

        yield fetch


def test_it_gets_a_token_and_its_seconds(ask: Callable[..., Token]) -> None:
    answer = {"access_token": "ey.ab-c_d", "token_type": "bearer", "expires_in": 86399}
    assert ask(json=answer) == Token("ey.ab-c_d", 86399)


@pytest.mark.parametrize(
    ("status", "code", "words"),
    [(400, "invalid_client", "invalid client_id parameter"), (401, "invalid_scope", "scope"), (500, "", "")],
)
def test_a_refusal_means_not_sent_in_the_words_of_ims(
    ask: Callable[..., Token], status: int, code: str, words: str
) -> None:
    with pytest.raises(NotSent) as caught:
        ask(status=status, json={"error": code, "error_description": words})
    assert (caught.value.status, caught.value.code, caught.value.message) == (status, code, words)


@pytest.mark.parametrize(
    "answer",
    [
        {},
        [],
        {"access_token": "", "expires_in": 60},
        {"access_token": "a b", "expires_in": 60},
        {"access_token": 7, "expires_in": 60},
        {"access_token": "t"},
        {"access_token": "t", "expires_in": 0},
        {"access_token": "t", "expires_in": True},
        {"access_token": "t", "expires_in": "60"},
    ],
)
def test_an_answer_without_a_usable_token_means_not_sent(ask: Callable[..., Token], answer: object) -> None:
    with pytest.raises(NotSent):
        ask(json=answer)


def test_a_silent_sign_in_service_means_not_sent(serve: Callable[..., Any]) -> None:
    served = serve(lambda connection, _: connection.close())
    with pytest.raises(NotSent):
        fetch_token(served.url, client_id="c", client_secret="s", scopes="s", timeout=1)
