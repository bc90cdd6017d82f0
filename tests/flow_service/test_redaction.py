"""However an answer spells a secret of the request, it does not come through."""

import base64
import html
import json
from urllib.parse import quote, quote_plus

import pytest

from wizard.flow_service.failures import Answer, from_answer
from wizard.flow_service.redaction import HIDDEN, secrets_in, without

SECRET = "pä ss/w\"ör'd&+="

SPELLINGS = {
    "as it is": SECRET,
    "in JSON": json.dumps(SECRET)[1:-1],
    "in JSON with its letters": json.dumps(SECRET, ensure_ascii=False)[1:-1],
    "in a URL": quote(SECRET, safe=""),
    "in a form": quote_plus(SECRET),
    "in HTML": html.escape(SECRET),
    "in base64": base64.b64encode(SECRET.encode()).decode(),
    "in base64 for URLs": base64.urlsafe_b64encode(SECRET.encode()).decode(),
}


def test_a_secret_torn_apart_by_an_invisible_character_does_not_come_together_again() -> None:
    body = b'{"message": "login failed for top-\xe2\x80\x8bsecret-word"}'
    error = from_answer(Answer(400, {}, body, "id"), ["top-secret-word"])

    assert "secret-word" not in error.message
    assert HIDDEN in error.message


@pytest.mark.parametrize("spelling", SPELLINGS.values(), ids=SPELLINGS)
def test_a_secret_is_blanked_however_it_is_spelled(spelling: str) -> None:
    shown = without([SECRET], f"login failed for <{spelling}> at db.example.com")

    assert spelling.rstrip("=") not in shown
    assert HIDDEN in shown
    assert "db.example.com" in shown


ENCODED = base64.b64encode(b"-----BEGIN KEY-----\nline\n").decode()


@pytest.mark.parametrize(
    ("params", "secret"),
    [
        ({"connectionString": 'Server=x;CredString=[{"user": "u", "pass":"t0p;s3cret"}];'}, "t0p;s3cret"),
        ({"connectionString": "jdbc:snowflake://a/?user=u&password=t0p%26s3cret&db=d"}, "t0p&s3cret"),
        ({"sasUri": "https://a.example.com/?sv=1&sig=t0p%2Fs3cret"}, "t0p/s3cret"),
        ({"keyFileContent": ENCODED}, "-----BEGIN KEY-----\nline\n"),
        ({"requestParameterOverride": {"clientSecret": "t0p-s3cret"}}, "t0p-s3cret"),
        ({"accessTokens": ["t0p-s3cret"]}, "t0p-s3cret"),
    ],
)
def test_a_secret_is_found_wherever_a_request_holds_it(params: dict, secret: str) -> None:
    assert secret in set(secrets_in({"auth": {"params": params}}))
