"""nginx takes the configuration in deploy/; tests/machines/ runs by it."""

import subprocess
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from threading import Thread

import requests

from tests.emulator.live.certificates import self_made
from tests.nginx import HOW, configuration, found, running_nginx
from tests.story.running import wait_for


def test_nginx_finds_nothing_wrong_with_it(tmp_path: Path) -> None:
    program = found()
    assert program, HOW
    for name, content in self_made("localhost").items():
        (tmp_path / name).write_bytes(content)
    path = tmp_path / "nginx.conf"
    path.write_text(configuration(tmp_path, 8443, [8000]))
    command = [program, "-t", "-c", str(path), "-p", str(tmp_path), "-e", "stderr"]
    done = subprocess.run(command, capture_output=True, text=True, timeout=30, check=False)
    assert done.returncode == 0, done.stderr
    assert "warn" not in done.stderr


class Answering(BaseHTTPRequestHandler):
    """A machine that has the files of one version."""

    has: frozenset[str]
    asked: list[str]

    def do_GET(self) -> None:
        self.asked.append(self.path)
        self.send_response(200 if self.path in self.has else 404)
        self.send_header("Content-Length", "0")
        self.end_headers()

    def log_message(self, *_args: object) -> None:
        """Nothing: nobody reads it."""


@contextmanager
def machine(*has: str) -> Iterator[tuple[int, list[str]]]:
    """Its port, and what it is asked for."""
    asked: list[str] = []
    handler = type("Machine", (Answering,), {"has": frozenset(has), "asked": asked})
    with ThreadingHTTPServer(("127.0.0.1", 0), handler) as server:
        thread = Thread(target=server.serve_forever, daemon=True)
        thread.start()
        try:
            yield server.server_port, asked
        finally:
            server.shutdown()
            thread.join()


def test_a_page_of_one_version_gets_its_files_while_another_machine_has_those_of_another() -> None:
    with (
        machine("/static/old.css") as (old, old_asked),
        machine("/static/new.css") as (new, new_asked),
        running_nginx([old, new]) as nginx,
        requests.Session() as browser,
    ):
        browser.trust_env, browser.verify = False, str(nginx.certificate)

        def get(path: str) -> int:
            return browser.get(nginx.url + path, timeout=10).status_code

        wait_for(lambda: _listens(get), "nginx")
        assert [get(f"/static/{name}.css") for name in ("old", "new", "old", "new")] == [200] * 4
        assert get("/static/of-none.css") == 404
        before = len(old_asked) + len(new_asked)
        assert get("/connections/nowhere/") == 404
        assert len(old_asked) + len(new_asked) == before + 1


def _listens(get: Callable[[str], int]) -> bool:
    try:
        return bool(get("/"))
    except requests.ConnectionError:
        return False
