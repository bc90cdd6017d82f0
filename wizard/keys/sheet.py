"""The recovery sheet: what one needs to open a backup on another machine, on one page. It holds no key.

The keys themselves stand on the sheet that `manage.py recovery_sheet` prints, and nowhere else: a web page goes through
proxies, caches, screenshots and browsers with extensions; whoever can run the command can read the keys anyway.
"""

from dataclasses import dataclass
from datetime import datetime
from pathlib import Path

from django.conf import settings
from django.utils import timezone

from wizard.vault.sealing import key_ring

STEPS = (
    "Take a machine with Python 3.11 or newer and this version of the Connection Wizard. Do not start it yet.",
    "Bring the backup of the database there, and the keys of this sheet, each by a way of its own.",
    "Write the keys into a file, in the order of this sheet, commas between. Only its owner may read it: chmod 600.",
    "Prove that they belong together: manage.py recovery_drill --database BACKUP --keys-file FILE. "
    "It opens every value, changes nothing, and shows no secret.",
    "Put the backup where DATABASE_URL or DATA_DIR says, and set CREDENTIAL_KEYS_FILE to the file. "
    "SECRET_KEY may be a new one: everybody signs in again.",
    "Start it with manage.py start. If the keys do not fit, it does not start, and makes no new ones.",
    "What was made after the backup is at Adobe, but not on record here: compare the two before you create anything.",
)


@dataclass(frozen=True)
class KeyLine:
    """A key by its fingerprint; the first one seals."""

    fingerprint: str
    seals: bool


@dataclass(frozen=True)
class Sheet:
    installation: str
    made_at: datetime
    database: str
    keys_from: str
    keys: list[KeyLine]
    steps: tuple[str, ...] = STEPS


def sheet(installation: str) -> Sheet:
    """For the installation of this name, as it stands now."""
    ring = key_ring()
    keys = [KeyLine(key.id.hex(), seals=key is ring.keys[0]) for key in ring.keys]
    return Sheet(installation, timezone.now(), database(), settings.CREDENTIAL_KEYS_FROM, keys)


def database() -> str:
    """Where the data is, without the password that opens it."""
    found = settings.DATABASES["default"]
    if found["ENGINE"].endswith("sqlite3"):
        return f"SQLite file {Path(found['NAME'])}"
    return f"PostgreSQL database {found['NAME']} at {found.get('HOST') or 'localhost'}:{found.get('PORT') or 5432}"


def as_text(found: Sheet, key_texts: list[str]) -> str:
    """The sheet for a printer, in lines that fit a page; `key_texts` in the order of the keys, or none."""
    lines = [
        "RECOVERY SHEET OF THE CONNECTION WIZARD",
        "",
        f"Installation: {found.installation}",
        f"Made:         {found.made_at:%Y-%m-%d %H:%M} UTC",
        f"Database:     {found.database}",
        f"Keys from:    {found.keys_from}",
        "",
        "Keys, the one that seals first:",
    ]
    for number, key in enumerate(found.keys):
        lines.append(f"  fingerprint {key.fingerprint}{', seals' if key.seals else ''}")
        lines += [f"  {key_texts[number]}"] if key_texts else []
    lines += ["", "Keep this sheet where no copy of the database is.", "", "To recover:"]
    lines += [f"  {number}. {step}" for number, step in enumerate(found.steps, 1)]
    return "\n".join(lines) + "\n"
