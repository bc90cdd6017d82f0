"""Whatever text an answer has in a known place, it can be stored and shown; and one of ours is still known again."""

from typing import Any

import pytest

from wizard.flow_service import RemoteConnection, RemoteObject, RemoteSandbox

ODD = ["\ud800x", "a\x00b", "x" * 3_000_000, "a\x1b[31m\u202eb\r\nc", "\ud800", "\x00"]


def connection(**changes: Any) -> RemoteConnection:
    return RemoteConnection.from_wire({"id": "a", **changes})


def can_be_kept(text: str, most: int) -> bool:
    text.encode()
    return "\x00" not in text and len(text) <= most


@pytest.mark.parametrize("odd", ODD)
def test_every_text_of_a_connection_can_be_kept(odd: str) -> None:
    names = ("name", "description", "state", "createdBy", "updatedClient")
    found = connection(**dict.fromkeys(names, odd))

    assert can_be_kept(found.state, 40)
    assert can_be_kept(found.created_by, 300)
    assert can_be_kept(found.updated_client, 300)
    assert can_be_kept(found.name, 10_000)
    assert can_be_kept(found.description, 10_000)


@pytest.mark.parametrize("name", ["Orders", " two  blanks ", "tab\tand\nline", "e\u0301 \u200d 😀", "x" * 255])
def test_a_name_and_a_description_stay_as_they_were_given(name: str) -> None:
    found = connection(name=name, description=name)

    assert (found.name, found.description) == (name, name)


@pytest.mark.parametrize("odd", ODD)
def test_every_text_of_a_sandbox_can_be_kept(odd: str) -> None:
    texts = dict.fromkeys(("title", "type", "state", "region"), odd)
    found = RemoteSandbox.from_wire({"name": "prod", **texts})

    assert can_be_kept(found.title, 256)
    assert can_be_kept(found.type, 40)
    assert can_be_kept(found.state, 40)
    assert can_be_kept(found.region, 40)


@pytest.mark.parametrize("odd", ODD)
def test_every_text_of_what_a_source_holds_can_be_kept(odd: str) -> None:
    found = RemoteObject.from_wire({"type": odd, "name": odd, "path": odd})

    assert can_be_kept(found.type, 40)
    assert can_be_kept(found.name, 1000)
    assert can_be_kept(found.path, 10_000)


def test_a_path_stays_as_it_is() -> None:
    assert RemoteObject.from_wire({"name": "a", "path": "/a  b/\tc"}).path == "/a  b/\tc"
