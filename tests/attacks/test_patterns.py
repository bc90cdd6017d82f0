"""ReDoS: a pattern of a live spec is applied in linear time to whatever is typed, or not at all."""

import subprocess
import sys
import textwrap
import uuid
from collections.abc import Callable
from typing import Any

import pytest
from django.test import Client

from tests.catalog.specs import ID, live_spec, way
from tests.start.running import ROOT
from wizard.connections.models import BaseConnection
from wizard.organizations.models import Organization

# Each takes an engine that goes back ages; the last ones are of kinds that a linear engine cannot apply.
EVIL = (
    ("^(a+)+$", "a" * 5_000 + "!"),
    ("^(a|a)*$", "a" * 5_000 + "!"),
    ("^(a|aa)+$", "a" * 5_000 + "!"),
    ("^([a-zA-Z]+)*$", "a" * 5_000 + "!"),
    ("^(.*a){20}$", "a" * 5_000 + "!"),
    ("^(([a-z])+.)+[A-Z]([a-z])+$", "a" * 5_000),
    (r"^(\w+\s?)*$", "word " * 1_000 + "!"),
    (r"^([\w.-]+)*@([\w-]+\.)+x$", "a." * 2_500),
    ("^(a?){500}a{500}$", "a" * 500),
    (r"^(a+)+\1$", "a" * 5_000 + "!"),
    ("^(?=(a+)+$)b", "a" * 5_000 + "!"),
    ("((a{1,100}){1,100}){1,100}", "a" * 5_000),
    ("(" * 5_000, "x"),
    ("[" + "\\w" * 4_000, "x"),
)


def typed_into(slug: str, target: int, value: str) -> dict[str, str]:
    fixed = {"submission_id": str(uuid.uuid4()), "intent": "create", "name": "Evil", "description": ""}
    return {**fixed, "target": str(target), "auth.specName": "key", "auth.params.host": value}


@pytest.mark.parametrize(("pattern", "value"), EVIL, ids=range(len(EVIL)))
def test_an_evil_pattern_ends_at_once(
    signed_in: Client, organization: Organization, read: Callable[..., Any], pattern: str, value: str
) -> None:
    assert read(live_spec(way(host={"type": "string", "pattern": pattern}))).error == ""
    answer = signed_in.post(f"/connect/{ID}/", typed_into(ID, organization.sandboxes.first().pk, value))

    assert answer.status_code in (302, 422)
    assert BaseConnection.objects.filter(name="Evil").count() <= 1


def test_the_engine_comes_to_an_end() -> None:
    """In a process of its own, which is killed after a minute: one that goes back would need longer than the world."""
    code = """
        from wizard.json_schema.patterns import is_usable, matches
        for pattern in ("^(a+)+$", "^(a|a)*$", "^(.*a){20}$"):
            print(is_usable(pattern) and not matches(pattern, "a" * 200_000 + "!"))
    """
    command = [sys.executable, "-c", textwrap.dedent(code)]
    answer = subprocess.run(command, cwd=ROOT, capture_output=True, text=True, timeout=60, check=True)

    assert answer.stdout.split() == ["True"] * 3
