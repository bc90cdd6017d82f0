"""Plans of requests to hand over, with good names and with hostile ones."""

from dataclasses import replace
from datetime import UTC, datetime, timedelta
from typing import Any

from tests.emulator.service import POSTGRES, Service
from wizard.dataflows.schedules import Schedule
from wizard.handing_over.placeholders import Placeholder
from wizard.handing_over.requests import Plan
from wizard.values.request import Target

FTP = "fb2e94c9-c031-467d-8103-6bd6e0a432f2"
SCHEMA = "https://ns.adobe.com/shop/schemas/52b59140"
HOSTILE = [
    "'; rm -rf / #",
    'say "no"',
    "two\nlines\r\n# third",
    "{{ACCESS_TOKEN}} and {ACCESS_TOKEN}",
    "$(touch pwned) `touch pwned` ${HOME}",
    "顧客 Größe 😀 \u202egnp.exe\u200b\x00\x7f",
    "back\\slash\\n and \\u0041",
    '""" + exit() + """',
    "</script><script>alert(1)</script>",
]
COLUMNS = [
    {"name": "id", "type": "integer", "meta:xdmType": "int", "xdm": {"type": "integer"}},
    {"name": "updated at", "type": "string", "xdm": {"type": "string", "format": "date-time"}},
]


def start() -> datetime:
    return datetime.now(UTC).replace(microsecond=0) + timedelta(hours=1)


def table_plan(**changes: Any) -> Plan:
    plan = Plan(
        base_connection_id="5b2a9b5c-0000-4000-8000-000000000001",
        connection_spec={"id": POSTGRES, "version": "1.0"},
        object_type="table",
        path="sample.orders",
        columns=COLUMNS,
        options={},
        name="Orders",
        description="For the shop",
        dataset_id="6019e0e7c5dcf718db5ebc71",
        schema_id=SCHEMA,
        prefix="_shop.orders",
        schedule=Schedule("minute", start(), 15, backfill=True),
        delta_column="updated at",
    )
    return replace(plan, **changes)


def file_plan(**changes: Any) -> Plan:
    of_a_file = {
        "connection_spec": {"id": FTP, "version": "1.0"},
        "object_type": "file",
        "path": "/sample events/events.csv",
        "options": {"fileType": "delimited", "columnDelimiter": ";", "compressionType": "gzip"},
        "schedule": Schedule("day", start(), 1, backfill=False),
        "delta_column": "",
    }
    return table_plan(**of_a_file | changes)


def target_of(service: Service) -> Target:
    return Target(service.flow_service_url, service.org, service.client_id, service.sandbox)


def unknown_ids() -> dict[str, Any]:
    return {"dataset_id": Placeholder("DATASET_ID"), "schema_id": Placeholder("SCHEMA_ID")}
