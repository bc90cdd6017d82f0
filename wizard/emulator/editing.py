"""Changes to what is one JSON object: a list of operations on some of its fields, all of them or none.

https://experienceleague.adobe.com/en/docs/experience-platform/sources/api-tutorials/update-dataflows
"""

import copy
import re
from collections.abc import Callable, Collection
from typing import Any

from wizard.emulator.errors import Refusal, flow, problem
from wizard.emulator.patching import change, parts
from wizard.emulator.store import Item

PLACE = re.compile(r"0|[1-9]\d{0,5}", re.ASCII)


def edited(item: Item, operations: object, fields: Collection[str], refusal: Callable[[str], Refusal]) -> Item:
    """The changed item; `refusal` makes the answer to a path that leads to none of these top-level fields.

    Raises Refusal at the first operation that cannot be done.
    """
    if not isinstance(operations, list) or not operations:
        raise problem(400, "The body must be a list of operations.")
    new = copy.deepcopy(item)
    for operation in operations:
        op, path, value = parts(operation)
        steps = [step.replace("~1", "/").replace("~0", "~") for step in path.split("/")[1:]]
        if not steps or steps[0] not in fields or path.partition("/")[0]:
            raise refusal(path[:100])
        _apply(new, steps, op, copy.deepcopy(value))
    return new


def _apply(target: Any, steps: list[str], op: str, value: Any) -> None:
    for step in steps[:-1]:
        target = target[_key(target, step)]
    if isinstance(target, list):
        _apply_in_list(target, steps[-1], op, value)
    elif isinstance(target, dict):
        change(target, steps[-1], op, value)
    else:
        raise _missing(steps[-1])


def _apply_in_list(target: list[Any], step: str, op: str, value: Any) -> None:
    if op == "add" and step in ("-", str(len(target))):
        target.append(value)
        return
    place = _key(target, step)
    if op == "add":
        target.insert(place, value)
    elif op == "replace":
        target[place] = value
    else:
        del target[place]


def _key(target: Any, step: str) -> Any:
    if isinstance(target, dict) and step in target:
        return step
    if isinstance(target, list) and PLACE.fullmatch(step) and int(step) < len(target):
        return int(step)
    raise _missing(step)


def _missing(step: str) -> Refusal:
    return flow("1455-400", f"There is no '{step[:100]}' to change.")
