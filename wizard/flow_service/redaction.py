"""Keeps the secrets of a request out of what an answer to it says: connectors like to quote what they were given."""

import base64
import json
import re
from collections.abc import Collection, Iterator, Mapping
from typing import Any
from urllib.parse import unquote

from wizard.flow_service.errors import collapsed
from wizard.flow_service.parsing import parsed
from wizard.flow_service.spellings import Place, core_of, cores, spellings
from wizard.secret_names import may_be_secret

HIDDEN = "[hidden]"
ANYWHERE_FROM = 4  # characters; a shorter secret is blanked only as a word, or blanks in other words would spell it
TORN_FROM = 8  # characters; a shorter secret is not looked for across blanks: other words would hold it
LEAST_CORE = 6  # characters that have to be left of one that is
PART_FROM = 16  # characters; what a longer secret is made of counts from here: its short words are everybody's

# One `key=value` of a URL's query, one `"key": "value"` of JSON, also inside another text.
_QUERY_PART = re.compile(r"[?&]([^=&?]++)=([^&]*+)")
_JSON_PART = re.compile(r'"([^"\\]++)"\s*+:\s*+"((?:[^"\\]|\\.)*+)"')
# One `key=value` of a connection string; the value bare, or in quotes that are doubled inside it.
_PART = re.compile(r"""(?:^|;)([^=;]++)=\s*("(?:[^"]|"")*"|'(?:[^']|'')*'|[^;]*)""")


def without(secrets: Collection[str], text: str) -> str:
    """`text` in one line, with each of the secrets blanked, whatever way it is spelled there."""
    line = collapsed(text)
    found = [place for secret in secrets for form in spellings(secret) for place in _exact(collapsed(form), line)]
    return _blanked(line, sorted(found + _torn(secrets, line)))


def _exact(form: str, line: str) -> Iterator[Place]:
    if len(form) >= ANYWHERE_FROM:
        yield from _places(form, line)
    elif form:
        yield from (word.span() for word in re.finditer(rf"(?<!\w){re.escape(form)}(?!\w)", line))


def _torn(secrets: Collection[str], line: str) -> list[Place]:
    """Where the long ones among the secrets stand, and the lines of those of many lines, with anything in between."""
    long = {part for secret in secrets for part in (secret, *_lines(secret)) if len(part) >= TORN_FROM}
    wanted = {core for part in long for core in cores(collapsed(part)) if len(core) >= LEAST_CORE}
    core, places = core_of(line) if wanted else ("", [])
    return [(places[start][0], places[end - 1][1]) for one in wanted for start, end in _places(one, core)]


def _lines(secret: str) -> list[str]:
    """Not the frame of a key, which holds nothing of it."""
    lines = secret.splitlines()
    long = (line for line in lines if len(line.strip()) >= PART_FROM and not line.startswith("-----"))
    return list(long) if len(lines) > 1 else []


def _places(wanted: str, text: str) -> Iterator[Place]:
    start = text.find(wanted)
    while start >= 0:
        yield start, start + len(wanted)
        start = text.find(wanted, start + len(wanted))


def _blanked(line: str, places: list[Place]) -> str:
    """The places in order; those that overlap become one."""
    kept, end = [], 0
    for start, stop in places:
        if start >= end:
            kept += [line[end:start], HIDDEN]
        end = max(end, stop)
    return "".join([*kept, line[end:]])


def secrets_in(body: Any) -> Iterator[str]:
    """The values in a request that are secret by their name, at any depth, and those inside a connection string."""
    left = [body]
    while left:
        value = left.pop()
        if isinstance(value, Mapping):
            left += (inner for name, inner in value.items() if not may_be_secret(name))
            yield from (text for name, inner in value.items() if may_be_secret(name) for text in texts_in(inner))
        elif isinstance(value, list):
            left += value
        elif isinstance(value, str):
            yield from _parts(value)


def texts_in(value: Any) -> Iterator[str]:
    """Every text and number in a JSON value, however deep, and what hides inside a text."""
    left = [value]
    while left:
        value = left.pop()
        if isinstance(value, Mapping):
            left += value.values()
        elif isinstance(value, list):
            left += value
        elif isinstance(value, str):
            yield value
            yield from _decoded(value)
            yield from _parts(value)
        elif value is not None and not isinstance(value, bool):
            yield str(value)


def _parts(text: str) -> Iterator[str]:
    """Values in a connection string, a URL or JSON that are secret by their key."""
    yield from _secret_parts(text)
    for pattern, decode in ((_QUERY_PART, unquote), (_JSON_PART, _unescaped)):
        for key, value in pattern.findall(text):
            if may_be_secret(key):
                yield value
                yield decode(value)


def _decoded(text: str) -> Iterator[str]:
    """What a key file was before it was encoded, and what it holds."""
    try:
        content = base64.b64decode(text, validate=True).decode()
    except ValueError:
        return
    yield content
    yield from _parts(content)
    try:
        value = parsed(content.encode())
    except ValueError:
        return
    yield from (inner for inner in texts_in(value) if len(inner) >= PART_FROM)


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
