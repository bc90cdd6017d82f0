"""How many queries each page needs, however many rows there are; the page of the documentation is made from it."""

import uuid
from collections.abc import Iterator
from pathlib import Path

from django.db import connection as database
from django.db import transaction
from django.test import Client
from django.test.utils import CaptureQueriesContext

from tests.access.addresses import paths
from tests.access.matrix import RULES, YES, Rule
from tests.access.world import World
from wizard.access.models import Grant
from wizard.access.roles import Role
from wizard.connections.models import BaseConnection, Call
from wizard.connections.statuses import Finding, Status
from wizard.organizations.models import Organization
from wizard.people.models import User
from wizard.record.kinds import Kind
from wizard.record.models import Event
from wizard.sources.models import LiveSpec

PAGE = Path(__file__).parents[2] / "docs" / "queries.md"
WRITE = "WRITE_QUERIES"
HEAD = """# How many queries each page needs

Counted on SQLite by a test, with a few rows of everything and with ten times as many: where the two differ, the test
fails, as it does where this page differs. `WRITE_QUERIES=yes .venv/bin/pytest tests/access/test_queries.py` writes this
page anew. Each page is opened by a connector where a connector may, else by an administrator of the installation; the
session, the person and the beginning and end of a transaction are counted, too.

| address | opened by | queries |
|---|---|---|
"""


def counted(world: World) -> dict[str, tuple[str, int]]:
    """For each page's name: by whom it was opened, and the number of its queries."""
    found = {}
    for rule in RULES:
        if "GET" in rule.methods.split():
            who = "connector" if rule.expected("connector") == YES else "administrator"
            found[rule.name] = who, _number(world, rule, who)
    return found


def _number(world: World, rule: Rule, who: str) -> int:
    """Of the second time: at first there is more to be read, which is kept in the process."""
    with transaction.atomic():
        path = _filled_in(rule.name, world)
        client = Client()
        client.force_login(world.people[who])
        client.get(path)
        with CaptureQueriesContext(database) as queries:
            answer = client.get(path)
            if answer.streaming:
                b"".join(answer.streaming_content)
        transaction.set_rollback(True)
    return len(queries)


def _filled_in(name: str, world: World) -> str:
    path = paths()[name]
    for key, value in world.arguments(name).items():
        path = path.replace(f"<uuid:{key}>", str(value)).replace(f"<int:{key}>", str(value))
        path = path.replace(f"<slug:{key}>", str(value)).replace(f"<str:{key}>", str(value))
        path = path.replace(f"<base36:{key}>", str(value)).replace(f"<path:{key}>", str(value))
    return path


def multiply(world: World, number: int) -> None:
    """So many more of all that a page lists."""
    for _ in range(number):
        _more_of_a_connection(world)
        _more_people(world)
        _more_places(world)


def _more_of_a_connection(world: World) -> None:
    other = world.people["admin"]
    for status, finding in ((Status.CONNECTED, Finding.BROKE), (Status.FAILED, ""), (Status.APPROVAL, "")):
        row = BaseConnection.objects.get(pk=world.connection.pk)
        row.pk, row.uuid, row.name, row.asked_by = None, uuid.uuid4(), f"More {uuid.uuid4()}", other
        row.base_connection_id, row.status, row.finding = str(uuid.uuid4()), status, finding
        row._state.adding = True
        row.save()
        Event.objects.create(kind=Kind.CONNECTED, connection=row, actor=other)
    Event.objects.create(kind=Kind.TESTED, connection=world.connection, actor=other, outcome="succeeded")
    call = {"method": "GET", "path": "/connections", "status": 200, "duration_ms": 5, "request_id": "x"}
    Call.objects.create(connection=world.connection, **call)
    world._change()
    world._resource()
    world._draft()


def _more_people(world: World) -> None:
    person = User.objects.create_user(f"{uuid.uuid4().hex}@example.com")
    Grant.objects.create(person=person, organization=world.here, role=Role.VIEWER)
    world._invitation()
    world._session()


def _more_places(world: World) -> None:
    name = uuid.uuid4().hex
    world.here.sandboxes.create(name=name)
    more = Organization.objects.create(name=name, ims_org_id=f"{name}@AdobeOrg", is_practice=world.here.is_practice)
    more.sandboxes.create(name="prod", is_default=True)
    row = {"spec_id": str(uuid.uuid4()), "label": name, "category": "other", "document": "{}"}
    LiveSpec.objects.create(organization=world.here, **row)


def page(found: dict[str, tuple[str, int]]) -> str:
    return HEAD + "".join(_lines(found))


def _lines(found: dict[str, tuple[str, int]]) -> Iterator[str]:
    for name, (who, number) in found.items():
        yield f"| `{paths()[name]}` | {who} | {number} |\n"
