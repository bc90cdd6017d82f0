"""What it takes from the environment: proxies; and what it leaves there: passwords of other programs."""

import time
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

from tests.flow_service.replies import ID, answer, drip
from wizard.flow_service import FlowService, NotSent

Serve = Callable[..., Any]
Client = Callable[..., FlowService]


def test_it_goes_through_the_proxy_of_the_environment(
    serve: Serve, client: Client, monkeypatch: pytest.MonkeyPatch
) -> None:
    proxy = serve(lambda connection, _: connection.sendall(answer(b'{"result":true}')))
    monkeypatch.setenv("http_proxy", proxy.url)
    monkeypatch.setenv("no_proxy", "")
    assert client("http://flow.invalid").test_connection(ID) is True
    assert proxy.requests[0][1].startswith(b"GET http://flow.invalid/data/")


@pytest.mark.parametrize("name", ["127.0.0.1", "localhost"])
def test_it_goes_through_no_proxy_to_loopback(
    serve: Serve, client: Client, monkeypatch: pytest.MonkeyPatch, name: str
) -> None:
    served = serve(lambda connection, _: connection.sendall(answer(b'{"result":true}')))
    monkeypatch.setenv("http_proxy", "http://127.0.0.1:9")
    monkeypatch.setenv("no_proxy", "")
    assert client(served.url.replace("127.0.0.1", name)).test_connection(ID) is True
    assert served.methods == ["GET"]


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
    started = time.monotonic()
    with pytest.raises(NotSent):
        client("https://flow.invalid", 0.4).create_connection({})
    assert time.monotonic() - started < 1.4


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
