"""A dataflow's body as it is sent: what is known only then is filled in."""

from collections.abc import Mapping
from datetime import datetime, timedelta
from typing import Any

# Adobe refuses a start in the past; its clock, and the way to it, may take this much.
MARGIN = timedelta(minutes=1)


def completed(
    body: Mapping[str, Any],
    *,
    flow_spec: Mapping[str, str],
    source_connection_id: str,
    target_connection_id: str,
    mapping: Mapping[str, Any],
) -> dict[str, Any]:
    """`mapping` has the mapping set's mappingId and mappingVersion."""
    steps = [
        {**step, "params": dict(mapping)} if step["name"] == "Mapping" else step for step in body["transformations"]
    ]
    return {
        **body,
        "flowSpec": dict(flow_spec),
        "sourceConnectionIds": [source_connection_id],
        "targetConnectionIds": [target_connection_id],
        "transformations": steps,
    }


def startable(body: Mapping[str, Any], now: datetime) -> dict[str, Any]:
    """With a start that is still to come when it arrives. Who chose a moment that has passed waits for the dataflow,
    and not for that moment: it starts as soon as it can.
    """
    schedule = body["scheduleParams"]
    soonest = int((now + MARGIN).timestamp())
    return {**body, "scheduleParams": {**schedule, "startTime": max(schedule["startTime"], soonest)}}


def without_start(body: Mapping[str, Any]) -> dict[str, Any]:
    """To compare by: two that start "now" differ in nothing else."""
    if "scheduleParams" not in body:
        return dict(body)
    return {**body, "scheduleParams": {**body["scheduleParams"], "startTime": None}}


def without_names(body: Mapping[str, Any]) -> dict[str, Any]:
    """To compare by: what it does, whatever it is called."""
    return {key: value for key, value in body.items() if key not in ("name", "description")}
