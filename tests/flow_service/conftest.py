"""Servers on loopback that answer by hand, byte for byte, and a client that talks to them."""

import datetime
import ipaddress
import socket
import socketserver
import ssl
import threading
from collections.abc import Callable, Iterator
from contextlib import suppress
from dataclasses import dataclass, field
from pathlib import Path

import pytest
import responses
from cryptography import x509
from cryptography.hazmat.primitives import hashes, serialization
from cryptography.hazmat.primitives.asymmetric import ec
from cryptography.x509.oid import NameOID

from wizard.flow_service import FlowService

TOKEN = "canary-token-1"

Reply = Callable[[socket.socket, bytes], None]


@dataclass
class Served:
    """What reached a server: each request as it came, with the number of the connection that it came on."""

    url: str
    requests: list[tuple[int, bytes]] = field(default_factory=list)
    connections: int = 0

    @property
    def methods(self) -> list[str]:
        return [request.split(b" ", 1)[0].decode() for _, request in self.requests]

    @property
    def host(self) -> str:
        return self.url.partition("//")[2]


def _read_request(connection: socket.socket) -> bytes:
    received = b""
    while b"\r\n\r\n" not in received:
        if not (more := connection.recv(65536)):
            return b""
        received += more
    head, _, body = received.partition(b"\r\n\r\n")
    fields = dict(line.lower().split(b": ", 1) for line in head.split(b"\r\n")[1:])
    while len(body) < int(fields.get(b"content-length", b"0")):
        body += connection.recv(65536)
    return head + b"\r\n\r\n" + body


@pytest.fixture
def serve() -> Iterator[Callable[..., Served]]:
    """serve(reply): a server that reads whole requests and lets `reply` write, until either side closes."""
    servers: list[socketserver.ThreadingTCPServer] = []

    def start(reply: Reply, context: ssl.SSLContext | None = None) -> Served:
        class Handler(socketserver.BaseRequestHandler):
            def handle(self) -> None:
                served.connections += 1
                number = served.connections
                # A client that goes away is what many of these tests are about.
                with suppress(OSError), self._connection() as connection:
                    while request := _read_request(connection):
                        served.requests.append((number, request))
                        reply(connection, request)

            def _connection(self) -> socket.socket:
                return context.wrap_socket(self.request, server_side=True) if context else self.request

        server = socketserver.ThreadingTCPServer(("127.0.0.1", 0), Handler)
        server.daemon_threads = True
        servers.append(server)
        served = Served(f"{'https' if context else 'http'}://127.0.0.1:{server.server_address[1]}")
        threading.Thread(target=server.serve_forever, kwargs={"poll_interval": 0.01}, daemon=True).start()
        return served

    yield start
    for server in servers:
        server.shutdown()
        server.server_close()


@pytest.fixture
def client() -> Iterator[Callable[..., FlowService]]:
    """client(url, timeout=1): a Flow Service client for the server at `url`."""
    made: list[FlowService] = []

    def make(
        url: str, timeout: float = 1, token: Callable[[str | None], str] = lambda _: TOKEN, sandboxes: str = ""
    ) -> FlowService:
        made.append(
            FlowService(
                f"{url}/data/foundation/flowservice",
                ims_org_id="0123456789ABCDEF@AdobeOrg",
                client_id="practice-client",
                sandbox_name="prod",
                token=token,
                timeout=timeout,
                sandbox_management_url=sandboxes,
            )
        )
        return made[-1]

    yield make
    for flow_service in made:
        flow_service.close()


@pytest.fixture
def flow_service(client: Callable[..., FlowService]) -> FlowService:
    """A client for Adobe's own address, where `adobe` answers."""
    return client("https://platform.adobe.io")


@pytest.fixture
def adobe() -> Iterator[responses.RequestsMock]:
    with responses.RequestsMock() as mock:
        yield mock


@pytest.fixture(scope="session")
def certificate(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A file with a key and a certificate of its own for 127.0.0.1."""
    key = ec.generate_private_key(ec.SECP256R1())
    name = x509.Name([x509.NameAttribute(NameOID.COMMON_NAME, "127.0.0.1")])
    now = datetime.datetime.now(datetime.UTC)
    made = (
        x509.CertificateBuilder()
        .subject_name(name)
        .issuer_name(name)
        .public_key(key.public_key())
        .serial_number(x509.random_serial_number())
        .not_valid_before(now - datetime.timedelta(days=1))
        .not_valid_after(now + datetime.timedelta(days=1))
        .add_extension(x509.SubjectAlternativeName([x509.IPAddress(ipaddress.ip_address("127.0.0.1"))]), critical=False)
        .add_extension(x509.BasicConstraints(ca=True, path_length=0), critical=True)
        .sign(key, hashes.SHA256())
    )
    file = tmp_path_factory.mktemp("tls") / "server.pem"
    private = key.private_bytes(
        serialization.Encoding.PEM, serialization.PrivateFormat.PKCS8, serialization.NoEncryption()
    )
    file.write_bytes(private + made.public_bytes(serialization.Encoding.PEM))
    return file


@pytest.fixture
def tls(certificate: Path) -> ssl.SSLContext:
    context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
    context.load_cert_chain(certificate)
    return context
