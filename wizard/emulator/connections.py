"""Base connections: created, listed, read, tested, changed and deleted, each within its organization and sandbox.

https://developer.adobe.com/experience-platform-apis/references/flow-service/#tag/Connections
"""

from wizard.emulator import auth_params, exploring, paging, states
from wizard.emulator.asked import Asked
from wizard.emulator.creation import found_schemas, new_item
from wizard.emulator.errors import Refusal, flow, missing, not_found
from wizard.emulator.gateway import Call
from wizard.emulator.live.looking import Live
from wizard.emulator.messages import Response
from wizard.emulator.patching import Patch
from wizard.emulator.resources import Resources, json_object, mode_of, signed
from wizard.emulator.specs import LANDING_ZONE, Specs
from wizard.emulator.store import Item

FIELDS = ("connectionSpec", "auth")


class Connections:
    """Every method raises Refusal for what the API refuses. `sources` are what is built on a connection.

    `live` looks into the databases that connections describe; without it the sample stands behind each of them.
    """

    def __init__(self, resources: Resources, specs: Specs, sources: Resources, live: Live | None = None) -> None:
        self.resources = resources
        self._specs = specs
        self._sources = sources
        self._live = live

    def create(self, call: Call) -> Response:
        """Connects to nothing, live or not: Adobe checks the shape of credentials, and a test is what tries them."""
        mode, body = mode_of(call.request), json_object(call.request)
        item = signed(call.caller) | new_item(body, self._specs, is_draft=mode == "draft")
        response = self.resources.add(call.caller, item | states.initial(mode, call.circumstances.initializing))
        if self._live and "auth" in item:
            self._live.keep(item, body["auth"]["params"])
        return response

    def test(self, call: Call) -> Response:
        """Whatever is enabled works, where nothing stands behind it but the sample."""
        item = self._find(call)
        is_enabled = states.state_of(item) == "enabled"
        if is_enabled and self._live and self._live.reaches(item):
            self._live.test(item)
        return Response(200, {"result": is_enabled})

    def explore(self, call: Call) -> Response:
        """Answers in every state: no page says that one of them forbids it."""
        kind = exploring.object_type(call.request)
        item = self._find(call)
        spec_id = item["connectionSpec"]["id"]
        if self._live and self._live.reaches(item) and kind in exploring.WITHIN["tables"]:
            return Response(200, self._live.explore(item, Asked(call.request, kind), kind))
        return Response(200, exploring.contents(kind, call.request, spec_id, self._specs.find(spec_id)))

    def explore_spec(self, call: Call) -> Response:
        """GET /connectionSpecs/{id}/explore: the Data Landing Zone is there without a connection."""
        kind, spec_id = exploring.object_type(call.request), call.resource_id
        spec = self._specs.find(spec_id)
        if not spec:
            raise not_found("connectionSpecs", spec_id)
        if spec_id != LANDING_ZONE:
            raise flow("1372-400", f"Explore via connection spec is not allowed for connection spec ID={spec_id}.")
        return Response(200, exploring.contents(kind, call.request, spec_id, spec))

    def patch(self, call: Call) -> Response:
        """Takes every state but initializing: a disabled connection may change too, and a draft is made to.

        1445-400 is no matter of the state: sources answer it whose connections cannot be changed at all.
        """

        def change(item: Item, operations: object) -> Item:
            patch = Patch(item, self._specs.find(item["connectionSpec"]["id"]) or {})
            new = patch.apply(operations)
            changed.append((new, patch.secrets))
            return new

        changed: list[tuple[Item, Item]] = []
        response = self.resources.patch(call, change)
        if self._live:
            self._live.keep_changed(*changed[0])
        return response

    def delete(self, call: Call) -> Response:
        """Takes a draft too: 1416-400 would forbid it by its words, and nobody could then be rid of one."""
        states.refuse_while_initializing(self._find(call))
        if call.circumstances.is_in_use or self._is_used(call):
            raise _in_use(call.resource_id)
        if self._live:
            self._live.forget(call.resource_id)
        return self.resources.remove(call.resource_id)

    def act(self, call: Call) -> Response:
        """POST /connections/{id}/action?op=enable|disable|publish, in capitals too."""
        paging.refuse_unknown(call.request, ("op", "subOp"))
        op = states.action(call.request)
        item = self._find(call)
        state = states.after(op, item)
        if op == "publish":
            self._check_complete(item)
        return self.resources.replace(call.caller, item, item | {"state": state})

    def _find(self, call: Call) -> Item:
        return self.resources.find(call.caller, call.resource_id)

    def _is_used(self, call: Call) -> bool:
        """By a source connection, whether a dataflow has that or not: the documents speak of dataflows alone."""
        return any(item.get("baseConnectionId") == call.resource_id for item in self._sources.all(call.caller))

    def _check_complete(self, item: Item) -> None:
        spec = self._specs.find(item["connectionSpec"]["id"]) or {}
        auth = item.get("auth")
        if auth:
            entries = found_schemas(spec, auth["specName"])
            auth_params.check(entries, auth["params"], kept=item["secretParams"])
        elif spec.get("authSpec"):
            raise missing("auth")


def _in_use(connection_id: str) -> Refusal:
    sentence = "The base connection with ID {} cannot be deleted because it is being used in one or more flows."
    return flow("1418-400", sentence.format(connection_id), resource=("connections", connection_id))
