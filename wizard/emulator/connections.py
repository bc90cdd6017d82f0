"""Base connections: created, listed, read, tested, changed and deleted, each within its organization and sandbox.

https://developer.adobe.com/experience-platform-apis/references/flow-service/#tag/Connections
"""

import secrets
import time
import uuid
from typing import Any

from wizard.emulator import auth_params, exploring, paging, sandboxes, states
from wizard.emulator.creation import found_schemas, new_item
from wizard.emulator.errors import Refusal, flow, missing, not_found, problem
from wizard.emulator.gateway import Call, Caller
from wizard.emulator.messages import Request, Response, parse_json
from wizard.emulator.patching import Patch
from wizard.emulator.specs import Specs
from wizard.emulator.store import Item, Store

ROOT = "/data/foundation/flowservice"
# What may be filtered by: all that a connection has when it is read.
FIELDS = (
    *("id", "name", "description", "state", "connectionSpec", "auth", "version", "etag", "imsOrgId"),
    *("createdAt", "updatedAt", "createdBy", "updatedBy", "createdClient", "updatedClient", "sandboxId", "sandboxName"),
)


class Connections:
    """Every method raises Refusal for what the API refuses."""

    def __init__(self, specs: Specs, store: Store) -> None:
        self._specs = specs
        self._store = store

    def listing(self, call: Call) -> Response:
        def load(names: list[str] | None) -> list[tuple[int, Item]]:
            found = self._store.all(call.caller.org, call.caller.sandbox, names)
            return [(place, states.shown(item)) for place, item in found]

        return paging.page(call.request, load, path="/connections", fields=FIELDS)

    def create(self, call: Call) -> Response:
        paging.refuse_unknown(call.request, ("mode",))
        mode = call.request.value("mode")
        if mode not in (None, "draft"):
            raise flow("1368-400", f"The mode '{mode[:100]}' is not allowed.")
        body = _json(call.request)
        if not isinstance(body, dict):
            raise problem(400, "The body must be a JSON object.")
        item = self._signed(call.caller) | new_item(body, self._specs, is_draft=mode == "draft")
        item |= states.initial(mode, call.circumstances.initializing)
        self._store.add(call.caller.org, call.caller.sandbox, item)
        return Response(201, states.named(item), {"Location": f"{ROOT}/connections/{item['id']}"})

    def read(self, call: Call) -> Response:
        return Response(200, {"items": [states.shown(self._find(call))]})

    def test(self, call: Call) -> Response:
        """Nothing stands behind a practice connection, so whatever is enabled works."""
        return Response(200, {"result": states.state_of(self._find(call)) == "enabled"})

    def explore(self, call: Call) -> Response:
        """Answers in every state: no page says that one of them forbids it."""
        kind = exploring.object_type(call.request)
        spec_id = self._find(call)["connectionSpec"]["id"]
        return Response(200, exploring.contents(kind, spec_id, self._specs.find(spec_id)))

    def patch(self, call: Call) -> Response:
        """Takes every state but initializing: a disabled connection may change too, and a draft is made to.

        1445-400 is no matter of the state: sources answer it whose connections cannot be changed at all.
        """
        etag = call.request.header("if-match")
        if not etag:
            raise flow("1403-400", "The header If-Match is missing.")
        operations = _json(call.request)
        item = self._find(call)
        states.refuse_while_initializing(item)
        if etag not in (item["etag"], item["etag"].strip('"')):
            raise _stale()
        spec = self._specs.find(item["connectionSpec"]["id"])
        return self._replace(call.caller, item, Patch(item, spec or {}).apply(operations))

    def delete(self, call: Call) -> Response:
        """Takes a draft too: 1416-400 would forbid it by its words, and nobody could then be rid of one."""
        states.refuse_while_initializing(self._find(call))
        if call.circumstances.is_in_use:
            raise _in_use(call.resource_id)
        if not self._store.remove(call.resource_id):
            raise not_found("connections", call.resource_id)
        return Response(204)

    def act(self, call: Call) -> Response:
        """POST /connections/{id}/action?op=enable|disable|publish, in capitals too."""
        paging.refuse_unknown(call.request, ("op", "subOp"))
        op = states.action(call.request)
        item = self._find(call)
        state = states.after(op, item)
        if op == "publish":
            self._check_complete(item)
        return self._replace(call.caller, item, item | {"state": state})

    def _find(self, call: Call) -> Item:
        item = self._store.find(call.caller.org, call.caller.sandbox, call.resource_id)
        if not item:
            raise not_found("connections", call.resource_id)
        return item

    def _signed(self, caller: Caller) -> Item:
        """What the service itself writes into a new connection; times in epoch milliseconds."""
        now = int(time.time() * 1000)
        person = f"{caller.client_id}@techacct.adobe.com"
        return {
            "id": str(uuid.uuid4()),
            **{"createdAt": now, "updatedAt": now, "createdBy": person, "updatedBy": person},
            **{"createdClient": caller.client_id, "updatedClient": caller.client_id},
            "sandboxId": sandboxes.sandbox_id(caller.tenant, caller.sandbox),
            "sandboxName": caller.sandbox,
            "imsOrgId": caller.org,
            "etag": _new_etag(),
        }

    def _replace(self, caller: Caller, old: Item, new: Item) -> Response:
        # Later than the last change, even one in the same millisecond.
        now = max(int(time.time() * 1000), old["updatedAt"] + 1)
        new = new | {"etag": _new_etag(), "updatedAt": now, "updatedClient": caller.client_id}
        if not self._store.replace(old["etag"], new):
            raise _stale()
        return Response(200, states.named(new))

    def _check_complete(self, item: Item) -> None:
        spec = self._specs.find(item["connectionSpec"]["id"]) or {}
        auth = item.get("auth")
        if auth:
            entries = found_schemas(spec, auth["specName"])
            auth_params.check(entries, auth["params"], kept=item["secretParams"])
        elif spec.get("authSpec"):
            raise missing("auth")


def _json(request: Request) -> Any:
    if not request.body.strip():
        raise flow("1405-400", "The request body is empty.")
    try:
        return parse_json(request.body)
    except ValueError:
        raise problem(400, "The request body is not valid JSON.") from None


def _new_etag() -> str:
    """In the shape of Adobe's, the inner double quotes included."""
    return f'"{secrets.token_hex(4)}-0000-0200-0000-{int(time.time()):08x}0000"'


def _stale() -> Refusal:
    return flow("1404-412", "Version not matching: the connection has another etag by now.")


def _in_use(connection_id: str) -> Refusal:
    sentence = "The base connection with ID {} cannot be deleted because it is being used in one or more flows."
    return flow("1418-400", sentence.format(connection_id), resource=("connections", connection_id))
