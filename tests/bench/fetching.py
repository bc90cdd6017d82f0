"""`make run` on an empty machine, until the sign-in page is there, beside `pip install` of the same lock file."""

import os
import signal
import subprocess
import sys
import time
import venv
from collections.abc import Iterator
from pathlib import Path
from tempfile import TemporaryDirectory

from tests.bench.starting import wait_for_sign_in
from tests.bench.timing import Figure, at_most, spread
from tests.start.running import ROOT, free_port

LOCK = "requirements/run.txt"
# Where packages come from, and by which way: a machine may know that from its environment alone.
FETCHING = ("PIP_INDEX_URL", "PIP_EXTRA_INDEX_URL", "PIP_CERT", "PIP_TRUSTED_HOST", "PIP_CONFIG_FILE")
WAY_OUT = ("HTTP_PROXY", "HTTPS_PROXY", "NO_PROXY", "SSL_CERT_FILE", "REQUESTS_CA_BUNDLE")
PASSED_ON = ("PATH", "LANG", *FETCHING, *WAY_OUT, *map(str.lower, WAY_OUT))
MOST_TIMES = 3
WHY = (
    "the environment is made first, with a pip of its own, and after the packages a first start makes the database and "
    "compresses what pages load: the same seconds wherever packages come from, beside few seconds of fetching."
)
INSTALL = ("-m", "pip", "install", "--quiet", "--disable-pip-version-check", "--require-hashes", "-r", LOCK)


def figures(times: int) -> Iterator[Figure]:
    found: dict[str, list[float]] = {"floor": [], "run": []}
    for _ in range(max(1, min(times // 10, MOST_TIMES))):
        for name, measure in (("floor", _install), ("run", _run)):
            with TemporaryDirectory() as directory:
                found[name].append(measure(Path(directory)))
    floor, target = spread(found["floor"]), at_most(spread(found["floor"]), 1.3)
    name = "make run on an empty machine, to the sign-in page"
    yield Figure(name, "s", spread(found["run"]), "pip install of the lock file", floor, (target,), WHY)


def _environment(home: Path) -> dict[str, str]:
    """An empty home, and nothing of what was fetched before."""
    passed_on = {name: os.environ[name] for name in PASSED_ON if name in os.environ}
    return {**passed_on, "HOME": str(home), "PIP_NO_CACHE_DIR": "1"}


def _install(directory: Path) -> float:
    """Into an environment of its own, which is there already."""
    venv.create(directory / "venv", with_pip=True)
    began = time.perf_counter()
    command = [str(directory / "venv" / "bin" / "python"), *INSTALL]
    subprocess.run(command, cwd=ROOT, env=_environment(directory), check=True, capture_output=True)
    return time.perf_counter() - began


def _run(directory: Path) -> float:
    """In a clone, as somebody does it who has just found us; the time to clone does not count."""
    clone, port = directory / "clone", free_port()
    subprocess.run(["git", "clone", "--quiet", str(ROOT), str(clone)], check=True, capture_output=True)
    environment = _environment(directory) | {"PORT": str(port)}
    began = time.perf_counter()
    # In a session of its own, as a terminal has it: Ctrl-C goes to all of it.
    with subprocess.Popen(
        ["make", "run", f"PYTHON={sys._base_executable}"],  # type: ignore[attr-defined]
        cwd=clone,
        env=environment,
        stdout=subprocess.PIPE,
        stderr=subprocess.STDOUT,
        text=True,
        start_new_session=True,
    ) as process:
        try:
            wait_for_sign_in(f"http://127.0.0.1:{port}/sign-in/", process, seconds=600)
            return time.perf_counter() - began
        finally:
            os.killpg(process.pid, signal.SIGINT)
            process.communicate(timeout=60)
