"""Applies a sanitised JSON Schema to a value, and tells where the value does not fit."""

from collections.abc import Iterator, Mapping
from decimal import Decimal, DecimalException
from typing import Any, NamedTuple

from jsonschema import Draft7Validator, ValidationError
from jsonschema.validators import extend

from wizard.json_schema.patterns import matches


class Fault(NamedTuple):
    """A value that does not fit: `path` leads to it, by wire names; `rule` is the keyword, `bound` its value."""

    path: tuple[str, ...]
    rule: str
    bound: Any


def faults(schema: Mapping[str, Any], value: Any) -> Iterator[Fault]:
    """Where a JSON value does not fit a sanitised schema; the innermost place of each fault."""
    for error in Validator(schema).iter_errors(value):
        innermost = _innermost(error)
        path = tuple(str(step) for step in innermost.absolute_path)
        yield Fault((*path, *_missing(innermost)), str(innermost.validator), innermost.validator_value)


def _innermost(error: ValidationError) -> ValidationError:
    """Of an error in several branches, that of the branch which was meant: one whose fixed values fit."""
    while error.context:
        unfit = {found.schema_path[0] for found in error.context if found.validator in ("const", "enum")}
        error = next((found for found in error.context if found.schema_path[0] not in unfit), error.context[0])
    return error


def _missing(error: ValidationError) -> tuple[str, ...]:
    """jsonschema reports each missing name by itself, and names it in its message alone."""
    if error.validator != "required":
        return ()
    names: Any = error.validator_value
    return tuple(name for name in names if error.message.startswith(repr(name)))[:1]


def _apply_pattern(_validator: object, pattern: str, value: object, _schema: object) -> Iterator[ValidationError]:
    if isinstance(value, str) and not matches(pattern, value):
        yield ValidationError("The pattern does not match.")


def _apply_multiple_of(_validator: object, step: float, value: object, _schema: object) -> Iterator[ValidationError]:
    """In decimals, as people mean it: 0.3 is a multiple of 0.1."""
    is_number = isinstance(value, int | float) and not isinstance(value, bool)
    try:
        if is_number and Decimal(str(value)) % Decimal(str(step)):
            yield ValidationError("Not a multiple.")
    except DecimalException:
        # Too far apart to tell: that is for Adobe to check.
        return


Validator = extend(Draft7Validator, {"pattern": _apply_pattern, "multipleOf": _apply_multiple_of})
