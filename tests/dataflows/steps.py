"""From a connection to a dataflow as people and workers go there: asked for, and made."""

import uuid
from datetime import timedelta
from typing import Any

from django.utils import timezone
from django.utils.module_loading import import_string
from django_q.models import OrmQ

from tests.emulator.dataflow import SCHEMA
from wizard.connections.models import BaseConnection
from wizard.dataflows import services
from wizard.dataflows.models import ObjectType, Resource, ResourceKind, Selection
from wizard.dataflows.schedules import Schedule
from wizard.people.models import User

DATASET_ID = "6019e0e7c5dcf718db5ebc71"
COLUMNS = [
    {"name": "id", "type": "integer", "xdm": {"type": "integer"}},
    {"name": "Größe in cm", "type": "double", "xdm": {"type": "number"}},
    {"name": "updated_at", "type": "timestamp", "xdm": {"type": "string", "format": "date-time"}},
]
SOURCES = {"method": "POST", "path": "/sourceConnections"}
TARGETS = {"method": "POST", "path": "/targetConnections"}
MAPPINGS = {"method": "POST", "path": "/data/foundation/conversion/mappingSets"}
FLOWS = {"method": "POST", "path": "/flows"}
PATHS = {
    ResourceKind.SOURCE_CONNECTION: SOURCES,
    ResourceKind.TARGET_CONNECTION: TARGETS,
    ResourceKind.MAPPING_SET: MAPPINGS,
    ResourceKind.FLOW: FLOWS,
}


def chosen(connection: BaseConnection, person: User, **changes: Any) -> Selection:
    """Columns of a table, unless it says otherwise."""
    values: dict[str, Any] = {"object_type": ObjectType.TABLE, "path": "shop.orders", "columns": COLUMNS, "options": {}}
    return Selection.objects.choose(connection, person, **(values | changes))


def source_asked(connection: BaseConnection, person: User, **changes: Any) -> Resource:
    values = {"name": "Orders", "description": "All of them", "submission_id": uuid.uuid4(), **changes}
    selection = values.pop("selection", None) or chosen(connection, person)
    return services.start_source_connection(person, connection, selection=selection, **values)


def target_asked(connection: BaseConnection, person: User, **changes: Any) -> Resource:
    values = {"name": "The lake", "description": "", "dataset_id": DATASET_ID, "schema_id": SCHEMA, **changes}
    return services.start_target_connection(person, connection, **{"submission_id": uuid.uuid4(), **values})


def every_hour(**changes: Any) -> Schedule:
    values = {"frequency": "hour", "start_at": timezone.now() + timedelta(hours=1), "interval": 1, "backfill": True}
    return Schedule(**(values | changes))


def dataflow_asked(source: Resource, person: User, **changes: Any) -> Resource:
    values = {"name": "Orders every hour", "description": "", "dataset_id": DATASET_ID, "schema_id": SCHEMA}
    values |= {"schema_prefix": "_tenant.", "schedule": every_hour(), "delta_column": "updated_at"}
    values |= {"submission_id": uuid.uuid4(), **changes}
    return services.start_dataflow(person, source.connection, source=source, **values)


def queued() -> list[tuple[str, int]]:
    """What workers have to do with resources, first come first."""
    tasks = [(task.func().rpartition(".")[2], task.args()[0]) for task in OrmQ.objects.order_by("pk")]
    return [task for task in tasks if task[0] in ("make", "look_for")]


def work() -> None:
    """As a worker does, until nothing is queued any more; what is due later stays."""
    while task := OrmQ.objects.order_by("pk").first():
        task.delete()
        if task.func().startswith(("wizard.work.making.", "wizard.work.finding.")):
            import_string(task.func())(*task.args())


def later(resource: Resource, **values: Any) -> Resource:
    """As if time had gone by."""
    Resource.objects.filter(pk=resource.pk).update(**values)
    return fresh(resource)


def fresh(resource: Resource) -> Resource:
    return Resource.objects.with_needs().get(pk=resource.pk)


def standing() -> dict[str, str]:
    """Kind -> status, of all."""
    return {row.kind: row.status for row in Resource.objects.order_by("pk")}
