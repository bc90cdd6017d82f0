"""HTTP/1.1 on one connection, and the faults that only a socket can have."""

import logging
import socket
import time
from collections.abc import Mapping
from http import HTTPStatus
from http.client import responses
from http.server import BaseHTTPRequestHandler
from typing import TYPE_CHECKING, Any

from wizard.emulator.errors import Refusal, problem
from wizard.emulator.faults import Fault
from wizard.emulator.messages import Request, Response
from wizard.emulator.practice import PREFIX

if TYPE_CHECKING:
    from wizard.emulator.server import Server

logger = logging.getLogger("wizard.emulator")
LARGEST_BODY = 1024 * 1024
GARBAGE = b"<html><body>This is no JSON.</body></html>"


class Handler(BaseHTTPRequestHandler):
    """Reads requests one after the other, has them answered, writes the answers."""

    server: "Server"
    protocol_version = "HTTP/1.1"
    disable_nagle_algorithm = True
    timeout = 120

    def do_any(self) -> None:
        started = time.monotonic()
        try:
            request = Request.read(self.command, self.path, dict(self.headers.items()), self._body())
        except Refusal as refusal:
            request = Request.read(self.command, self.path, {}, b"")
            status = self._refuse(refusal, request)
        else:
            status = self._practice(request) if request.below(PREFIX) is not None else self._answer(request)
        milliseconds = 1000 * (time.monotonic() - started)
        logger.info("%s %s %s %.1f ms", self.command, ascii(request.path)[1:-1], status, milliseconds)

    do_GET = do_POST = do_PUT = do_PATCH = do_DELETE = do_HEAD = do_OPTIONS = do_any

    def send_error(self, code: int, *_: Any) -> None:
        """What http.server itself refuses: a broken request line, too many headers, a strange method."""
        self.close_connection = True
        status = 405 if code == HTTPStatus.NOT_IMPLEMENTED else code
        self._send(problem(status, f"{responses[status]}.").response(""))

    def log_message(self, format: str, *args: Any) -> None:
        """Nothing: the one line of a request is written above, without its query."""

    def _body(self) -> bytes:
        """Raises Refusal for a body of unknown or excessive length; what follows on the connection is lost then."""
        if "transfer-encoding" in self.headers:
            raise problem(411, "The request must say its Content-Length.")
        length = self.headers.get("content-length", "0")
        if not (length.isascii() and length.isdigit()):
            raise problem(400, "The Content-Length is not a number.")
        if len(length) > 12 or int(length) > LARGEST_BODY:
            raise problem(413, f"The request body is longer than {LARGEST_BODY} bytes.")
        body = self.rfile.read(int(length))
        if len(body) < int(length):
            raise problem(400, "The request body is shorter than its Content-Length.")
        return body

    def _refuse(self, refusal: Refusal, request: Request) -> str:
        self.close_connection = True
        self._send(refusal.response(request.request_id))
        return str(refusal.status)

    def _practice(self, request: Request) -> str:
        response = self.server.practice.handle(request)
        self.close_connection = True
        self._send(response)
        return str(response.status)

    def _answer(self, request: Request) -> str:
        self.server.journal.note(request)
        met = self.server.faults.take(request)
        fault, kind = met.fault, met.fault.kind if met.fault else ""
        self.server.stopped.wait(met.delay)
        if kind == "lose_before":
            return self._hang_up()
        if fault and fault.is_answer:
            response = fault.response(request.request_id)
        else:
            response = self.server.app.handle(request, met.circumstances)
        if kind == "lose_after":
            return self._hang_up()
        if kind == "drip" and fault:
            self._drip(response, fault.numbers["interval"])
        else:
            self._send(_spoilt(response, fault))
        return f"{response.status} {kind}".strip()

    def _hang_up(self) -> str:
        self.close_connection = True
        self.connection.shutdown(socket.SHUT_RDWR)
        return "no answer"

    def _send(self, response: Response) -> None:
        self.wfile.write(self._rendered(response))

    def _drip(self, response: Response, interval: float) -> None:
        for byte in self._rendered(response):
            self.wfile.write(bytes([byte]))
            if self.server.stopped.wait(interval):
                self.close_connection = True
                return

    def _rendered(self, response: Response) -> bytes:
        content = response.content()
        headers = {"Date": self.date_time_string(), **response.headers}
        if response.status != HTTPStatus.NO_CONTENT:
            headers |= {"Content-Type": "application/json", "Content-Length": str(len(content))}
        if self.close_connection:
            headers["Connection"] = "close"
        return _head(response.status, headers) + (b"" if self.command == "HEAD" else content)


def _head(status: int, headers: Mapping[str, str]) -> bytes:
    lines = [
        f"HTTP/1.1 {status} {responses.get(status, 'Unknown')}",
        *(f"{name}: {value}" for name, value in headers.items()),
    ]
    return "\r\n".join([*lines, "", ""]).encode("latin-1", "replace")


def _spoilt(response: Response, fault: Fault | None) -> Response:
    if fault and fault.kind == "garbage":
        return Response(response.status, GARBAGE, response.headers)
    if fault and fault.kind == "huge":
        return Response(response.status, b'{"id": "' + b"x" * fault.numbers["bytes"] + b'"}', response.headers)
    if fault and fault.kind == "test_fails" and response.body == {"result": True}:
        return Response(response.status, {"result": False}, response.headers)
    return response
