"""Time, closed doors and proxies, over real sockets."""

import socket
import ssl
import struct
import threading
import time
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

from wizard.flow_service import FlowService, NoAnswer, NotSent, Refused, Unavailable

ID = "1a444165-3439-4c6a-9d6b-1c2a5b3e0001"
CREATED = b'{"id":"%s","etag":"\\"5b04\\""}' % ID.encode()

Serve = Callable[..., Any]
Client = Callable[..., FlowService]


def answer(body: bytes, status: bytes = b"200 OK", headers: bytes = b"") -> bytes:
    return b"HTTP/1.1 %s\r\nContent-Length: %d\r\n%s\r\n%s" % (status, len(body), headers, body)


def drip(connection: socket.socket, start: bytes, rest: bytes = b"x" * 10_000) -> None:
    """Never silent for longer than a twentieth of a second, and never done."""
    connection.sendall(start)
    for byte in rest:
        time.sleep(0.05)
        connection.sendall(bytes([byte]))


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


def reset(connection: socket.socket, _: bytes) -> None:
    connection.setsockopt(socket.SOL_SOCKET, socket.SO_LINGER, struct.pack("ii", 1, 0))
    connection.close()


def hang_up(connection: socket.socket, _: bytes) -> None:
    connection.shutdown(socket.SHUT_RDWR)


@pytest.mark.parametrize("end", [reset, hang_up])
def test_a_connection_that_ends_after_the_request_means_no_answer(serve: Serve, client: Client, end: Any) -> None:
    served = serve(end)
    with pytest.raises(NoAnswer):
        client(served.url).create_connection({})
    assert served.methods == ["POST"]


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


def test_it_goes_through_the_proxy_of_the_environment(
    serve: Serve, client: Client, monkeypatch: pytest.MonkeyPatch
) -> None:
    proxy = serve(lambda connection, _: connection.sendall(answer(b'{"result":true}')))
    monkeypatch.setenv("http_proxy", proxy.url)
    monkeypatch.setenv("no_proxy", "")
    assert client("http://flow.invalid").test_connection(ID) is True
    assert proxy.requests[0][1].startswith(b"GET http://flow.invalid/data/")


@pytest.mark.parametrize("status", [b"407 Proxy Authentication Required", b"502 Bad Gateway"])
def test_a_proxy_that_opens_no_tunnel_means_not_sent(
    serve: Serve, client: Client, monkeypatch: pytest.MonkeyPatch, status: bytes
) -> None:
    proxy = serve(lambda connection, _: connection.sendall(answer(b"", status)))
    monkeypatch.setenv("https_proxy", proxy.url)
    monkeypatch.setenv("no_proxy", "")
    with pytest.raises(NotSent, match=status.decode()):
        client("https://flow.invalid").create_connection({})
    assert proxy.methods == ["CONNECT"]


def test_a_proxy_that_drips_is_given_up_at_the_deadline(
    serve: Serve, client: Client, monkeypatch: pytest.MonkeyPatch
) -> None:
    proxy = serve(lambda connection, _: drip(connection, b"HTTP/1.1 200 OK\r\nX-Slow: "))
    monkeypatch.setenv("https_proxy", proxy.url)
    monkeypatch.setenv("no_proxy", "")
    assert_ends_in_time(lambda: client("https://flow.invalid", 0.4).create_connection({}), NotSent, 0.4)


def test_a_socks_proxy_is_refused_and_not_passed_by(client: Client, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("all_proxy", "socks5h://127.0.0.1:9")
    monkeypatch.setenv("no_proxy", "")
    with pytest.raises(NotSent, match="proxy"):
        client("http://flow.invalid").create_connection({})


def test_the_password_of_an_unusable_proxy_is_in_no_error(client: Client, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("http_proxy", "http://eve:canary-password@[::1")
    monkeypatch.setenv("no_proxy", "")
    with pytest.raises(NotSent) as caught:
        client("http://flow.invalid").create_connection({})
    assert "canary" not in str(caught.value)


def test_it_takes_nothing_from_a_netrc_file(
    serve: Serve, client: Client, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    (tmp_path / "netrc").write_text("machine 127.0.0.1 login eve password other\n")
    monkeypatch.setenv("NETRC", str(tmp_path / "netrc"))
    served = serve(lambda connection, _: connection.sendall(answer(b'{"result":true}')))
    client(served.url).test_connection(ID)
    assert b"\r\nAuthorization: Bearer canary-token-1\r\n" in served.requests[0][1]


def test_a_redirect_is_not_followed(serve: Serve, client: Client) -> None:
    elsewhere = serve(lambda connection, _: connection.sendall(answer(CREATED)))
    location = b"Location: %s/\r\n" % elsewhere.url.encode()
    served = serve(lambda connection, _: connection.sendall(answer(b"", b"307 Temporary Redirect", location)))
    with pytest.raises(NoAnswer) as caught:
        client(served.url).create_connection({})
    assert caught.value.status == 307
    assert elsewhere.requests == []


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
