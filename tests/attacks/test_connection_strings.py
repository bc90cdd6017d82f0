"""Connection-string smuggling: whatever is typed into a part stays in that part, or is refused at its field."""

import re
from urllib.parse import unquote

import pytest
from django.test import Client
from hypothesis import given, settings
from hypothesis import strategies as st

from tests.catalog.documented_ways import WAYS, DocumentedWay
from tests.connecting.test_every_way import PREFIX, filled_way
from tests.connection_strings.patterns import catalog_patterns
from wizard.connection_strings.pattern import PLACEHOLDER, PartError, Pattern
from wizard.connections.models import BaseConnection
from wizard.organizations.models import Organization

SMUGGLED = (
    "x;Integrated Security=True",
    'x";Integrated Security=True;y="',
    "x';Integrated Security=True;y='",
    "x\";';Integrated Security=True",
    "x;;Integrated Security=True;;",
    "x\nIntegrated Security=True",
    "x\r\n;Integrated Security=True",
    "x\0;Integrated Security=True",
    "x\u2028;Integrated Security=True",
    "{x};Integrated Security=True",
    "x}};Integrated Security=True",
    "x&Integrated Security=True",
    "x?Integrated Security=True#",
    "x%3BIntegrated Security=True",
    "evil.example.com/x?Integrated Security=True",
    'x", "Integrated Security=True": "',
    'x"}];Integrated Security=True',
    "x\\;Integrated Security=True",
    ' "x;Integrated Security=True',
    "=x;Integrated Security=True",
    "\uff1bIntegrated Security\uff1dTrue",
)
STRING_WAYS = [way for way in WAYS if any(field.startswith("connectionString.") for field in way.fields)]
PIECES = st.sampled_from([*";=\"'{}[]\\/?&#%@:, \u00a0\u2028\uff1b", "Integrated Security=True", *"xé漢\U0001f600"])
HOSTILE = st.lists(PIECES, min_size=1, max_size=8).map("".join)


def read_dot_net(text: str) -> dict[str, str]:
    """A connection string as .NET reads it: a reader that shares nothing with the product's."""
    found: dict[str, str] = {}
    position, end = 0, len(text)
    while position < end:
        if text[position] in "; \t":
            position += 1
            continue
        key = ""
        while not (text[position] == "=" and text[position : position + 2] != "=="):
            step = 2 if text[position] == "=" else 1
            key, position = key + text[position], position + step
        position += 1
        while position < end and text[position].isspace():
            position += 1
        value = ""
        if position < end and text[position] in "\"'":
            mark, position = text[position], position + 1
            while text[position] != mark or text[position : position + 2] == mark * 2:
                step = 2 if text[position] == mark else 1
                value, position = value + text[position], position + step
            position += 1
            while position < end and text[position].isspace():
                position += 1
            assert position == end or text[position] == ";", text
        else:
            while position < end and text[position] != ";":
                value, position = value + text[position], position + 1
            value = value.rstrip()
        assert key.strip().lower() not in found, f"{key} twice in {text}"
        found[key.strip().lower()] = value
    return found


def read_plain(text: str) -> dict[str, str]:
    pairs = [piece.split("=", 1) for piece in text.split(";") if piece.strip()]
    found = {key.strip().lower(): value.strip() for key, value in pairs}
    assert len(found) == len(pairs), text
    return found


def read_url(text: str) -> dict[str, str]:
    head, _, query = text.partition("?")
    pairs = [piece.split("=", 1) for piece in query.split("&") if piece]
    found = {unquote(key).lower(): unquote(value) for key, value in pairs}
    assert len(found) == len(pairs), text
    assert "#" not in text
    return {"": unquote(head), **found}


READERS = {"ado.net": read_dot_net, "plain": read_plain, "url": read_url}


def expected(pattern: Pattern, parts: dict[str, str]) -> dict[str, str]:
    """Key -> value as the pattern has it, each placeholder replaced by what was typed, and nothing else."""
    template = READERS[pattern.dialect](pattern.text)
    return {key: PLACEHOLDER.sub(lambda part: parts[part[1]], value) for key, value in template.items()}


@given(data=st.data())
@settings(max_examples=60)
def test_what_a_database_reads_is_exactly_what_was_typed(data: st.DataObject) -> None:
    """For every pattern of every source, by readers that share nothing with what composes."""
    for pattern in catalog_patterns():
        parts = {part: data.draw(HOSTILE) for part in pattern.placeholders}
        try:
            composed = pattern.compose(parts)
        except PartError:
            continue
        assert READERS[pattern.dialect](composed) == expected(pattern, parts)


@pytest.mark.parametrize("way", STRING_WAYS, ids=lambda way: way.id)
def test_no_field_of_any_form_smuggles_a_key_into_the_string(
    signed_in: Client, organization: Organization, way: DocumentedWay
) -> None:
    target = str(organization.sandboxes.get(is_default=True).pk)
    whole = str(way.params["connectionString"])
    fields = [name for name in way.fields if name.startswith("connectionString.")]
    for number, smuggled in enumerate(SMUGGLED):
        for field in {fields[number % len(fields)], fields[-1]}:
            name = f"{number} {field}"
            form = {**filled_way(way, target, name), PREFIX + field: smuggled}
            answer = signed_in.post(f"/connect/{way.source}/", form)
            if answer.status_code == 422:
                assert f'id="id_{PREFIX}{field}_error"' in answer.text, (field, smuggled)
                continue
            made = BaseConnection.objects.get(name=name).unseal("auth_params").open()["connectionString"]
            assert keys_of(made) == keys_of(whole), (field, smuggled, made)


def keys_of(text: str) -> list[str]:
    """The keys, in order, whatever the dialect."""
    if "://" in text.partition("=")[0]:
        return list(read_url(text))
    if re.search(r'=\[\{"|AccountKey=', text):
        return list(read_plain(text))
    return list(read_dot_net(text))
