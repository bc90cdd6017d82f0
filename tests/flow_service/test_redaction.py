"""However an answer spells a secret of the request, it does not come through."""

import base64
import html
import json
import re
import time
from collections.abc import Callable, Iterable
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
    words = without([SECRET], f"login failed for <{spelling}> at db.example.com")

    assert spelling.rstrip("=") not in words
    assert HIDDEN in words
    assert "db.example.com" in words


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


KEY = "-----BEGIN KEY-----\n" + "\n".join(f"{line:02}" * 32 for line in range(50)) + "\n-----END KEY-----\n"
FILE = json.dumps({"type": "service_account", "private_key": KEY, "extra": "t0p" * 6, "n": 1})


def encoded(text: str) -> str:
    return base64.b64encode(text.encode()).decode()


def shown(words: str, hide: Iterable[str]) -> str:
    return from_answer(Answer(400, {}, json.dumps({"message": words}).encode(), "id"), list(hide)).message


def test_what_an_encoded_key_file_holds_is_secret_too_but_for_its_short_words() -> None:
    found = set(secrets_in({"params": {"keyFileContent": encoded(FILE)}}))

    assert {KEY, FILE, "t0p" * 6} <= found
    assert not {"service_account", "1"} & found


@pytest.mark.parametrize("content", ["[" * 5000, "[" * 900 + "]" * 900, "7", "null", '"x"', "{", ""])
def test_a_key_file_of_any_content_is_looked_into(content: str) -> None:
    assert content in set(secrets_in({"params": {"keyFileContent": encoded(content)}}))


@pytest.mark.parametrize(
    "quoted",
    [
        KEY,
        KEY.replace("\n", "\r\n"),
        KEY.replace("\n", " "),
        KEY.replace("\n", ""),
        KEY.split("\n")[7],
        json.dumps(KEY),
        json.dumps(json.dumps(KEY)),
        FILE,
        "x" * 1990 + KEY,
        "\n" * 3000 + KEY,
    ],
)
def test_no_line_of_a_key_can_be_read(quoted: str) -> None:
    words = shown(f"Wrong key: {quoted}", secrets_in({"keyFileContent": encoded(FILE)}))

    assert not any(line[:16] in words for line in KEY.split("\n")[1:-2])
    assert words.startswith("Wrong key: ")


def test_what_is_said_about_a_key_stays() -> None:
    words = "The key has to begin with -----BEGIN KEY----- and has 50 lines."

    assert shown(words, [KEY]) == words


def test_what_is_left_of_a_secret_at_the_end_of_very_many_words_is_not_shown() -> None:
    secret = "s3cret-" * 40

    assert "s3cret" not in shown(secret * 400, [secret])


def twice(text: str) -> str:
    return json.dumps(json.dumps(text)[1:-1])[1:-1]


OTHER_SPELLINGS = {
    "in JSON in JSON": twice,
    "in a URL in lower case": lambda secret: re.sub("%..", lambda found: found[0].lower(), quote(secret, safe="")),
    "in a form in lower case": lambda secret: re.sub("%..", lambda found: found[0].lower(), quote_plus(secret)),
    "in HTML by numbers": lambda secret: html.escape(secret).replace("&#x27;", "&#39;"),
    "with its double quotes doubled": lambda secret: secret.replace('"', '""'),
    "with its single quotes doubled": lambda secret: secret.replace("'", "''"),
}
LONG_ONLY = {
    "in JSON in JSON in JSON": lambda secret: twice(json.dumps(secret)[1:-1]),
    "in a URL in a URL": lambda secret: quote(quote(secret, safe=""), safe=""),
    "in HTML in HTML": lambda secret: html.escape(html.escape(secret)),
    "in JSON in HTML": lambda secret: html.escape(json.dumps(secret)[1:-1]),
    "in JSON, without need": lambda secret: re.sub("(....)", r"\\u\1", secret.encode("utf-16-be").hex()),
    "with a blank": lambda secret: f"{secret[:4]} {secret[4:]}",
    "over two lines": lambda secret: f"{secret[:4]}\r\n   {secret[4:]}",
    "in capitals": str.upper,
    "in base64 over lines": lambda secret: "\n".join(re.findall(".{1,8}", encoded(secret))),
}


@pytest.mark.parametrize("secret", ["a;'\"", SECRET, "firs't-\"p;w"])
@pytest.mark.parametrize("spell", OTHER_SPELLINGS.values(), ids=OTHER_SPELLINGS)
def test_a_secret_of_any_length_is_blanked_where_another_program_spells_it(
    spell: Callable[[str], str], secret: str
) -> None:
    assert shown(f"bad <{spell(secret)}> given", [secret]) == f"bad <{HIDDEN}> given"


@pytest.mark.parametrize("secret", [SECRET, "firs't-\"p;w", "n3w;s3cret'x\"ÿ=abc😀def"])
@pytest.mark.parametrize("spell", LONG_ONLY.values(), ids=LONG_ONLY)
def test_a_long_secret_is_blanked_however_it_is_torn_or_wrapped(spell: Callable[[str], str], secret: str) -> None:
    assert HIDDEN in shown(f"bad <{spell(secret)}> given", [secret])
    assert shown(f"bad <{spell(secret)}> given", [secret]).replace("=", "") == f"bad <{HIDDEN}> given"


@pytest.mark.parametrize("person", ["a", "ab", "abc", "reader"])
@pytest.mark.parametrize("encode", [base64.b64encode, base64.urlsafe_b64encode])
def test_the_credentials_of_http_basic_do_not_hold_the_secret(person: str, encode: Callable[[bytes], bytes]) -> None:
    """RFC 7617: user and password as one, where the password's place in the whole decides how it is written."""
    given = encode(f"{person}:{SECRET}".encode()).decode()
    left = shown(f"bad header <Basic {given}> refused", [SECRET])

    assert re.fullmatch(rf"bad header <Basic [\w+/-]{{0,10}}{re.escape(HIDDEN)}[\w+/-]?=*> refused", left)


def test_a_short_secret_is_not_looked_for_across_blanks() -> None:
    assert shown("stop it here", ["topit"]) == "stop it here"


def test_secrets_that_overlap_are_blanked_from_end_to_end() -> None:
    assert shown("no abcdefghijkl here", ["abcdefgh", "efghijkl"]) == f"no {HIDDEN} here"


@pytest.mark.parametrize(
    "words", ["aAbB =;'\"first" * 600_000, "\\" * 8_000_000, "%25" * 2_700_000, "&amp;" * 1_600_000, " f" * 4_000_000]
)
def test_a_flood_of_words_is_searched_quickly(words: str) -> None:
    secrets = [f"first-secret-{number}" * 3 for number in range(40)]
    answer = Answer(400, {}, json.dumps({"message": words}).encode(), "id")
    started = time.monotonic()
    from_answer(answer, secrets)

    assert time.monotonic() - started < 2
