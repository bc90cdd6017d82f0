"""Source connections and target connections, the two ends of a dataflow: created, listed, read, changed, deleted.

https://developer.adobe.com/experience-platform-apis/references/flow-service/#tag/Source-connections
"""

from collections.abc import Mapping
from typing import Any, Protocol

from wizard.emulator import paging, states
from wizard.emulator.creation import check_draft, check_fields, check_texts
from wizard.emulator.editing import edited
from wizard.emulator.errors import Refusal, flow, invalid, missing
from wizard.emulator.gateway import Call, Caller
from wizard.emulator.messages import Response
from wizard.emulator.resources import Resources, json_object, mode_of, signed
from wizard.emulator.specs import Spec
from wizard.emulator.store import Item

FIELDS = ("baseConnectionId", "data", "params", "connectionSpec", "inheritedAttributes")
CHANGEABLE = ("name", "description", "data", "params")


class Rules(Protocol):
    """What only one of the two kinds asks for. The methods raise Refusal."""

    fields: tuple[str, ...]

    def spec(self, given: object) -> Spec:
        """The connection spec that is named."""

    def checked(self, caller: Caller, item: Item, /, *, is_complete: bool) -> Item:
        """The item with what it inherits; a draft need not be complete."""


class Ends:
    """Those of one kind. Every method raises Refusal for what the API refuses."""

    def __init__(self, resources: Resources, rules: Rules, flows: Resources) -> None:
        self.resources = resources
        self._rules = rules
        self._flows = flows

    def create(self, call: Call) -> Response:
        mode = mode_of(call.request)
        body = json_object(call.request)
        spec = self._rules.spec(body.get("connectionSpec"))
        if mode == "draft":
            check_draft(spec)
        check_fields(body, self._rules.fields)
        own = {"connectionSpec": {"id": spec["id"], "version": spec["version"]}, **states.initial(mode, 0)}
        item = signed(call.caller) | body | own
        return self.resources.add(call.caller, self._checked(call.caller, item))

    def patch(self, call: Call) -> Response:
        def change(item: Item, operations: object) -> Item:
            return self._checked(call.caller, edited(item, operations, CHANGEABLE, _not_patched))

        return self.resources.patch(call, change)

    def delete(self, call: Call) -> Response:
        """1447-400 for one that a dataflow has, whatever the state of that."""
        self.resources.find(call.caller, call.resource_id)
        field = f"{self.resources.kind.removesuffix('s')}Ids"
        if any(call.resource_id in item[field] for item in self._flows.all(call.caller)):
            raise flow("1447-400", f"Found active flows containing id {call.resource_id}.")
        return self.resources.remove(call.resource_id)

    def act(self, call: Call) -> Response:
        """POST .../{id}/action?op=publish: these two have no other action."""
        paging.refuse_unknown(call.request, ("op", "subOp"))
        op = states.action(call.request)
        if op != "publish":
            raise invalid("op")
        item = self.resources.find(call.caller, call.resource_id)
        new = self._checked(call.caller, item | {"state": states.after(op, item)})
        return self.resources.replace(call.caller, item, new)

    def _checked(self, caller: Caller, item: Item) -> Item:
        check_texts(item)
        for field in ("data", "params"):
            if field in item and not isinstance(item[field], dict):
                raise invalid(field)
        if "data" not in item:
            raise missing("data")
        return self._rules.checked(caller, item, is_complete=item["state"] != "draft")


def text_at(item: Mapping[str, Any], field: str, name: str) -> str:
    """The text at item[field][name], "" for none. Raises Refusal for what is no text."""
    found = item.get(field, {}).get(name)
    if found is not None and not isinstance(found, str):
        raise invalid(f"{field}.{name}")
    return (found or "").strip()


def _not_patched(path: str) -> Refusal:
    if path.split("/")[1:2] == ["connectionSpec"]:
        return flow("1414-400", "The connection spec of a connection cannot change.")
    return flow("1434-400", f"Patching '{path}' is not supported.")
