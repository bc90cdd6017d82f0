"""Every attempt that ends is counted, and is one line of the log: of a create, a change, or what is made beneath."""

import logging
from collections.abc import Mapping
from functools import partial
from typing import TYPE_CHECKING, Any

from django.db import transaction

from wizard.connections.records import ENDS
from wizard.record.context import last_call_id
from wizard.record.kinds import Kind
from wizard.telemetry.metrics import count_attempt

if TYPE_CHECKING:
    from wizard.connections.models import BaseConnection
    from wizard.connections.stepping import Stepping

log = logging.getLogger("wizard.attempts")

NAMES = {"baseconnection": "create", "change": "change", "resource": "resource"}


def tell_end(row: "Stepping", connection: "BaseConnection", kind: Kind, said: Mapping[str, Any]) -> None:
    """With the commit, if that event ends an attempt of this row. `said` is what the event says beside its words."""
    if kind not in ENDS:
        return
    of = NAMES.get(row._meta.model_name or "", "other")
    fields = {
        "event": of,
        "connection": str(connection.uuid),
        "outcome": kind.value,
        "attempts": row.attempts,
        "duration_ms": said.get("duration_ms"),
        # Theirs, if they gave one, else the one that we sent along.
        "flow_service_request_id": said.get("details", {}).get("adobe_request_id") or last_call_id(),
    }
    transaction.on_commit(partial(_tell, of, fields), robust=True)


def _tell(of: str, fields: Mapping[str, Any]) -> None:
    count_attempt(of, fields["outcome"])
    words = ("Connection %s: %s, attempt %d: %s", fields["connection"], of, fields["attempts"], fields["outcome"])
    log.info(*words, extra={"fields": fields})
