"""Keeps the secrets of a request out of what an answer to it says: connectors like to quote what they were given."""

import base64
import html
import json
import re
from collections.abc import Collection, Iterator, Mapping
from typing import Any
from urllib.parse import quote, quote_plus, unquote

from wizard.secret_names import may_be_secret

HIDDEN = "[hidden]"
ANYWHERE_FROM = 4  # characters; a shorter secret is blanked only as a word, or blanks in other words would spell it

# One `key=value` of a URL's query, one `"key": "value"` of JSON, also inside another text.
_QUERY_PART = re.compile(r"[?&]([^=&?]++)=([^&]*+)")
_JSON_PART = re.compile(r'"([^"\\]++)"\s*+:\s*+"((?:[^"\\]|\\.)*+)"')
# One `key=value` of a connection string; the value bare, or in quotes that are doubled inside it.
_PART = re.compile(r"""(?:^|;)([^=;]++)=\s*("(?:[^"]|"")*"|'(?:[^']|'')*'|[^;]*)""")


def without(secrets: Collection[str], text: str) -> str:
    """`text` with each of the secrets blanked, as it is or as JSON, a URL, HTML or base64 would write it."""
    forms = {form for secret in secrets for form in _spellings(secret) if form}
    if not forms:
        return text
    patterns = (_pattern(form) for form in sorted(forms, key=len, reverse=True))
    return re.sub("|".join(patterns), HIDDEN, text)


def _spellings(secret: str) -> Iterator[str]:
    raw = secret.encode("utf-8", "surrogatepass")
    yield secret
    yield json.dumps(secret)[1:-1]
    yield json.dumps(secret, ensure_ascii=False)[1:-1]
    yield quote(raw, safe="")
    yield quote_plus(raw)
    yield html.escape(secret)
    yield base64.b64encode(raw).decode().rstrip("=")
    yield base64.urlsafe_b64encode(raw).decode().rstrip("=")


def secrets_in(body: Mapping[str, Any]) -> Iterator[str]:
    """The values in a request that are secret by their name, at any depth, and those inside a connection string."""
    for name, value in body.items():
        if may_be_secret(name):
            yield from texts_in(value)
        else:
            yield from _secrets_below(value)


def texts_in(value: Any) -> Iterator[str]:
    """Every text and number in a JSON value, and what hides inside a text."""
    if isinstance(value, Mapping):
        yield from (text for inner in value.values() for text in texts_in(inner))
    elif isinstance(value, list):
        yield from (text for inner in value for text in texts_in(inner))
    elif isinstance(value, str):
        yield value
        yield from _decoded(value)
        yield from _parts(value)
    elif value is not None and not isinstance(value, bool):
        yield str(value)


def _secrets_below(value: Any) -> Iterator[str]:
    if isinstance(value, Mapping):
        yield from secrets_in(value)
    elif isinstance(value, list):
        yield from (text for inner in value for text in _secrets_below(inner))
    elif isinstance(value, str):
        yield from _parts(value)


def _parts(text: str) -> Iterator[str]:
    """Values in a connection string, a URL or JSON that are secret by their key."""
    yield from _secret_parts(text)
    for pattern, decode in ((_QUERY_PART, unquote), (_JSON_PART, _unescaped)):
        for key, value in pattern.findall(text):
            if may_be_secret(key):
                yield value
                yield decode(value)


def _decoded(text: str) -> Iterator[str]:
    """What a key file was before it was encoded."""
    try:
        yield base64.b64decode(text, validate=True).decode()
    except ValueError:
        return


def _unescaped(text: str) -> str:
    try:
        return str(json.loads(f'"{text}"'))
    except ValueError:
        return text


def _secret_parts(connection_string: str) -> Iterator[str]:
    for key, value in _PART.findall(connection_string):
        if may_be_secret(key):
            yield value
            if value[:1] in ("'", '"'):
                yield value[1:-1].replace(value[0] * 2, value[0])
            else:
                yield value.strip()


def _pattern(secret: str) -> str:
    exact = re.escape(secret)
    return exact if len(secret) >= ANYWHERE_FROM else rf"(?<!\w){exact}(?!\w)"
