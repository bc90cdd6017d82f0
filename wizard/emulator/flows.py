"""Dataflows: created, listed, read, changed, enabled, disabled and deleted. None of them moves any data here.

https://developer.adobe.com/experience-platform-apis/references/flow-service/#tag/Flows
"""

import time
from typing import Any

from wizard.emulator import flow_specs, paging, schedules, states, transformations
from wizard.emulator.creation import check_draft, check_fields, check_name, check_texts
from wizard.emulator.editing import edited
from wizard.emulator.errors import Refusal, flow, invalid
from wizard.emulator.gateway import Call, Caller
from wizard.emulator.mapping_sets import MappingSets
from wizard.emulator.messages import Response
from wizard.emulator.resources import Resources, json_object, mode_of, signed
from wizard.emulator.store import Item

BODY = (
    *("name", "description", "flowSpec", "sourceConnectionIds", "targetConnectionIds"),
    *("transformations", "scheduleParams", "options"),
)
CHANGEABLE = ("name", "description", "transformations", "scheduleParams", "options")
FIELDS = (*BODY[2:], "inheritedAttributes", "runs", "lastOperation", "lastRunDetails")


class Flows:
    """Every method raises Refusal for what the API refuses."""

    def __init__(self, resources: Resources, sources: Resources, targets: Resources, mapping_sets: MappingSets) -> None:
        self.resources = resources
        self._sources = sources
        self._targets = targets
        self._mapping_sets = mapping_sets

    def create(self, call: Call) -> Response:
        mode = mode_of(call.request)
        body = json_object(call.request)
        if "state" in body:
            raise flow("1410-400", "State is not allowed in the create flow request.")
        spec = flow_specs.named(body.get("flowSpec"))
        if mode == "draft":
            check_draft(spec)
        check_fields(body, BODY)
        item = signed(call.caller) | body | {"flowSpec": {"id": spec["id"], "version": spec["version"]}}
        item |= self._inherited(call.caller, item, spec)
        self._check(call.caller, item)
        schedules.check_start(item["scheduleParams"], time.time())
        return self.resources.add(call.caller, item | states.initial(mode, 0) | _beginning(item))

    def patch(self, call: Call) -> Response:
        def change(item: Item, operations: Any) -> Item:
            new = edited(item, operations, CHANGEABLE, _not_patched)
            self._check(call.caller, new)
            schedules.check_change(item["scheduleParams"], new["scheduleParams"], time.time())
            return new | {"lastOperation": _update(operations)}

        return self.resources.patch(call, change)

    def delete(self, call: Call) -> Response:
        self.resources.find(call.caller, call.resource_id)
        return self.resources.remove(call.resource_id)

    def act(self, call: Call) -> Response:
        """POST /flows/{id}/action?op=enable|disable, in capitals too."""
        paging.refuse_unknown(call.request, ("op", "subOp"))
        op = states.action(call.request)
        item = self.resources.find(call.caller, call.resource_id)
        return self.resources.replace(call.caller, item, item | {"state": states.after(op, item)})

    def _check(self, caller: Caller, item: Item) -> None:
        check_name(item.get("name"))
        check_texts(item)
        _check_options(item.get("options", {}))
        schedules.check(item.get("scheduleParams"))
        known = flow_specs.transformations(flow_specs.named(item["flowSpec"]))
        transformations.check(item.get("transformations"), known, item["scheduleParams"]["frequency"])
        target = self._targets.referred(caller, item["targetConnectionIds"][0])
        for mapping_id, version in transformations.mappings(item["transformations"]):
            self._mapping_sets.check(caller, mapping_id, version, target)

    def _inherited(self, caller: Caller, item: Item, spec: flow_specs.FlowSpec) -> Item:
        source = self._sources.referred(caller, _only_id(item, "sourceConnectionIds"))
        target = self._targets.referred(caller, _only_id(item, "targetConnectionIds"))
        for parent in (source, target):
            states.refuse_draft(parent)
        ends = {
            name: [{"id": end["id"], "connectionSpec": end["connectionSpec"], **end.get("inheritedAttributes", {})}]
            for name, end in (("sourceConnections", source), ("targetConnections", target))
        }
        properties = {"isSourceFlow": spec["attributes"]["isSourceFlow"]}
        return {"inheritedAttributes": {"properties": properties, **ends}}


def _only_id(item: Item, field: str) -> str:
    ids = item.get(field)
    if not ids:
        raise flow("1320-400", f"The {field} cannot be null or empty.")
    if not isinstance(ids, list) or not all(isinstance(entry, str) for entry in ids):
        raise invalid(field)
    if len(ids) > 1:
        raise flow("1321-400", f"The length of {field} should be one, supplied size is {len(ids)}.")
    return str(ids[0])


def _check_options(options: object) -> None:
    if not isinstance(options, dict):
        raise invalid("options")
    if not isinstance(options.get("errorDiagnosticsEnabled", False), bool):
        raise invalid("options.errorDiagnosticsEnabled")
    percent = options.get("partialIngestionPercent", 1)
    if isinstance(percent, bool) or not isinstance(percent, (int, float)) or percent <= 0:
        raise invalid("options.partialIngestionPercent")


def _beginning(item: Item) -> Item:
    operation = {"started": item["createdAt"], "updated": 0, "operation": "create"}
    return {"runs": f"/runs?property=flowId=={item['id']}", "lastOperation": operation}


def _update(operations: list[Any]) -> Item:
    now = int(time.time() * 1000)
    status = {"value": "completed", "errors": []}
    shown = {"started": now, "updated": now, "percentCompleted": 100.0, "status": status}
    return shown | {"ops": operations, "operation": "update"}


def _not_patched(path: str) -> Refusal:
    return flow("1365-400", f"The path {path} provided in ops is invalid.")
