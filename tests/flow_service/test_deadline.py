"""Time, closed doors, and answers that end too late or not at all, over real sockets."""

import socket
import ssl
import struct
import threading
import time
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

from tests.flow_service.replies import CREATED, ID, answer, drip
from wizard.flow_service import FlowService, NoAnswer, NotSent, Refused, Unavailable

Serve = Callable[..., Any]
Client = Callable[..., FlowService]


def assert_ends_in_time(act: Callable[[], object], kind: type[Exception], seconds: float) -> Exception:
    threads = threading.active_count()
    started = time.monotonic()
    with pytest.raises(kind) as caught:
        act()
    assert time.monotonic() - started < seconds + 1
    assert threading.active_count() <= threads + 1  # the server's own thread for this connection
    return caught.value


@pytest.mark.parametrize(
    "start",
    [b"", b"HTTP/1.1 200 OK\r\nX-Slow: ", b"HTTP/1.1 200 OK\r\nContent-Length: 10000\r\n\r\n"],
    ids=["status line", "headers", "body"],
)
def test_a_server_that_drips_is_given_up_at_the_deadline(serve: Serve, client: Client, start: bytes) -> None:
    served = serve(lambda connection, _: drip(connection, start))
    assert_ends_in_time(lambda: client(served.url, 0.4).create_connection({}), NoAnswer, 0.4)
    assert served.methods == ["POST"]


def test_a_dripping_chunked_body_is_given_up_at_the_deadline(serve: Serve, client: Client) -> None:
    start = b"HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n"
    served = serve(lambda connection, _: drip(connection, start, b"1\r\nx\r\n" * 1000))
    assert_ends_in_time(lambda: client(served.url, 0.4).get_connection(ID), NoAnswer, 0.4)


def test_a_server_that_drips_over_tls_is_given_up_at_the_deadline(
    serve: Serve, client: Client, tls: ssl.SSLContext, certificate: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("REQUESTS_CA_BUNDLE", str(certificate))
    served = serve(lambda connection, _: drip(connection, b"HTTP/1.1 200 OK\r\nX-Slow: "), tls)
    assert_ends_in_time(lambda: client(served.url, 1.5).create_connection({}), NoAnswer, 1.5)
    assert served.methods == ["POST"]


def test_it_creates_over_tls(
    serve: Serve, client: Client, tls: ssl.SSLContext, certificate: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("REQUESTS_CA_BUNDLE", str(certificate))
    served = serve(lambda connection, _: connection.sendall(answer(CREATED, b"201 Created")), tls)
    assert client(served.url).create_connection({}).id == ID


def test_a_silent_server_is_given_up_at_the_deadline(serve: Serve, client: Client) -> None:
    served = serve(lambda *_: time.sleep(2))
    error = assert_ends_in_time(lambda: client(served.url, 0.3).create_connection({}), NoAnswer, 0.3)
    assert "timed out" in str(error)


def test_a_call_in_time_is_not_touched_by_the_deadline(serve: Serve, client: Client) -> None:
    whole = answer(b'{"result":true}')

    def reply(connection: socket.socket, _: bytes) -> None:
        drip(connection, whole[:10], whole[10:14])
        connection.sendall(whole[14:])

    assert client(serve(reply).url, 2).test_connection(ID) is True


def test_a_closed_port_means_not_sent(client: Client) -> None:
    with socket.create_server(("127.0.0.1", 0)) as closed:
        port = closed.getsockname()[1]
    with pytest.raises(NotSent, match=f"127.0.0.1:{port}: Connection refused"):
        client(f"http://127.0.0.1:{port}").create_connection({})


def test_an_unknown_host_means_not_sent(client: Client, monkeypatch: pytest.MonkeyPatch) -> None:
    def unknown(*_: object, **__: object) -> None:
        raise socket.gaierror(socket.EAI_NONAME, "Name or service not known")

    monkeypatch.setattr(socket, "getaddrinfo", unknown)
    with pytest.raises(NotSent, match=r"flow\.invalid: Name or service not known"):
        client("https://flow.invalid").create_connection({})


def test_a_certificate_that_nobody_vouches_for_means_not_sent(
    serve: Serve, client: Client, tls: ssl.SSLContext
) -> None:
    served = serve(lambda connection, _: connection.sendall(answer(CREATED)), tls)
    with pytest.raises(NotSent, match="certificate"):
        client(served.url).create_connection({})
    assert served.requests == []


def test_a_silent_tls_handshake_means_not_sent(client: Client) -> None:
    with socket.create_server(("127.0.0.1", 0)) as silent:
        url = f"https://127.0.0.1:{silent.getsockname()[1]}"
        assert_ends_in_time(lambda: client(url, 0.3).create_connection({}), NotSent, 0.3)


def test_nothing_is_sent_after_the_deadline(serve: Serve, client: Client, monkeypatch: pytest.MonkeyPatch) -> None:
    def connect_late(address: tuple[str, int], *_: object, **__: object) -> socket.socket:
        time.sleep(0.3)
        return socket.create_connection(address)

    served = serve(lambda connection, _: connection.sendall(answer(CREATED)))
    monkeypatch.setattr("urllib3.util.connection.create_connection", connect_late)
    with pytest.raises(NotSent, match="deadline"):
        client(served.url, 0.2).create_connection({})
    assert served.requests == []


def test_a_second_connect_gets_no_more_than_what_the_first_one_left(
    client: Client, monkeypatch: pytest.MonkeyPatch
) -> None:
    given: list[float] = []

    def lose_the_packets(_: object, timeout: float, **__: object) -> None:
        given.append(timeout)
        time.sleep(0.3)
        raise TimeoutError("timed out")

    monkeypatch.setattr("urllib3.util.connection.create_connection", lose_the_packets)
    with pytest.raises(NotSent):
        client("http://127.0.0.1:9", 0.5).get_connection(ID)
    assert given == [pytest.approx(0.5, abs=0.1), pytest.approx(0.2, abs=0.1)]


def reset(connection: socket.socket, _: bytes) -> None:
    connection.setsockopt(socket.SOL_SOCKET, socket.SO_LINGER, struct.pack("ii", 1, 0))
    connection.close()


def hang_up(connection: socket.socket, _: bytes) -> None:
    connection.shutdown(socket.SHUT_RDWR)


@pytest.mark.parametrize("end", [reset, hang_up])
def test_a_connection_that_ends_after_the_request_means_no_answer(serve: Serve, client: Client, end: Any) -> None:
    served = serve(end)
    flow_service = client(served.url)
    for act in (lambda: flow_service.create_connection({}), lambda: flow_service.get_connection(ID)):
        with pytest.raises(NoAnswer):
            act()
    assert served.methods == ["POST", "GET"]


def test_a_create_opens_a_connection_of_its_own(serve: Serve, client: Client) -> None:
    served = serve(lambda connection, _: connection.sendall(answer(b'{"result":true,"id":"a1"}')))
    flow_service = client(served.url)
    flow_service.test_connection(ID)
    flow_service.test_connection(ID)
    flow_service.create_connection({})
    flow_service.create_connection({})
    assert [number for number, _ in served.requests] == [1, 1, 2, 3]
    assert b"\r\nConnection: close\r\n" in served.requests[2][1]


def test_a_create_is_not_put_on_a_kept_connection_that_the_server_has_closed(serve: Serve, client: Client) -> None:
    def reply(connection: socket.socket, request: bytes) -> None:
        connection.sendall(answer(b'{"result":true,"id":"a1"}'))
        if request.startswith(b"GET"):
            connection.close()

    served = serve(reply)
    flow_service = client(served.url)
    flow_service.test_connection(ID)
    assert flow_service.create_connection({}).id == "a1"
    assert served.methods == ["GET", "POST"]


@pytest.mark.parametrize("status", [b"500 Oops", b"503 Busy", b"429 Slow down"])
def test_no_status_makes_it_send_a_request_again_or_sleep(serve: Serve, client: Client, status: bytes) -> None:
    served = serve(lambda connection, _: connection.sendall(answer(b"", status, b"Retry-After: 7\r\n")))
    flow_service = client(served.url)
    started = time.monotonic()
    for act in (lambda: flow_service.create_connection({}), lambda: flow_service.get_connection(ID)):
        with pytest.raises(Unavailable) as caught:
            act()
        assert caught.value.retry_after == 7
    assert served.methods == ["POST", "GET"]
    assert time.monotonic() - started < 2


def test_a_get_tries_a_failed_connect_once_more(client: Client, monkeypatch: pytest.MonkeyPatch) -> None:
    tried: list[object] = []

    def refuse(address: object, *_: object, **__: object) -> None:
        tried.append(address)
        raise ConnectionRefusedError(111, "Connection refused")

    monkeypatch.setattr("urllib3.util.connection.create_connection", refuse)
    with pytest.raises(NotSent):
        client("http://127.0.0.1:9").get_connection(ID)
    assert len(tried) == 2
    with pytest.raises(NotSent):
        client("http://127.0.0.1:9").create_connection({})
    assert len(tried) == 3


def test_a_redirect_is_not_followed(serve: Serve, client: Client) -> None:
    elsewhere = serve(lambda connection, _: connection.sendall(answer(CREATED)))
    location = b"Location: %s/\r\n" % elsewhere.url.encode()
    served = serve(lambda connection, _: connection.sendall(answer(b"", b"307 Temporary Redirect", location)))
    with pytest.raises(NoAnswer) as caught:
        client(served.url).create_connection({})
    assert caught.value.status == 307
    assert elsewhere.requests == []


def test_the_status_of_a_redirect_is_not_lost_over_its_body(serve: Serve, client: Client) -> None:
    start = b"HTTP/1.1 302 Found\r\nLocation: /elsewhere\r\nContent-Length: 10000\r\n\r\n"
    served = serve(lambda connection, _: drip(connection, start))
    error = assert_ends_in_time(lambda: client(served.url, 0.3).create_connection({}), NoAnswer, 0.3)
    assert isinstance(error, NoAnswer)
    assert error.status == 302


def test_it_reads_no_more_than_the_limit(serve: Serve, client: Client, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("wizard.flow_service.http.ANSWER_LIMIT", 1000)
    served = serve(lambda connection, _: connection.sendall(answer(b'{"result":true,"x":"%s"}' % (b"x" * 2000))))
    with pytest.raises(NoAnswer, match="too large") as caught:
        client(served.url).test_connection(ID)
    assert caught.value.status == 200


def test_a_refusal_stays_one_when_its_body_is_too_large(
    serve: Serve, client: Client, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("wizard.flow_service.http.ANSWER_LIMIT", 1000)
    served = serve(lambda connection, _: connection.sendall(answer(b"x" * 2000, b"400 Bad Request")))
    with pytest.raises(Refused):
        client(served.url).create_connection({})


def test_a_body_that_breaks_off_means_no_answer(serve: Serve, client: Client) -> None:
    def reply(connection: socket.socket, _: bytes) -> None:
        connection.sendall(b"HTTP/1.1 201 Created\r\nContent-Length: 900\r\n\r\n" + CREATED)
        connection.shutdown(socket.SHUT_RDWR)

    with pytest.raises(NoAnswer, match="broke off"):
        client(serve(reply).url).create_connection({})
