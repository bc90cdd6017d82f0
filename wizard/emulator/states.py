"""Which state a connection is in, what that state allows, and how the connection is read in it.

https://experienceleague.adobe.com/en/docs/experience-platform/sources/errors/flow-service-errors
"""

import time

from wizard.emulator.errors import flow, invalid, missing
from wizard.emulator.messages import Request
from wizard.emulator.store import Item

# Kept with a connection and never shown: the names of its secrets, and the epoch milliseconds at which it is set up.
INTERNAL = ("secretParams", "initializingUntil")
# From which states an action leads where.
ACTIONS = {
    "enable": (("enabled", "disabled"), "enabled"),
    "disable": (("enabled", "disabled"), "disabled"),
    "publish": (("draft",), "enabled"),
}
PROVIDER_ACTIONS = ("finalize", "finalize_update")


def initial(mode: str | None, initializing: float) -> Item:
    """The state of a new connection, which takes so many seconds to be set up."""
    # A draft is only kept: nothing is set up for it.
    if not initializing or mode:
        return {"state": mode or "enabled"}
    return {"state": "enabled", "initializingUntil": _now() + int(initializing * 1000)}


def state_of(item: Item) -> str:
    # The end of it is a time and no event, so that it comes after a restart too.
    return "initializing" if _now() < item.get("initializingUntil", 0) else str(item["state"])


def refuse_while_initializing(item: Item) -> None:
    if state_of(item) == "initializing":
        raise flow("1417-400", "A connection in state initializing cannot be updated or deleted with a user token.")


def action(request: Request) -> str:
    """The operation that is asked for, in lower case. Raises Refusal for one that there is not."""
    op = request.value("op")
    if not op:
        raise missing("op")
    if op.lower() in PROVIDER_ACTIONS:
        raise flow("1402-400", f"The action '{op}' is for providers only.")
    if op.lower() not in ACTIONS:
        raise invalid("op")
    return op.lower()


def after(op: str, item: Item) -> str:
    """The state that the action leads to. Raises Refusal where the present one does not allow it."""
    refuse_while_initializing(item)
    allowed, state = ACTIONS[op]
    if item["state"] not in allowed:
        raise flow("1409-400", f"The op '{op}' cannot be applied to the current state {item['state']}.")
    return state


def refuse_draft(parent: Item) -> None:
    """For what is built on it: nothing is published before its parents are."""
    if parent["state"] == "draft":
        raise flow("1409-400", f"The op 'publish' cannot be applied while {parent['id']} is in state draft.")


def named(item: Item) -> Item:
    """What a change answers with."""
    return {name: value for name, value in shown(item).items() if name in ("id", "etag")}


def shown(item: Item) -> Item:
    """A connection as it is read back: without its secrets and their names, and without an etag until it is set up."""
    public = {name: value for name, value in item.items() if name not in INTERNAL}
    if state_of(item) == "initializing":
        return {name: value for name, value in public.items() if name != "etag"} | {"state": "initializing"}
    return public | {"version": item["etag"]}


def _now() -> int:
    return int(time.time() * 1000)
