"""What a connection's page is filled with in these tests: calls, tests over time, people in their roles."""

import re
import uuid
from datetime import timedelta
from typing import Any

from django.utils import timezone

from wizard.connections.models import BaseConnection, Call
from wizard.record.kinds import Kind
from wizard.record.models import Event

BASE = "/data/foundation/flowservice"


def calls(connection: BaseConnection, number: int, **values: Any) -> list[Call]:
    """So many more, as Adobe's answers to reads; keyword arguments change them."""
    path = f"{BASE}/connections/{connection.base_connection_id}"
    common = {"connection": connection, "method": "GET", "path": path, "status": 200, "duration_ms": 120} | values
    return Call.objects.bulk_create(Call(**common, request_id=str(uuid.uuid4())) for _ in range(number))


def add_tests(connection: BaseConnection, *outcomes: str, every: timedelta = timedelta(hours=6), **values: Any) -> None:
    """A test of each outcome, at equal distances; the last one is now."""
    common = {"kind": Kind.RETESTED, "connection": connection, "duration_ms": 900} | values
    for number, outcome in enumerate(outcomes):
        at = timezone.now() - every * (len(outcomes) - 1 - number)
        Event.objects.create(**common, outcome=outcome, at=at)


def shown(html: str, part: str) -> str:
    """The section with this id."""
    found = re.search(rf'<section class="[^"]*" id="{part}".*?</section>', html, re.DOTALL)
    assert found, f"no section {part}"
    return found[0]


def in_words(html: str) -> str:
    return " ".join(re.sub("<[^>]+>", " ", html).split())
