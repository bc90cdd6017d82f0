"""No secret is in anything that an error says, holds, or leads to."""

import json
import logging
import pickle
import socket
import traceback
from collections.abc import Callable
from typing import Any

import pytest

from wizard.flow_service import FlowService, FlowServiceError, NotSent, Refused, Token, Unavailable, fetch_token
from wizard.flow_service.redaction import HIDDEN, secrets_in, without

PASSWORD = 'canary-pa"ss;word'
BAD_TOKEN = "canary\r\nX: y"
CLIENT_SECRET = "canary-secret"
QUOTED = 'Server=db;UID=alice;PWD="canary-pa""ss;word"'
BODY = {
    "name": "Orders",
    "auth": {"specName": "x", "params": {"connectionString": QUOTED, "password": PASSWORD}},
    "connectionSpec": {"id": "x", "version": "1.0"},
}

Reply = Callable[[socket.socket, bytes], None]


def status(code: bytes, content: Callable[[bytes], bytes]) -> Reply:
    def reply(connection: socket.socket, request: bytes) -> None:
        body = content(request)
        connection.sendall(b"HTTP/1.1 %s\r\nContent-Length: %d\r\n\r\n%s" % (code, len(body), body))

    return reply


def quoting(request: bytes) -> bytes:
    body = request.partition(b"\r\n\r\n")[2].decode()
    return json.dumps({"message": f"Bad: {body} {PASSWORD} {QUOTED} Bearer canary-token-1"}).encode()


REPLIES: dict[str, Reply] = {
    "refused, quoting the request": status(b"400 Bad Request", quoting),
    "refused, echoing the request": status(b"400 Bad Request", lambda request: request),
    "unavailable, quoting the request": status(b"503 Busy", quoting),
    "redirected": status(b"302 Found\r\nLocation: http://127.0.0.1:1/", quoting),
    "created, echoing the request": status(b"201 Created", lambda request: request),
    "created, with a wrong id": status(b"201 Created", lambda _: b'{"id":["canary"]}'),
    "the request itself as an answer": lambda connection, request: connection.sendall(request),
    "a status line of secrets": lambda connection, _: connection.sendall(b"canary canary\r\n\r\n"),
    "headers of secrets": lambda connection, request: connection.sendall(b"HTTP/1.1 400 No\r\n" + request),
    "a chunk size of secrets": lambda connection, _: connection.sendall(
        b"HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\ncanary\r\n"
    ),
    "a length of secrets": lambda connection, _: connection.sendall(
        b"HTTP/1.1 200 OK\r\nContent-Length: canary\r\n\r\n"
    ),
    "hung up": lambda connection, _: connection.shutdown(socket.SHUT_RDWR),
}


def everything_about(error: BaseException) -> str:
    shown = [str(error), repr(error), repr(error.args), repr(vars(error)), pickle.dumps(error).decode("latin-1")]
    shown += [repr(link) for link in (error.__cause__, error.__context__) if link]
    return "\n".join(shown + traceback.format_exception(error))


@pytest.mark.parametrize("name", REPLIES)
def test_a_failed_create_gives_no_secret_away(
    serve: Callable[..., Any], client: Callable[..., FlowService], name: str, caplog: pytest.LogCaptureFixture
) -> None:
    caplog.set_level(logging.DEBUG)
    with pytest.raises(FlowServiceError) as caught:
        client(serve(REPLIES[name]).url).create_connection(BODY)
    assert caught.value.__cause__ is None
    assert caught.value.__context__ is None
    assert "canary" not in everything_about(caught.value)
    assert "canary" not in caplog.text


def test_a_create_that_is_not_sent_gives_no_secret_away(client: Callable[..., FlowService]) -> None:
    with socket.create_server(("127.0.0.1", 0)) as closed:
        port = closed.getsockname()[1]
    with pytest.raises(NotSent) as caught:
        client(f"http://127.0.0.1:{port}").create_connection(BODY)
    assert (caught.value.__cause__, caught.value.__context__) == (None, None)
    assert "canary" not in everything_about(caught.value)


def test_a_token_that_no_header_can_hold_is_not_shown(client: Callable[..., FlowService]) -> None:
    with pytest.raises(NotSent) as caught:
        client("http://127.0.0.1:9", token=lambda _: BAD_TOKEN).create_connection(BODY)
    assert "canary" not in everything_about(caught.value)


def test_the_rest_of_adobes_words_stays(serve: Callable[..., Any], client: Callable[..., FlowService]) -> None:
    reply = status(b"400 Bad Request", lambda _: json.dumps({"message": f"db: no {PASSWORD} for alice"}).encode())
    with pytest.raises(Refused) as caught:
        client(serve(reply).url).create_connection(BODY)
    assert caught.value.message == f"db: no {HIDDEN} for alice"


def test_a_client_secret_is_in_no_error(serve: Callable[..., Any]) -> None:
    def quoted(_: bytes) -> bytes:
        return json.dumps({"error": "invalid_client", "error_description": f"no {CLIENT_SECRET} here"}).encode()

    served = serve(status(b"400 Bad Request", quoted))
    with pytest.raises(NotSent) as caught:
        fetch_token(served.url, client_id="c", client_secret=CLIENT_SECRET, scopes="s", timeout=1)
    assert (caught.value.__cause__, caught.value.__context__) == (None, None)
    assert "canary" not in everything_about(caught.value)


def test_a_token_is_not_in_its_repr() -> None:
    assert repr(Token("canary", 60)) == "Token(expires_in=60)"


def test_an_error_comes_out_of_a_pickle_as_it_went_in() -> None:
    error = Unavailable("busy", status=503, code="1103-503", request_id="r", retry_after=7.0)
    again = pickle.loads(pickle.dumps(error))  # noqa: S301
    assert (type(again), vars(again), str(again)) == (type(error), vars(error), str(error))


@pytest.mark.parametrize(
    ("string", "secrets"),
    [
        ("Server=db;Password=one two;UID=x", {"one two"}),
        ("PWD='it''s;so'", {"'it''s;so'", "it's;so"}),
        ("AccountKey=abc==;X=1", {"abc=="}),
        ("Server=db;UID=alice", set()),
        ("no pairs at all", set()),
    ],
)
def test_it_finds_the_secret_parts_of_a_connection_string(string: str, secrets: set[str]) -> None:
    assert set(secrets_in({"auth": {"params": {"dsn": string}}})) == secrets


def test_a_secret_of_three_characters_is_blanked_only_as_a_word() -> None:
    assert without(["cat"], "concatenate the cat") == f"concatenate the {HIDDEN}"


def test_an_empty_secret_blanks_nothing() -> None:
    assert without([""], "all of it stays") == "all of it stays"
