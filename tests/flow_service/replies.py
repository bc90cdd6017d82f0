"""What the servers of these tests say, byte for byte."""

import socket
import time

ID = "1a444165-3439-4c6a-9d6b-1c2a5b3e0001"
CREATED = b'{"id":"%s","etag":"\\"5b04\\""}' % ID.encode()


def answer(body: bytes, status: bytes = b"200 OK", headers: bytes = b"") -> bytes:
    return b"HTTP/1.1 %s\r\nContent-Length: %d\r\n%s\r\n%s" % (status, len(body), headers, body)


def drip(connection: socket.socket, start: bytes, rest: bytes = b"x" * 10_000) -> None:
    """Never silent for longer than a twentieth of a second, and never done."""
    connection.sendall(start)
    for byte in rest:
        time.sleep(0.05)
        connection.sendall(bytes([byte]))
