"""Gets Lighthouse for the benchmark, where Node.js is: what tests/bench/lighthouse locks, and runs no script of it."""

import shutil
import subprocess
from pathlib import Path

from tests.bench.lighthouse.running import HOME, OLDEST_NODE, node_version

LOCKED = Path(__file__).parent / "bench" / "lighthouse"


def main() -> None:
    """Without Node.js nothing happens: the benchmark says then what it did not measure."""
    npm = shutil.which("npm")
    if node_version() < OLDEST_NODE or not npm:
        return
    print("Installing Lighthouse ...", flush=True)  # noqa: T201
    HOME.mkdir(exist_ok=True)
    for name in ("package.json", "package-lock.json"):
        shutil.copyfile(LOCKED / name, HOME / name)
    command = [npm, "ci", "--ignore-scripts", "--no-audit", "--no-fund", "--loglevel=error"]
    subprocess.run(command, cwd=HOME, stdout=subprocess.DEVNULL, check=True)


if __name__ == "__main__":
    main()
