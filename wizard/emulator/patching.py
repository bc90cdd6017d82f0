"""Changes to a connection: a list of operations, all of them or none.

https://experienceleague.adobe.com/en/docs/experience-platform/sources/api-tutorials/update
"""

import copy
import re
from typing import Any

from wizard.emulator import auth_params
from wizard.emulator.creation import check_name, check_texts, found_schemas, split
from wizard.emulator.errors import flow, invalid, problem
from wizard.emulator.specs import Spec
from wizard.emulator.store import Item

OPERATIONS = ("add", "replace", "remove")
PARAMS = "/auth/params"
# All params, or one of them: nothing is documented that reaches into one. A slash in a name is written ~1.
PARAM = re.compile(rf"{PARAMS}(?:/([^/]+))?")


class Patch:
    """One connection while it is being changed. `values` holds what is known of auth.params, new secrets included."""

    def __init__(self, item: Item, spec: Spec) -> None:
        self._item = copy.deepcopy(item)
        self._spec = spec
        self._values: dict[str, Any] = dict(item.get("auth", {}).get("params", {}))
        self._kept = set(item.get("secretParams", []))
        self._has_new_params = False
        # The values of those that are new, once the operations are applied.
        self.secrets: dict[str, Any] = {}

    def apply(self, operations: object) -> Item:
        """The changed connection. Raises Refusal at the first operation that cannot be done."""
        if not isinstance(operations, list) or not operations:
            raise problem(400, "The body must be a list of operations.")
        for operation in operations:
            self._apply(*parts(operation))
        check_name(self._item.get("name"))
        check_texts(self._item)
        if self._has_new_params:
            self._seal()
        return self._item

    def _apply(self, op: str, path: str, value: Any) -> None:
        if path in ("/name", "/description"):
            change(self._item, path[1:], op, value)
        elif "auth" in self._item and (found := PARAM.fullmatch(path)):
            self._has_new_params = True
            self._change_params(op, found[1], value)
        elif path.split("/")[1:2] == ["connectionSpec"]:
            raise flow("1414-400", "The connection spec of a connection cannot change.")
        else:
            raise flow("1434-400", f"Patching '{path[:100]}' is not supported.")

    def _change_params(self, op: str, name: str | None, value: Any) -> None:
        if name is None:
            self._replace_all(op, value)
        else:
            self._change_param(op, name.replace("~1", "/").replace("~0", "~"), value)

    def _replace_all(self, op: str, value: Any) -> None:
        if op == "remove":
            raise flow("1434-400", f"The operation 'remove' is not supported for '{PARAMS}'.")
        if not isinstance(value, dict):
            raise invalid("auth.params")
        self._values, self._kept = dict(value), set()

    def _change_param(self, op: str, name: str, value: Any) -> None:
        if op == "remove" and name in self._kept:
            self._kept.remove(name)
        else:
            change(self._values, name, op, value)
            self._kept.discard(name)

    def _seal(self) -> None:
        """Checks the params together, then lets go of the secrets' values."""
        entries = found_schemas(self._spec, self._item["auth"]["specName"])
        is_complete = self._item["state"] != "draft"
        auth_params.check(entries, self._values, kept=self._kept, complete=is_complete)
        public, secret_names = split(self._values, entries)
        self._item["auth"]["params"] = public
        self.secrets = {name: self._values[name] for name in secret_names}
        self._item["secretParams"] = sorted(self._kept.union(secret_names))


def parts(operation: object) -> tuple[str, str, Any]:
    """Its op, path and value. Raises Refusal for an operation that is none."""
    if not isinstance(operation, dict):
        raise problem(400, "The body must be a list of operations.")
    op = operation.get("op")
    for key in ("op", "path", *(("value",) if op != "remove" else ())):
        if key not in operation:
            raise flow("1455-400", f"The operation lacks '{key}'.")
    if op not in OPERATIONS:
        raise flow("1434-400", f"The operation '{str(op)[:100]}' is not supported.")
    if not isinstance(operation["path"], str):
        raise invalid("path")
    return op, operation["path"], operation.get("value")


def change(target: dict[str, Any], key: str, op: str, value: Any) -> None:
    """Sets the key, or removes it. Raises Refusal where there is nothing to remove."""
    if op != "remove":
        target[key] = value
    elif key in target:
        del target[key]
    else:
        raise flow("1455-400", f"There is no '{key[:100]}' to remove.")
