"""Secrets as they could be written somewhere, and everything in which they are looked for."""

import base64
import html
import json
from collections.abc import Iterable, Iterator, Mapping
from pathlib import Path
from urllib.parse import quote, quote_plus

from django.db import connection as database


def canary(number: int) -> str:
    """One of many, each with what is awkward to quote."""
    return f"c4nary{number:03d};pw'w\"örd&<{number:03d}"


def spellings(text: str) -> set[str]:
    """Raw, URL-encoded, hex, JSON and HTML escaped, doubled quotes, base64 wherever it begins."""
    raw = text.encode()
    found = {text, quote(text, safe=""), quote_plus(text), raw.hex(), raw.hex().upper(), text.replace('"', '""')}
    found |= {json.dumps(text)[1:-1], json.dumps(text, ensure_ascii=False)[1:-1], repr(text)[1:-1]}
    found |= {html.escape(spelling) for spelling in list(found)}
    for shift in range(3):
        # Of base64 the part that depends on nothing that stands around it.
        encoded = base64.b64encode(b"x" * shift + raw + b"x" * (-(shift + len(raw)) % 3)).decode()
        core = encoded[4:-4] if shift or len(raw) % 3 else encoded
        found |= {core, core.replace("+", "-").replace("/", "_")}
    return {spelling for spelling in found if len(spelling) >= 8}


def traces(evidence: Mapping[str, str], secrets: Mapping[str, str]) -> list[str]:
    """Where which secret stands: "label of the secret in name of the evidence"."""
    wanted = {label: spellings(text) for label, text in secrets.items()}
    return [
        f"{label} in {name}"
        for name, text in evidence.items()
        for label, forms in wanted.items()
        if any(form in text for form in forms)
    ]


def rows_of_all_tables() -> Iterator[tuple[str, str]]:
    """(table, all that it holds), as text; of bytes their hex and what of them is text."""
    with database.cursor() as cursor:
        for table in database.introspection.table_names(cursor):
            cursor.execute(f"SELECT * FROM {database.ops.quote_name(table)}")  # noqa: S608 - our own tables
            yield f"table {table}", "\n".join(map(_as_text, cursor.fetchall()))


def _as_text(row: Iterable[object]) -> str:
    return " | ".join(
        f"{bytes(value).hex()} {bytes(value).decode(errors='replace')}"
        if isinstance(value, bytes | memoryview)
        else str(value)
        for value in row
    )


def bytes_of_the_database() -> Iterator[tuple[str, str]]:
    """The files of SQLite as they lie on the disk; of another database its rows are all that there is to look at."""
    if database.vendor != "sqlite":
        return
    path = Path(str(database.settings_dict["NAME"]))
    for file in path.parent.glob(f"{path.name}*"):
        content = file.read_bytes()
        yield f"file {file.name}", content.decode(errors="replace") + content.decode("utf-16-le", errors="replace")
