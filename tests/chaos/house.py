"""The wizard's processes, each by itself, so that one can be killed alone and is started again."""

import json
import os
import signal
import subprocess
import sys
import time
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from tests.chaos.plan import TIMEOUT
from tests.emulator.running import TENANT, Emulator
from tests.start.running import ROOT, House, process_table
from tests.story.running import wait_for

ASK = "import json; from wizard.management.commands.start import *; print(json.dumps([invitation(), web_server()]))"
WORKERS = ("worker 1", "worker 2")
PATIENCE = 60


class Kept:
    """A process that is started again whenever it has ended; all that it says goes to one file."""

    def __init__(self, arguments: list[str], env: dict[str, str], log: Path) -> None:
        self._arguments, self._env, self._log = arguments, env, log
        self.start()

    def start(self) -> None:
        with self._log.open("ab") as log:
            self._process = subprocess.Popen(
                [sys.executable, *self._arguments], cwd=ROOT, env=self._env, stdout=log, stderr=subprocess.STDOUT
            )

    @property
    def pid(self) -> int:
        return self._process.pid

    def revive(self) -> None:
        if self._process.poll() is not None:
            self.start()

    def family(self) -> dict[int, str]:
        """Process id -> command line of it and of those that descend from it, eldest first."""
        table, found = process_table(), {self.pid}
        while more := {pid for pid, (parent, _) in table.items() if parent in found} - found:
            found |= more
        return {pid: table[pid][1] for pid in sorted(found & table.keys())}

    def kill(self) -> None:
        self._process.kill()

    def kill_one(self, which: float, *, fork: bool) -> bool:
        """SIGKILL to it, or to one of those that it has forked; `which` (0 to 1) says to whom. False if to none."""
        family = list(self.family())
        pids = family[1:] if fork else family[:1]
        if not pids:
            return False
        try:
            os.kill(pids[int(which * 7919) % len(pids)], signal.SIGKILL)
        except ProcessLookupError:
            return False
        return True

    def wait(self) -> None:
        self._process.wait(timeout=PATIENCE)


class ChaosHouse(House):
    """One data directory with the web server, two workers, and beside them a Flow Service that nobody kills."""

    def __init__(self, data_dir: Path) -> None:
        super().__init__(data_dir)
        base = f"http://127.0.0.1:{self.port + 1}"
        foundation = f"{base}/data/foundation"
        names = (TENANT.ims_org_id, TENANT.client_id, TENANT.client_secret, TENANT.sandbox_name)
        self.emulator = Emulator(f"{foundation}/flowservice", base, f"{foundation}/sandbox-management", *names)
        self.settings |= {
            "FLOW_SERVICE_URL": self.emulator.flow_service_url,
            "FLOW_SERVICE_TIMEOUT": str(TIMEOUT),
            "IMS_URL": base,
            "IMS_ORG_ID": TENANT.ims_org_id,
            "IMS_CLIENT_ID": TENANT.client_id,
            "IMS_CLIENT_SECRET": TENANT.client_secret,
            "SANDBOX_NAME": TENANT.sandbox_name,
        }
        self.kept: dict[str, Kept] = {}
        self._seen: dict[int, str] = {}
        self.left_over: list[int] = []

    @property
    def url(self) -> str:
        return f"http://127.0.0.1:{self.port}"

    @property
    def database(self) -> Path:
        return self.data_dir / "wizard.sqlite3"

    def start(self) -> str:
        """All of them; the first link."""
        self.data_dir.mkdir(parents=True, exist_ok=True)
        flow_service = ["-m", "wizard.emulator", "--port", str(self.port + 1), "--data-dir", str(self.data_dir)]
        self._keep("flow service", flow_service)
        for arguments in (("prepare",), ("shell", "-v", "0", "-c", ASK)):
            code, output = self.run(*arguments)
            assert code == 0, output
        invitation, web_server = json.loads(output.splitlines()[-1])
        self._keep("web", web_server)
        for name in WORKERS:
            self._keep(name, ["manage.py", "work"])
        return str(invitation.split()[-1])

    def _keep(self, name: str, arguments: list[str]) -> None:
        environment = {key: os.environ[key] for key in ("PATH", "HOME", "LANG") if key in os.environ}
        log = self.data_dir / f"{name.replace(' ', '_')}.log"
        self.kept[name] = Kept(arguments, environment | self.settings, log)

    def revive(self) -> None:
        for kept in self.kept.values():
            kept.revive()

    def kill(self, victim: str, which: float) -> bool:
        """SIGKILL to a worker, the web server, or one of those that they have forked. False if there is none."""
        name = "web" if victim.startswith("web") else WORKERS[int(which * len(WORKERS))]
        self._seen.update(self.kept[name].family())
        return self.kept[name].kill_one(which, fork=victim in ("task", "web worker"))

    def stop(self) -> None:
        """Ends them all. What they have forked ends with them; where it does not, `left_over` says so."""
        for kept in self.kept.values():
            self._seen.update(kept.family())
            kept.kill()
        for kept in self.kept.values():
            kept.wait()
        self.emulator.close()
        deadline = time.monotonic() + PATIENCE
        while self._alive() and time.monotonic() < deadline:
            time.sleep(0.1)
        self.left_over = self._alive()
        for pid in self.left_over:
            os.kill(pid, signal.SIGKILL)

    def _alive(self) -> list[int]:
        """Of those that were ours; another process may have the number of one that is gone."""
        table = process_table()
        return [pid for pid, line in self._seen.items() if pid in table and table[pid][1] == line]


@contextmanager
def running(house: ChaosHouse) -> Iterator[str]:
    """Started and answering, with the first link; nothing of it is left afterwards."""
    try:
        link = house.start()
        wait_for(lambda: _answers(house), "an answer of the web server")
        yield link
    finally:
        house.stop()


def _answers(house: ChaosHouse) -> bool:
    try:
        return house.emulator.session.get(f"{house.url}/health/live", timeout=5).ok
    except OSError:
        return False
