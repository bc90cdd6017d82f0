"""The small shop that stands behind every practice connection: its tables and its files, always the same.

It says itself that it is a sample: by its schema, the names of its files and the people in it.
"""

import json
from pathlib import Path
from typing import Any

_SAMPLE: dict[str, dict[str, Any]] = json.loads(Path(__file__).with_name("sample.json").read_text("utf-8"))
TABLES, FILES = _SAMPLE["tables"], _SAMPLE["files"]
OPEN = {"canPreview": True, "canFetchSchema": True}
CLOSED = {"canPreview": False, "canFetchSchema": False}


def tables() -> list[dict[str, Any]]:
    return [{"type": table["type"], "name": table["name"], "path": path, **OPEN} for path, table in TABLES.items()]


def rows(path: str) -> list[dict[str, Any]]:
    """Those of the table, each by its columns' names."""
    names = [column["name"] for column in TABLES[path]["columns"]]
    return [dict(zip(names, row, strict=True)) for row in TABLES[path]["rows"]]


def folder(path: str) -> list[dict[str, Any]]:
    """What lies in it, files and folders; nothing for one that is not there. The root is `/`."""
    start = f"{path.rstrip('/')}/"
    found: dict[str, dict[str, Any]] = {}
    for file_path in FILES:
        if file_path.startswith(start):
            name, _, deeper = file_path[len(start) :].partition("/")
            entry = {"type": "folder" if deeper else "file", "name": name, "path": f"{start}{name}"}
            found[name] = entry | ({"path": f"{start}{name}/", **CLOSED} if deeper else OPEN)
    return list(found.values())
