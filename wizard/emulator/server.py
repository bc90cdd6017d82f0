"""The listening socket: opens, serves each connection in a thread, and can stop listening for a while."""

import logging
import socket
import socketserver
import sys
import time
from collections.abc import Iterable
from http.server import ThreadingHTTPServer
from pathlib import Path
from threading import Event
from typing import Any

from wizard.emulator.app import App
from wizard.emulator.faults import Faults
from wizard.emulator.ims import Tenant
from wizard.emulator.journal import Journal
from wizard.emulator.live.looking import live_or_not
from wizard.emulator.live.probing import Prober
from wizard.emulator.practice import Practice
from wizard.emulator.specs import Spec
from wizard.emulator.store import Store
from wizard.emulator.transport import Handler

logger = logging.getLogger(__name__)
POLL = 0.02
# Seconds that calls under way get to finish when the service stops listening.
GRACE = 0.5


class Server(ThreadingHTTPServer):
    """Listens as soon as it is made and answers while `run` runs. State is one file in `data_dir`.

    With a `prober` it looks into the databases that connections describe, and keeps their secrets in a second file.
    """

    daemon_threads = True
    request_queue_size = 128

    def __init__(
        self,
        address: tuple[str, int],
        data_dir: Path,
        tenants: Iterable[Tenant],
        specs: Iterable[Spec],
        prober: Prober | None = None,
    ) -> None:
        self._connections: set[socket.socket] = set()
        self._refuses_for: float | None = None
        self._is_closed = Event()
        self.stopped = Event()
        super().__init__(address, Handler)
        self._store = Store(data_dir / "flow_service.sqlite3")
        self._live = live_or_not(data_dir, prober)
        self.app = App(tenants, specs, self._store, self._live)
        self.faults = Faults()
        self.journal = Journal(self.app.specs)
        self.practice = Practice(self.app, self.faults, self.journal, self.refuse)

    @property
    def port(self) -> int:
        return int(self.server_address[1])

    def run(self) -> None:
        """Serves until stopped, with pauses in which nobody listens."""
        try:
            while True:
                self.serve_forever(POLL)
                if self._refuses_for is not None:
                    self._pause(self._refuses_for)
                if self.stopped.is_set():
                    return
        finally:
            self.stopped.set()
            self.server_close()
            self._hang_up()
            self._store.close()
            if self._live:
                self._live.close()

    def stop(self) -> None:
        """Makes `run` return; to be called from another thread."""
        self.stopped.set()
        self.shutdown()

    def refuse(self, seconds: float) -> None:
        """Returns when nobody listens any more; so many seconds later somebody does again."""
        self._is_closed.clear()
        self._refuses_for = seconds
        self.shutdown()
        self._is_closed.wait(timeout=5)

    def server_bind(self) -> None:
        # HTTPServer would ask the name service for the host's full name, which can take seconds.
        socketserver.TCPServer.server_bind(self)

    def get_request(self) -> tuple[socket.socket, Any]:
        connection, address = super().get_request()
        self._connections.add(connection)
        return connection, address

    def shutdown_request(self, request: Any) -> None:
        self._connections.discard(request)
        super().shutdown_request(request)

    def handle_error(self, *_: Any) -> None:
        """A caller that hangs up is no news; of anything else the type is enough, its words may hold a secret."""
        error = sys.exc_info()[0]
        if error and not issubclass(error, OSError):
            logger.error("%s while answering", error.__name__)

    def _pause(self, seconds: float) -> None:
        self._refuses_for = None
        address = self.server_address
        self.socket.close()
        # Bound but not listening: callers are refused, and nobody else can take the port meanwhile.
        self.socket = socket.socket(self.address_family, self.socket_type)
        socketserver.TCPServer.server_bind(self)
        self._hang_up()
        self._is_closed.set()
        self.stopped.wait(seconds)
        self.server_activate()
        logger.info("listening again on port %d", address[1])

    def _hang_up(self) -> None:
        """Ends idle connections at once; a call under way may still write its answer."""
        for connection in list(self._connections):
            try:
                connection.shutdown(socket.SHUT_RD)
            except OSError:
                self._connections.discard(connection)
        end = time.monotonic() + GRACE
        while len(self._connections) > 1 and time.monotonic() < end:
            time.sleep(POLL)
