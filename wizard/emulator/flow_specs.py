"""The flow specs that are served: what a dataflow of each kind consists of.

Those two that the contract gives in full. https://experienceleague.adobe.com/en/docs/experience-platform/sources/api-tutorials/collect/database-nosql
"""

import json
from pathlib import Path
from typing import Any

from wizard.emulator.errors import flow, invalid, missing, not_found
from wizard.emulator.filters import filtered
from wizard.emulator.gateway import Call
from wizard.emulator.messages import Response
from wizard.emulator.paging import refuse_unknown

FlowSpec = dict[str, Any]
SPECS: list[FlowSpec] = json.loads(Path(__file__).with_name("flow_specs.json").read_text("utf-8"))
FIELDS = tuple(SPECS[0])


def listing(call: Call) -> Response:
    """GET /flowSpecs: takes filters and nothing else."""
    refuse_unknown(call.request, ("property",))
    return Response(200, {"items": filtered(call.request.values("property"), list(SPECS), FIELDS)})


def read(call: Call) -> Response:
    """GET /flowSpecs/{id}: a list of one."""
    found = [spec for spec in SPECS if spec["id"] == call.resource_id]
    if not found:
        raise not_found("flowSpecs", call.resource_id)
    return Response(200, {"items": found})


def named(given: object) -> FlowSpec:
    """The flow spec of a body, which need not say a version. Raises Refusal for one that is not there."""
    if given is None:
        raise missing("flowSpec")
    if not isinstance(given, dict):
        raise invalid("flowSpec")
    if given.get("id") is None:
        raise missing("flowSpec.id")
    for spec in SPECS:
        if spec["id"] == given["id"] and given.get("version", spec["version"]) == spec["version"]:
            return spec
    raise flow("1413-400", "The flow spec, its id or its version, is not valid.")


def transformations(spec: FlowSpec) -> tuple[str, ...]:
    """The names of those that it has."""
    return tuple(entry["name"] for entry in spec["transformationSpec"])
