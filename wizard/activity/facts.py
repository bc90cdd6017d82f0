"""What an event's details say, as names and texts for a page."""

import json
from dataclasses import dataclass
from typing import Any

from wizard.record.models import Event

LABELS = {"adobe_request_id": "Request ID at Adobe"}


@dataclass(frozen=True)
class Shown:
    """An event, and its details as (label, text); a test's steps as one line for each."""

    event: Event
    facts: list[tuple[str, str]]


def shown(event: Event) -> Shown:
    return Shown(event, [(_label(name), _text(value)) for name, value in sorted(event.details.items())])


def _label(name: str) -> str:
    return LABELS.get(name) or name.replace("_", " ").capitalize()


def _text(value: Any) -> str:
    if isinstance(value, list):
        return "\n".join(_step(item) if isinstance(item, dict) else str(item) for item in value)
    return json.dumps(value, ensure_ascii=False) if isinstance(value, dict) else str(value)


def _step(item: dict[str, Any]) -> str:
    if not {"label", "status", "message"} <= item.keys():
        return json.dumps(item, ensure_ascii=False)
    return f"{item['label']}: {item['status']}. {item['message']}".strip()
