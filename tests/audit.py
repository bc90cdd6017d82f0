"""Known holes in the locked packages, by pip-audit; `python -m tests.audit requirements/run.txt`.

Ends with 1 where there is one, or where the audit itself is broken. The advisories come over the network: where they
cannot be fetched it ends with 0, and says what was not checked.
"""

import json
import re
import subprocess
import sys
from dataclasses import dataclass, field
from typing import Any

# The first one answers for itself; the other one also where a mirror of the packages is all that can be reached.
SERVICES = ("osv", "pypi")
TIMEOUT = 120  # seconds, for one service
UNREACHABLE = re.compile(r"ConnectionError|Timeout|ProxyError|SSLError|HTTPError|NameResolution|ServiceError|MaxRetry")


class Broken(Exception):
    """pip-audit could not do its work, and not for lack of a network; its own words."""


@dataclass
class Audit:
    """What one service said: names of the packages that it knew of, those that it did not, and the holes."""

    service: str
    checked: list[str] = field(default_factory=list)
    unchecked: list[str] = field(default_factory=list)
    holes: list[str] = field(default_factory=list)


def audit(requirements: str, service: str, tool: str) -> Audit:
    """Without a package checked where the service cannot be reached. Raises Broken."""
    fixed = ("--require-hashes", "--disable-pip", "--progress-spinner=off", "--format=json", "--timeout=15")
    command = [tool, *fixed, f"--vulnerability-service={service}", f"--requirement={requirements}"]
    try:
        done = subprocess.run(command, capture_output=True, text=True, timeout=TIMEOUT, check=False)
    except subprocess.TimeoutExpired:
        return Audit(service)
    try:
        return _read(service, json.loads(done.stdout)["dependencies"])
    except (ValueError, KeyError, TypeError):
        if UNREACHABLE.search(done.stderr):
            return Audit(service)
        raise Broken(done.stderr.strip() or done.stdout.strip() or "It says nothing.") from None


def _read(service: str, dependencies: list[dict[str, Any]]) -> Audit:
    found = Audit(service)
    for item in dependencies:
        (found.unchecked if "skip_reason" in item else found.checked).append(item["name"])
        for hole in item.get("vulns", ()):
            mended = ", ".join(hole.get("fix_versions", ())) or "no version yet"
            found.holes.append(f"{item['name']} {item['version']}: {hole['id']}, mended in {mended}")
    return found


def main(requirements: str, tool: str = "pip-audit") -> int:
    """The exit code; says in one line what was checked and what was not."""
    try:
        found = next((one for one in (audit(requirements, name, tool) for name in SERVICES) if one.checked), None)
    except Broken as error:
        return _say(f"pip-audit is broken: {error}", 1)
    if found is None:
        tried = " and ".join(SERVICES)
        return _say(f"NOT CHECKED for known holes: {requirements}; the advisories ({tried}) could not be fetched.", 0)
    if found.holes:
        return _say("\n".join(["Packages with known holes:", *found.holes]), 1)
    rest = f" NOT CHECKED: {', '.join(found.unchecked)}." if found.unchecked else ""
    return _say(f"{len(found.checked)} locked packages have no known hole ({found.service}).{rest}", 0)


def _say(words: str, code: int) -> int:
    sys.stdout.write(f"{words}\n")
    return code


if __name__ == "__main__":
    from pathlib import Path

    sys.exit(main(sys.argv[1], str(Path(sys.executable).with_name("pip-audit"))))
