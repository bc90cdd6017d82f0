"""The `property` filters of a list call.

https://experienceleague.adobe.com/en/docs/experience-platform/dataflows/api/sort-and-filter: all of them must hold,
a comma list after == means any of its values, values stand bare or in double quotes.
"""

import operator
import re
from collections.abc import Callable, Collection, Iterator, Mapping
from typing import Any

from wizard.emulator.errors import flow

Item = Mapping[str, Any]
FILTER = re.compile(r"(?P<path>[\w.\[\]:-]+?)(?P<op>==|>=|<=|>|<|~)(?P<value>.*)", re.ASCII | re.DOTALL)
# A quote closes only before a comma or at the end, so a quote inside a name does no harm.
VALUE = re.compile(r'(?:^|,)(?:"(.*?)"(?=,|\Z)|([^,]*))', re.DOTALL)
NUMBER = re.compile(r"-?\d{1,18}(\.\d{1,9})?", re.ASCII)
OPERATORS: dict[str, Callable[[Any, Any], bool]] = {
    "==": operator.eq,
    ">": operator.gt,
    "<": operator.lt,
    ">=": operator.ge,
    "<=": operator.le,
}


def filtered(filters: list[str], items: list[Item], fields: Collection[str]) -> list[Item]:
    """The items that pass every filter. Raises Refusal for a filter that is not one on these top-level fields."""
    for text in filters:
        passes = _predicate(text, fields)
        items = [item for item in items if passes(item)]
    return items


def only_values(filters: list[str], field: str) -> list[str] | None:
    """The only values of that field with which an item can pass; None where no filter says."""
    for text in filters:
        found = FILTER.fullmatch(text)
        if found and (found["path"], found["op"]) == (field, "=="):
            return _values(found["value"])
    return None


def _predicate(text: str, fields: Collection[str]) -> Callable[[Item], bool]:
    found = FILTER.fullmatch(text)
    if not found:
        raise flow("1448-400", f"The filter '{text[:100]}' is not a path, an operator and a value.")
    steps, op, wanted = found["path"].split("."), found["op"], _values(found["value"])
    if op not in OPERATORS:
        raise flow("1440-400", f"Operator '{op}' not implemented.")
    if steps[0].removesuffix("[]") not in fields:
        raise flow("1449-400", f"There is no field '{found['path'][:100]}' to filter by.")
    if not all(wanted):
        raise flow("1450-400", f"The filter on '{found['path'][:100]}' has an empty value.")
    if len(wanted) > 1 and op != "==":
        raise flow("1443-400", f"Operator '{op}' takes one value.")
    return lambda item: any(_holds(op, actual, value) for actual in _at(item, steps) for value in wanted)


def _values(text: str) -> list[str]:
    return [quoted or bare for quoted, bare in VALUE.findall(text)]


def _at(value: Any, steps: list[str]) -> Iterator[Any]:
    """Every value at that path; a list is entered element by element."""
    if isinstance(value, list):
        for element in value:
            yield from _at(element, steps)
    elif not steps:
        yield value
    elif isinstance(value, Mapping) and (step := steps[0].removesuffix("[]")) in value:
        yield from _at(value[step], steps[1:])


def _holds(op: str, actual: Any, wanted: str) -> bool:
    if isinstance(actual, bool):
        return OPERATORS[op](str(actual).lower(), wanted.lower())
    if isinstance(actual, (int, float)):
        return bool(NUMBER.fullmatch(wanted)) and OPERATORS[op](actual, float(wanted))
    return isinstance(actual, str) and OPERATORS[op](actual, wanted)
