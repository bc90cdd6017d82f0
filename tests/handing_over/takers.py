"""Takes what is handed over and runs it as its reader does: a shell with curl, Python, and Postman."""

import json
import os
import re
import shutil
import subprocess
import sys
from pathlib import Path
from typing import Any

import requests

from tests.emulator.service import Service

BLOCK = re.compile(r"^# \d+\. .*\n", re.MULTILINE)
TAKEN = re.compile(r'^# (\{[A-Z_]+\}) below is its answer\'s "([^"]+)"\.$', re.MULTILINE)
SETS = re.compile(r'pm\.collectionVariables\.set\("([A-Z_]+)", pm\.response\.json\(\)\.(.+)\);')
VARIABLE = re.compile(r"\{\{([A-Za-z_]+)\}\}")


def found(answer: Any, words: str) -> str:
    """What stands at items[0].id."""
    for part in re.findall(r"[^.\[\]]+", words):
        answer = answer[int(part) if part.isdigit() else part]
    return str(answer)


def run_curl(script: str, folder: Path, values: dict[str, str]) -> dict[str, str]:
    """The commands of the file, one after another, its placeholders filled in as its comments say."""
    assert shutil.which("curl"), "curl is missing. On Debian: apt-get install curl"
    values = {f"{{{name}}}": value for name, value in values.items()}
    for block in BLOCK.split(script)[1:]:
        command = block
        for name, value in values.items():
            command = command.replace(name, value)
        ended = subprocess.run(["sh", "-euc", command], cwd=folder, env=_alone(), capture_output=True, timeout=60)
        assert ended.returncode == 0, ended.stderr
        answer = json.loads(ended.stdout)
        values |= {name: found(answer, words) for name, words in TAKEN.findall(block)}
    return {name.strip("{}"): value for name, value in values.items()}


def run_python(script: str, folder: Path, values: dict[str, str]) -> dict[str, str]:
    """The script as a process of its own; what it prints, by name."""
    file = folder / "dataflow.py"
    file.write_text(script, encoding="utf-8")
    environment = _alone() | values
    ended = subprocess.run(
        [sys.executable, file], cwd=folder, env=environment, capture_output=True, timeout=60, text=True
    )
    assert ended.returncode == 0, ended.stderr
    return dict(line.split(" ", 1) for line in ended.stdout.splitlines())


def run_postman(collection: str, values: dict[str, str]) -> dict[str, str]:
    """Each request as Postman sends it; its variables at the end."""
    read = json.loads(collection)
    variables = {entry["key"]: entry["value"] for entry in read["variable"]} | values
    with requests.Session() as session:
        session.trust_env = False
        for item in read["item"]:
            answer = _sent(session, read, item["request"], variables)
            assert answer.status_code in (200, 201), answer.text
            lines = item["event"][0]["script"]["exec"]
            sets = [match.groups() for line in lines if (match := SETS.fullmatch(line))]
            # Every line is one that this reader knows.
            assert len(sets) == len([line for line in lines if not line.startswith("pm.test(")])
            variables |= {name: found(answer.json(), words) for name, words in sets}
    return variables


def _sent(
    session: requests.Session, read: dict[str, Any], request: dict[str, Any], variables: dict[str, str]
) -> requests.Response:
    def filled(text: str) -> str:
        return VARIABLE.sub(lambda match: variables.get(match[1], match[0]), text)

    assert read["auth"]["type"] == "bearer"
    headers = {"Authorization": f"Bearer {filled(read['auth']['bearer'][0]['value'])}"}
    headers |= {entry["key"]: filled(entry["value"]) for entry in request["header"]}
    body = filled(request["body"]["raw"]).encode() if "body" in request else None
    url = filled(request["url"])
    return session.request(request["method"], url, headers=headers, data=body, timeout=20)


def _alone() -> dict[str, str]:
    return {"PATH": os.environ["PATH"], "NO_PROXY": "*", "no_proxy": "*"}


def at(service: Service, kind: str, resource_id: str) -> dict[str, Any]:
    """What stands there now."""
    (item,) = service.call("GET", f"/{kind}/{resource_id}").json()["items"]
    return dict(item)
