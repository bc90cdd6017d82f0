"""What connections of all kinds and dataflows have in common: they are listed, read, changed and removed alike.

https://developer.adobe.com/experience-platform-apis/references/flow-service/
"""

import secrets
import time
import uuid
from collections.abc import Callable
from typing import Any

from wizard.emulator import paging, sandboxes, states
from wizard.emulator.errors import flow, not_found, problem
from wizard.emulator.gateway import Call, Caller
from wizard.emulator.messages import Request, Response, parse_json
from wizard.emulator.store import Item, Store

ROOT = "/data/foundation/flowservice"
# What every resource has when it is read, and so may be filtered by.
FIELDS = (
    *("id", "name", "description", "state", "version", "etag", "imsOrgId", "sandboxId", "sandboxName"),
    *("createdAt", "updatedAt", "createdBy", "updatedBy", "createdClient", "updatedClient"),
)


class Resources:
    """Those of one kind, named as in its path. Every method raises Refusal for what the API refuses."""

    def __init__(self, kind: str, store: Store, fields: tuple[str, ...]) -> None:
        self.kind = kind
        self._store = store
        self._fields = FIELDS + fields

    def listing(self, call: Call) -> Response:
        def load(names: list[str] | None) -> list[tuple[int, Item]]:
            found = self._store.all(self.kind, call.caller.org, call.caller.sandbox, names)
            return [(place, states.shown(item)) for place, item in found]

        return paging.page(call.request, load, path=f"/{self.kind}", fields=self._fields)

    def read(self, call: Call) -> Response:
        """A list of one."""
        return Response(200, {"items": [states.shown(self.find(call.caller, call.resource_id))]})

    def find(self, caller: Caller, resource_id: str) -> Item:
        item = self._store.find(self.kind, caller.org, caller.sandbox, resource_id)
        if not item:
            raise not_found(self.kind, resource_id)
        return item

    def referred(self, caller: Caller, resource_id: str) -> Item:
        """What a body refers to: an id that is not there is then the body's fault."""
        item = self._store.find(self.kind, caller.org, caller.sandbox, resource_id)
        if not item:
            raise not_found(self.kind, resource_id, code="1439-400")
        return item

    def all(self, caller: Caller) -> list[Item]:
        return [item for _, item in self._store.all(self.kind, caller.org, caller.sandbox)]

    def add(self, caller: Caller, item: Item) -> Response:
        """`item` with what `signed` gives."""
        self._store.add(self.kind, caller.org, caller.sandbox, item)
        return Response(201, states.named(item), {"Location": f"{ROOT}/{self.kind}/{item['id']}"})

    def patch(self, call: Call, change: Callable[[Item, Any], Item]) -> Response:
        """`change` makes the new item from the present one and the body's operations."""
        etag = call.request.header("if-match")
        if not etag:
            raise flow("1403-400", "The header If-Match is missing.")
        operations = json_body(call.request)
        item = self.find(call.caller, call.resource_id)
        states.refuse_while_initializing(item)
        if etag not in (item["etag"], item["etag"].strip('"')):
            raise flow("1404-412", STALE)
        return self.replace(call.caller, item, change(item, operations))

    def replace(self, caller: Caller, old: Item, new: Item) -> Response:
        # Later than the last change, even one in the same millisecond.
        now = max(int(time.time() * 1000), old["updatedAt"] + 1)
        new = new | {"etag": _new_etag(), "updatedAt": now, "updatedClient": caller.client_id}
        if not self._store.replace(old["etag"], new):
            raise flow("1404-412", STALE)
        return Response(200, states.named(new))

    def remove(self, resource_id: str) -> Response:
        if not self._store.remove(resource_id):
            raise not_found(self.kind, resource_id)
        return Response(204)


STALE = "Version not matching: the resource has another etag by now."


def json_body(request: Request) -> Any:
    if not request.body.strip():
        raise flow("1405-400", "The request body is empty.")
    try:
        return parse_json(request.body)
    except ValueError:
        raise problem(400, "The request body is not valid JSON.") from None


def json_object(request: Request) -> dict[str, Any]:
    body = json_body(request)
    if not isinstance(body, dict):
        raise problem(400, "The body must be a JSON object.")
    return body


def mode_of(request: Request) -> str | None:
    """`draft` or nothing, of a create."""
    paging.refuse_unknown(request, ("mode",))
    mode = request.value("mode")
    if mode not in (None, "draft"):
        raise flow("1368-400", f"The mode '{mode[:100]}' is not allowed.")
    return mode


def person(caller: Caller) -> str:
    return f"{caller.client_id}@techacct.adobe.com"


def signed(caller: Caller) -> Item:
    """What the service itself writes into a new resource; times in epoch milliseconds."""
    now = int(time.time() * 1000)
    return {
        "id": str(uuid.uuid4()),
        **{"createdAt": now, "updatedAt": now, "createdBy": person(caller), "updatedBy": person(caller)},
        **{"createdClient": caller.client_id, "updatedClient": caller.client_id},
        "sandboxId": sandboxes.sandbox_id(caller.tenant, caller.sandbox),
        "sandboxName": caller.sandbox,
        "imsOrgId": caller.org,
        "etag": _new_etag(),
    }


def _new_etag() -> str:
    """In the shape of Adobe's, the inner double quotes included."""
    return f'"{secrets.token_hex(4)}-0000-0200-0000-{int(time.time()):08x}0000"'
