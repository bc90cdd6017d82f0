"""Three machines behind nginx: on each a web server and a worker, with a DATA_DIR of their own, and one PostgreSQL."""

import os
import subprocess
import sys
from collections.abc import Iterator
from contextlib import ExitStack, contextmanager
from pathlib import Path
from typing import Any

import requests

from tests.chaos.house import Kept
from tests.chaos.plan import TIMEOUT
from tests.emulator.running import Emulator, running_emulator
from tests.nginx import Nginx, running_nginx
from tests.postgres import Postgres, running_cluster
from tests.start.running import ROOT, free_port, process_table, sign_in_first
from tests.story.running import wait_for
from wizard.environment import new_credential_key, new_secret

NUMBER = 3
LINK = "from wizard.people.services import issue_first_link; print(issue_first_link())"
AWAY = "The database does not answer"


class Machine:
    """One of them: its directory, where its web server listens, and its processes."""

    def __init__(self, data_dir: Path, settings: dict[str, str]) -> None:
        self.port = free_port()
        self.data_dir = data_dir
        own = {"DATA_DIR": str(data_dir), "PORT": str(self.port)}
        surroundings = {name: os.environ[name] for name in ("PATH", "HOME", "LANG") if name in os.environ}
        self.env = surroundings | settings | own
        self.kept: dict[str, Kept] = {}

    def begin(self, *arguments: str) -> subprocess.Popen[str]:
        """A command of its own, at work."""
        command = [sys.executable, "manage.py", *arguments]
        return subprocess.Popen(command, cwd=ROOT, env=self.env, stdout=-1, stderr=subprocess.STDOUT, text=True)

    def start(self) -> None:
        for name, command in (("web", "serve"), ("worker", "work")):
            self.kept[name] = Kept(["manage.py", command], self.env, self.data_dir / f"{name}.log")

    def get(self, path: str, *, host: str, cookies: str = "") -> requests.Response:
        """From this very machine, as the proxy would ask it."""
        headers = {"Host": host, "X-Forwarded-Proto": "https", "Cookie": cookies}
        url = f"http://127.0.0.1:{self.port}{path}"
        return requests.get(url, headers=headers, timeout=20, allow_redirects=False)

    def readiness(self) -> int:
        """The status of /health/ready; 0 where nobody answers."""
        try:
            return self.get("/health/ready", host="localhost").status_code
        except requests.RequestException:
            return 0


class Machines:
    def __init__(self, directory: Path, database: Postgres, emulator: Emulator, **more: str) -> None:
        self.directory, self.postgres, self.emulator = directory, database, emulator
        settings = _settings(database, emulator) | more
        self.all = [Machine(directory / f"machine-{number}", settings) for number in range(1, NUMBER + 1)]
        self.nginx: Nginx
        self.browser: requests.Session
        self._seen: dict[int, str] = {}

    @property
    def database(self) -> str:
        return f"{self.postgres.url}/postgres"

    @property
    def host(self) -> str:
        return self.nginx.url.removeprefix("https://")

    def start(self) -> None:
        """Prepared by all at once, as they would be; then every process."""
        for machine in self.all:
            machine.data_dir.mkdir(parents=True)
        for process in [machine.begin("prepare") for machine in self.all]:
            said, _ = process.communicate(timeout=120)
            assert process.returncode == 0, said
        for machine in self.all:
            machine.start()
        wait_for(lambda: self.readiness() == {200}, "all machines to be ready", 120)

    def sign_in(self) -> None:
        with self.all[0].begin("shell", "-v", "0", "-c", LINK) as process:
            token = process.communicate(timeout=60)[0].split()[-1]
        self.browser = self.visitor()
        page = sign_in_first(self.browser, f"{self.nginx.url}/first/{token}/")
        assert page.status_code == 200, page.text

    def visitor(self) -> requests.Session:
        """A browser that nobody has signed in with."""
        browser = requests.Session()
        browser.trust_env = False
        browser.verify = str(self.nginx.certificate)
        browser.headers["Origin"] = self.nginx.url
        return browser

    def colleague(self) -> requests.Session:
        """Another browser in the same session."""
        browser = self.visitor()
        browser.cookies.update(self.browser.cookies)
        return browser

    @property
    def cookies(self) -> str:
        return "; ".join(f"{cookie.name}={cookie.value}" for cookie in self.browser.cookies)

    def readiness(self) -> set[int]:
        return {machine.readiness() for machine in self.all}

    def revive(self) -> None:
        for machine in self.all:
            for kept in machine.kept.values():
                kept.revive()

    def kill(self, name: str, which: float, *, fork: bool = False) -> bool:
        """SIGKILL to a web server or worker of one machine, or to one of those that it has forked."""
        kept = self.all[int(which * NUMBER)].kept[name]
        self._seen |= kept.family()
        return kept.kill_one(which, fork=fork)

    def stop(self) -> None:
        every = [kept for machine in self.all for kept in machine.kept.values()]
        for kept in every:
            self._seen |= kept.family()
            kept.kill()
        for kept in every:
            kept.wait()
        wait_for(lambda: not self.left_over(), "the end of what they have forked")

    def left_over(self) -> list[int]:
        table = process_table()
        return [pid for pid, line in self._seen.items() if pid in table and table[pid][1] == line]

    def logs(self) -> Iterator[Path]:
        return self.directory.glob("machine-*/*.log")


def _settings(database: Postgres, emulator: Emulator) -> dict[str, str]:
    return {
        "DATABASE_URL": f"{database.url}/postgres",
        "SECRET_KEY": new_secret(),
        "CREDENTIAL_KEYS": new_credential_key(),
        "ALLOWED_HOSTS": "localhost",
        "WEB_WORKERS": "1",
        "TASK_WORKERS": "2",
        "FLOW_SERVICE_URL": emulator.flow_service_url,
        "FLOW_SERVICE_TIMEOUT": str(TIMEOUT),
        "IMS_URL": emulator.ims_url,
        "IMS_ORG_ID": emulator.org,
        "IMS_CLIENT_ID": emulator.client_id,
        "IMS_CLIENT_SECRET": emulator.client_secret,
        "SANDBOX_NAME": emulator.sandbox,
    }


@contextmanager
def running_machines(directory: Path, **more: Any) -> Iterator[Machines]:
    """Started, alice signed in. The database keeps what it has confirmed, whoever kills it."""
    with ExitStack() as stack:
        database = stack.enter_context(running_cluster())
        emulator = stack.enter_context(running_emulator(directory))
        machines = Machines(directory, database, emulator, **more)
        machines.nginx = stack.enter_context(running_nginx([machine.port for machine in machines.all]))
        stack.callback(machines.stop)
        machines.start()
        machines.sign_in()
        yield machines
