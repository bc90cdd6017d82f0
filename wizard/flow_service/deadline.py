"""Connections that keep one deadline for a whole call, and know whether a byte of it can have been written.

A read timeout begins anew with every receive, so a server that drips holds a call for ever. Here every receive, from
the answer of a proxy to the end of the body, gets what is left of the call.
"""

import io
import socket
import time
from collections.abc import Iterator
from contextlib import contextmanager
from contextvars import ContextVar
from http.client import HTTPResponse
from typing import Any

from requests.adapters import HTTPAdapter
from requests.exceptions import InvalidProxyURL
from urllib3 import HTTPConnectionPool, HTTPSConnectionPool
from urllib3.connection import HTTPConnection, HTTPSConnection
from urllib3.poolmanager import ProxyManager


class Attempt:
    """One call under way. `unconnected` is True while it is certain that no byte of the request was written."""

    def __init__(self, seconds: float) -> None:
        self._ends_at = time.monotonic() + seconds
        self.unconnected = False

    def remaining(self) -> float:
        """Seconds that are left; TimeoutError if there are none."""
        left = self._ends_at - time.monotonic()
        if left <= 0:
            raise TimeoutError("The deadline for the whole call has passed.")
        return left


_current: ContextVar[Attempt] = ContextVar("attempt")


@contextmanager
def attempting(seconds: float) -> Iterator[Attempt]:
    """Every connection that this thread uses inside keeps the deadline of the attempt."""
    attempt = Attempt(seconds)
    before = _current.set(attempt)
    try:
        yield attempt
    finally:
        _current.reset(before)


class DeadlineAdapter(HTTPAdapter):
    """requests' adapter over connections that keep the current attempt's deadline."""

    def init_poolmanager(self, *args: Any, **kwargs: Any) -> None:
        super().init_poolmanager(*args, **kwargs)
        self.poolmanager.pool_classes_by_scheme = _POOLS

    def proxy_manager_for(self, proxy: str, **kwargs: Any) -> ProxyManager:
        # A SOCKS proxy hangs on pools of its own: with ours it would be passed by.
        if proxy.lower().startswith("socks"):
            raise InvalidProxyURL("SOCKS proxies are not supported.")
        manager: ProxyManager = super().proxy_manager_for(proxy, **kwargs)
        manager.pool_classes_by_scheme = _POOLS
        return manager


class _Receiver(io.RawIOBase):
    """The receiving side of a socket; each receive may last as long as the attempt still does."""

    def __init__(self, sock: socket.socket, raw: io.RawIOBase) -> None:
        self._sock = sock
        self._raw = raw

    def readable(self) -> bool:
        return True

    def readinto(self, buffer: Any) -> int | None:
        self._sock.settimeout(_current.get().remaining())
        return self._raw.readinto(buffer)

    def close(self) -> None:
        self._raw.close()
        super().close()


class _Response(HTTPResponse):
    def __init__(self, sock: socket.socket, *args: Any, **kwargs: Any) -> None:
        super().__init__(sock, *args, **kwargs)
        self.fp = io.BufferedReader(_Receiver(sock, self.fp.detach()))


class _Connection(HTTPConnection):
    response_class = _Response

    def connect(self) -> None:
        """Resolve, connect, tunnel and shake hands: none of these carries the request."""
        attempt = _current.get()
        attempt.unconnected = True
        self.timeout = min(self.timeout or attempt.remaining(), attempt.remaining())
        super().connect()
        attempt.remaining()
        attempt.unconnected = False


class _SecureConnection(_Connection, HTTPSConnection):
    pass


class _Pool(HTTPConnectionPool):
    ConnectionCls = _Connection


class _SecurePool(HTTPSConnectionPool):
    ConnectionCls = _SecureConnection


_POOLS = {"http": _Pool, "https": _SecurePool}
