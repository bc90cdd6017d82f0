"""Small servers on this machine for attacks to lead to: they note who came, and answer as they are told."""

from collections.abc import Callable, Iterator
from contextlib import contextmanager
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from threading import Thread
from typing import Any


class Noted:
    """`url` is where it listens; `calls` are the request lines that arrived."""

    def __init__(self, server: ThreadingHTTPServer) -> None:
        self.port = server.server_address[1]
        self.url = f"http://127.0.0.1:{self.port}"
        self.calls: list[str] = []


Answer = tuple[int, dict[str, str], bytes]


@contextmanager
def listening(answer: Callable[[str], Answer] = lambda _line: (200, {}, b"{}")) -> Iterator[Noted]:
    """`answer` gives status, headers and body for a request line."""

    class Handler(BaseHTTPRequestHandler):
        def reply(self) -> None:
            noted.calls.append(self.requestline)
            self.rfile.read(int(self.headers.get("Content-Length") or 0))
            status, headers, body = answer(self.requestline)
            self.send_response(status)
            for name, value in {**headers, "Content-Length": str(len(body)), "Connection": "close"}.items():
                self.send_header(name, value)
            self.end_headers()
            self.wfile.write(body)

        do_GET = do_POST = do_PATCH = do_DELETE = do_PUT = do_HEAD = do_CONNECT = reply

        def log_message(self, *_args: Any) -> None:
            pass

    server = ThreadingHTTPServer(("127.0.0.1", 0), Handler)
    noted = Noted(server)
    thread = Thread(target=server.serve_forever, daemon=True)
    thread.start()
    try:
        yield noted
    finally:
        server.shutdown()
        server.server_close()
        thread.join(timeout=10)
