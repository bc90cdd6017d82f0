"""What happened to connections stood in a table of its own; now it is events like all others, each with its hash."""

import uuid
from collections.abc import Iterator
from itertools import islice
from typing import Any

from django.apps.registry import Apps
from django.db import migrations
from django.db.backends.base.schema import BaseDatabaseSchemaEditor

from wizard.record.kinds import OUTCOMES
from wizard.record.sealing import event_mac
from wizard.vault import canary

BATCH = 1000
COPIED = ("connection_id", "kind", "at", "actor_id", "message", "details")


def copy_events(apps: Apps, _schema_editor: BaseDatabaseSchemaEditor) -> None:
    """The hashes are made with the key of this database: with keys that do not open it, nothing is copied."""
    event = apps.get_model("record", "Event")
    rows = apps.get_model("connections", "ConnectionEvent").objects.select_related("connection", "actor")
    if rows.exists() or event.objects.exists():
        canary.verify()
    for known in batches(event.objects.select_related("actor").order_by("pk")):
        for row in known:
            fill_in(row, row.actor)
        event.objects.bulk_update(known, ["uuid", "actor_name", "mac"])
    for some in batches(rows.order_by("pk")):
        event.objects.bulk_create([copy_of(row, event) for row in some])


def batches(rows: Any) -> Iterator[list[Any]]:
    iterator = iter(rows.iterator(chunk_size=BATCH))
    while some := list(islice(iterator, BATCH)):
        yield some


def copy_of(row: Any, event: Any) -> Any:
    made = event(**{name: getattr(row, name) for name in COPIED})
    made.organization_id, made.sandbox_name = row.connection.organization_id, row.connection.sandbox_name
    made.outcome = OUTCOMES.get(row.kind, "")
    fill_in(made, row.actor)
    return made


def fill_in(event: Any, actor: Any) -> None:
    event.uuid, event.actor_name = uuid.uuid4(), actor.email if actor else ""
    event.mac = event_mac(event)


class Migration(migrations.Migration):
    dependencies = [("record", "0002_one_table")]
    operations = [migrations.RunPython(copy_events, migrations.RunPython.noop)]
