"""The form of the next steps as a browser sends it."""

import uuid
from datetime import UTC, datetime, timedelta

from tests.handing_over.plans import SCHEMA

COLUMNS = [
    {"name": "id", "type": "integer", "meta:xdmType": "int", "xdm": {"type": "integer"}},
    {"name": "First Name", "type": "string", "xdm": {"type": "string"}},
    {"name": "updated_at", "type": "string", "xdm": {"type": "string", "format": "date-time"}},
]


def html_of(response):
    return response.content.decode()


def typed(selection=None, **changes):
    start = datetime.now(UTC) + timedelta(hours=2)
    values = {
        "submission_id": str(uuid.uuid4()),
        "intent": "dataflow",
        "as": "curl",
        "selection": str(selection.pk) if selection else "",
        "name": "Orders to the lake",
        "description": "For the shop",
        "dataset_id": "6019e0e7c5dcf718db5ebc71",
        "schema_id": SCHEMA,
        "schema_prefix": "_shop.orders",
        "frequency": "hour",
        "start_at": start.strftime("%Y-%m-%dT%H:%M"),
        "interval": "2",
        "backfill": "on",
        "delta_column": "updated_at",
    }
    return {name: value for name, value in (values | changes).items() if value is not None}
