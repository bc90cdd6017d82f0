"""/metrics of a machine that has workers and no web server: a process of its own beside the worker."""

import logging
import multiprocessing
import socket
import socketserver
from http.server import BaseHTTPRequestHandler, HTTPServer
from typing import Any

from django.conf import settings
from django.core.exceptions import ImproperlyConfigured
from django.db import connections

from wizard.monitoring.numbers import CONTENT_TYPE, exposition
from wizard.monitoring.reading import may_read

log = logging.getLogger(__name__)

PATIENCE = 5  # seconds for a request to come: one at a time is answered


class Metrics(BaseHTTPRequestHandler):
    """One address, and nothing else."""

    timeout = PATIENCE
    server_version, sys_version = "connection-wizard", ""

    def do_GET(self) -> None:
        is_there = self.path.partition("?")[0] == "/metrics" and may_read(self.client_address[0], self.headers)  # type: ignore[arg-type]
        body = exposition() if is_there else b"Not found.\n"
        self.send_response(200 if is_there else 404)
        self.send_header("Content-Type", CONTENT_TYPE if is_there else "text/plain; charset=utf-8")
        self.send_header("Content-Length", str(len(body)))
        self.end_headers()
        self.wfile.write(body)

    def log_message(self, format: str, *args: Any) -> None:
        """Quiet: what asks here asks every few seconds."""


class Server(HTTPServer):
    """Without looking its own name up, which may take long."""

    def server_bind(self) -> None:
        socketserver.TCPServer.server_bind(self)
        self.server_name, self.server_port = str(self.server_address[0]), int(self.server_address[1])


def start() -> None:
    """Begins to serve on HOST and METRICS_PORT, if that is set. Raises ImproperlyConfigured where that cannot be."""
    if not settings.METRICS_PORT:
        return
    try:
        server = _listening()
    except OSError as error:
        words = f"METRICS_PORT: cannot listen on {settings.HOST}, port {settings.METRICS_PORT}: {error.strerror}."
        raise ImproperlyConfigured(words) from None
    # A fork may not share its parent's connection.
    connections.close_all()
    multiprocessing.Process(target=server.serve_forever, name="metrics", daemon=True).start()
    server.socket.close()


def _listening() -> Server:
    family, *_, address = socket.getaddrinfo(settings.HOST, settings.METRICS_PORT, type=socket.SOCK_STREAM)[0]
    return type("Server", (Server,), {"address_family": family})((address[0], address[1]), Metrics)
