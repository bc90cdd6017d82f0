"""A gigabyte for the real server: cut off early, kept in no memory, and others are answered meanwhile."""

import re
import socket
from pathlib import Path

import requests

from tests.story.running import Wizard

GIGABYTE = 2**30
CHUNK = b"x" * 256 * 1024
MOST = 64 * 1024 * 1024  # bytes; what lies in buffers on the way is sent without being read


def memory_of(wizard: Wizard) -> int:
    """The most, in bytes, that the web server's processes have held so far."""
    pids = wizard.pids("web_server")
    assert pids
    peaks = [re.search(r"VmHWM:\s+(\d+) kB", Path(f"/proc/{pid}/status").read_text()) for pid in pids]
    return sum(int(peak[1]) * 1024 for peak in peaks if peak)


def send_gigabyte(wizard: Wizard, cookie: str, token: str) -> tuple[int, bytes]:
    """How much of it was taken, and the answer."""
    head = f'--b\r\nContent-Disposition: form-data; name="csrfmiddlewaretoken"\r\n\r\n{token}\r\n'
    file = '--b\r\nContent-Disposition: form-data; name="a.file"; filename="a"\r\n\r\n'
    lines = (
        "POST /sign-in/ HTTP/1.1",
        f"Host: 127.0.0.1:{wizard.port}",
        f"Cookie: {cookie}",
        f"Content-Length: {GIGABYTE}",
    )
    request = "\r\n".join((*lines, "Content-Type: multipart/form-data; boundary=b", "", head + file)).encode()
    taken = 0
    with socket.create_connection(("127.0.0.1", wizard.port), timeout=3) as connection:
        connection.sendall(request)
        try:
            while taken < GIGABYTE:
                taken += connection.send(CHUNK)
        except OSError:
            pass
        try:
            return taken, connection.recv(64 * 1024)
        except OSError:
            return taken, b""


def test_a_gigabyte_is_cut_off_early_and_fills_no_memory(wizard: Wizard) -> None:
    visitor = requests.Session()
    page = visitor.get(f"{wizard.url}/sign-in/", timeout=10).text
    token = re.search(r'name="csrfmiddlewaretoken" value="(\w+)"', page)
    assert token
    cookie = "; ".join(f"{name}={value}" for name, value in visitor.cookies.items())
    before = memory_of(wizard)
    taken, answer = send_gigabyte(wizard, cookie, token[1])

    assert not answer or answer.startswith(b"HTTP/1.1 400"), answer[:200]
    assert taken < MOST
    assert memory_of(wizard) - before < MOST
    assert requests.get(f"{wizard.url}/health/ready", timeout=10).status_code == 200
