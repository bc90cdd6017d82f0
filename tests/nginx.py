"""An nginx that lives as long as a `with`: in front of several web servers, by the configuration in deploy/."""

import os
import shutil
import subprocess
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from tempfile import TemporaryDirectory

from tests.emulator.live.certificates import self_made
from tests.start.running import ROOT, free_port

HOW = "The tests need nginx: apt-get install nginx, or put it on PATH."
SHOWN = ROOT / "deploy" / "nginx" / "wizard.conf"
# Debian keeps it off the PATH of everybody but root.
PLACES = os.pathsep.join((os.environ.get("PATH", ""), "/usr/sbin", "/usr/local/sbin"))
# Of its own directory, and nothing of the machine's.
AROUND = """
daemon off;
pid {dir}/nginx.pid;
error_log stderr warn;
events {{ worker_connections 256; }}
http {{
    access_log off;
    client_body_temp_path {dir}/body;
    proxy_temp_path {dir}/proxy;
    fastcgi_temp_path {dir}/fastcgi;
    uwsgi_temp_path {dir}/uwsgi;
    scgi_temp_path {dir}/scgi;
{shown}
}}
"""


class Nginx:
    """Where it listens with https, and the certificate by which one knows it."""

    def __init__(self, port: int, certificate: Path) -> None:
        self.url, self.certificate = f"https://localhost:{port}", certificate


@contextmanager
def running_nginx(servers: list[int]) -> Iterator[Nginx]:
    """In front of the servers that listen on these ports of loopback."""
    program = found()
    if program is None:
        sys.exit(HOW)
    with TemporaryDirectory(prefix="wizard-nginx-") as name:
        directory, port = Path(name), free_port()
        for path, content in self_made("localhost").items():
            (directory / path).write_bytes(content)
        directory.chmod(0o755)
        (directory / "nginx.conf").write_text(configuration(directory, port, servers))
        command = [program, "-c", str(directory / "nginx.conf"), "-p", name, "-e", "stderr"]
        with (directory / "log").open("wb") as log, subprocess.Popen(command, stdout=log, stderr=log) as process:
            try:
                yield Nginx(port, directory / "server.crt")
            finally:
                process.terminate()


def configuration(directory: Path, port: int, servers: list[int]) -> str:
    """The one in deploy/, with our own ports, names and files in the place of its examples."""
    shown = SHOWN.read_text()
    examples = {
        "    server 10.0.0.1:8000 max_fails=1 fail_timeout=2s;\n": "".join(
            f"    server 127.0.0.1:{server} max_fails=1 fail_timeout=2s;\n" for server in servers
        ),
        "    server 10.0.0.2:8000 max_fails=1 fail_timeout=2s;\n": "",
        "    server 10.0.0.3:8000 max_fails=1 fail_timeout=2s;\n": "",
        "listen 443 ssl;": f"listen 127.0.0.1:{port} ssl;",
        "listen 80;": f"listen 127.0.0.1:{port + 1};",
        "server_name wizard.example.com;": "server_name localhost;",
        "/etc/ssl/wizard.crt": str(directory / "server.crt"),
        "/etc/ssl/private/wizard.key": str(directory / "server.key"),
    }
    for example, own in examples.items():
        assert example in shown, example
        shown = shown.replace(example, own)
    return AROUND.format(dir=directory, shown=shown)


def found() -> str | None:
    return shutil.which("nginx", path=PLACES)
