"""The units of deploy/systemd/ with places of a test's own, and their commands run as systemd would run them."""

import getpass
import os
import shlex
import shutil
import subprocess
from pathlib import Path

from tests.emulator.running import Emulator
from tests.start.running import ROOT, free_port
from wizard.environment import new_credential_key, new_secret

DIRECTORY = ROOT / "deploy" / "systemd"
SERVICES = sorted(path.name for path in DIRECTORY.glob("*.service"))
UNITS = sorted(path.name for path in DIRECTORY.iterdir() if path.suffix != ".env")
HOST = "wizard.example.com"
INSTALLED = "/opt/wizard"


def settings_of(unit: str) -> list[tuple[str, str]]:
    """Names and values, in their order; a name may come several times."""
    lines = (DIRECTORY / unit).read_text().splitlines()
    return [(name, value) for name, found, value in (line.partition("=") for line in lines) if found and name[0] != "#"]


class Installed:
    """The files of one machine, as docs/operations.md has them made, below a directory of a test."""

    def __init__(self, directory: Path, emulator: Emulator) -> None:
        self.directory, self.port = directory, free_port()
        foundation = emulator.flow_service_url
        self._places = {
            INSTALLED: str(ROOT),
            "/etc/wizard": str(directory / "etc"),
            "/var/lib/wizard": str(directory / "data"),
            "/var/backups/wizard": str(directory / "backups"),
        }
        self._values = {
            "PORT=8000": f"PORT={self.port}",
            "https://platform.adobe.io/data/foundation/flowservice": foundation,
            "https://ims-na1.adobelogin.com": emulator.ims_url,
            "0123456789ABCDEF01234567@AdobeOrg": emulator.org,
            "your-client-id": emulator.client_id,
        }
        for name in ("etc", "data", "backups"):
            (directory / name).mkdir(mode=0o700)
        secrets = {"secret_key": new_secret(), "credential_keys": new_credential_key()}
        for name, value in (secrets | {"ims_client_secret": emulator.client_secret}).items():
            path = directory / "etc" / name
            path.write_text(value)
            path.chmod(0o400)
        (directory / "etc" / "wizard.env").write_text(self.here((DIRECTORY / "wizard.env").read_text()))

    def here(self, text: str) -> str:
        for shown, own in (self._values | self._places).items():
            text = text.replace(shown, own)
        return text

    def popen(self, unit: str) -> subprocess.Popen[str]:
        """Its ExecStart, with its directory, environment and umask."""
        found = {name: self.here(value) for name, value in settings_of(unit)}
        environment = {"PATH": os.environ["PATH"]} | _assignments(found["Environment"])
        for line in Path(found["EnvironmentFile"]).read_text().splitlines():
            environment |= {} if line.startswith("#") else dict([line.split("=", 1)] if line else [])
        return self._popen(
            shlex.split(found["ExecStart"]), found["WorkingDirectory"], environment, umask=int(found["UMask"], 8)
        )

    def run(self, unit: str) -> tuple[int, str]:
        return _end(self.popen(unit))

    def manage(self, *arguments: str) -> tuple[int, str]:
        """A copy of deploy/manage, beside links to our tree."""
        script = self.directory / "deploy" / "manage"
        if not script.exists():
            script.parent.mkdir()
            text = (ROOT / "deploy" / "manage").read_text()
            script.write_text(self.here(text).replace("!= wizard ]", f"!= {getpass.getuser()} ]"))
            script.chmod(0o700)
            for name in (".venv", "manage.py"):
                (self.directory / name).symlink_to(ROOT / name)
        return _end(self._popen([str(script), *arguments], "/", {"PATH": os.environ["PATH"]}))

    def _popen(
        self, command: list[str], directory: str, environment: dict[str, str], umask: int = -1
    ) -> subprocess.Popen[str]:
        return subprocess.Popen(
            command,
            cwd=directory,
            env=environment,
            umask=umask,
            stdout=subprocess.PIPE,
            stderr=subprocess.STDOUT,
            text=True,
        )


def _end(process: subprocess.Popen[str]) -> tuple[int, str]:
    """Exit code and output."""
    with process:
        said, _ = process.communicate(timeout=180)
    return process.returncode, said


def _assignments(line: str) -> dict[str, str]:
    return dict(word.split("=", 1) for word in shlex.split(line))


def analyse(directory: Path, *arguments: str) -> tuple[int, str]:
    """What systemd-analyze says of the units as they would be installed, with our tree in the place of theirs."""
    for name in UNITS:
        (directory / name).write_text((DIRECTORY / name).read_text().replace(INSTALLED, str(ROOT)))
    command = [str(program()), *arguments]
    done = subprocess.run(command, cwd=directory, capture_output=True, text=True, timeout=60, check=False)
    return done.returncode, done.stdout + done.stderr


def program() -> str | None:
    return shutil.which("systemd-analyze")
