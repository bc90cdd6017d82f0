"""What the tests of backups share: making one, and another installation to bring it back to."""

import os
import subprocess
import sys
from io import StringIO
from pathlib import Path

from django.core.management import call_command
from django.db import connection

from tests.start.running import ROOT


class Elsewhere:
    """Another installation: its own directory or database, the same keys and the same Flow Service."""

    def __init__(self, directory: Path, settings, **changes: str) -> None:
        names = ("FLOW_SERVICE_URL", "SANDBOX_MANAGEMENT_URL", "IMS_URL", "IMS_ORG_ID", "IMS_CLIENT_ID", "SANDBOX_NAME")
        self.settings = {name: getattr(settings, name) for name in (*names, "IMS_CLIENT_SECRET")}
        self.settings |= {"DATA_DIR": str(directory), "CREDENTIAL_KEYS": ",".join(settings.CREDENTIAL_KEYS)}
        self.settings |= {"SECRET_KEY": settings.SECRET_KEY, **self._database(), **changes}

    @property
    def database(self) -> str:
        return self.settings.get("DATABASE_URL") or f"{self.settings['DATA_DIR']}/wizard.sqlite3"

    def _database(self) -> dict[str, str]:
        if connection.vendor == "sqlite":
            return {}
        with connection.cursor() as cursor:
            cursor.execute("DROP DATABASE IF EXISTS elsewhere")
            cursor.execute("CREATE DATABASE elsewhere")
        found = connection.settings_dict
        url = f"postgresql://{found['USER']}@{found['HOST']}:{found['PORT']}/elsewhere"
        return {"DATABASE_URL": url, "ALLOWED_HOSTS": "localhost"}

    def run(self, *arguments: str) -> tuple[int, str]:
        environment = {"PATH": os.environ["PATH"], **self.settings}
        command = [sys.executable, "manage.py", *arguments]
        done = subprocess.run(command, cwd=ROOT, env=environment, capture_output=True, text=True, timeout=60)
        return done.returncode, done.stdout + done.stderr


def content(path: Path) -> bytes:
    """All that is in it, as it was before it was compressed."""
    if connection.vendor == "sqlite":
        return path.read_bytes()
    return subprocess.run(["pg_restore", "--file=-", str(path)], capture_output=True, check=True).stdout


def backup(directory: Path, **options: object) -> tuple[Path, str]:
    said = StringIO()
    call_command("backup", directory=directory, stdout=said, **options)
    return max(directory.iterdir()), said.getvalue()
