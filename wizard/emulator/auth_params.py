"""Are these auth.params what the authSpec asks for? Answers name the field, never its value."""

from collections.abc import Collection, Iterator, Mapping
from typing import Any

from jsonschema import Draft7Validator, ValidationError
from referencing import Registry

from wizard.emulator.errors import Refusal, invalid, missing
from wizard.emulator.specs import Schema, properties


def check(
    entries: list[Schema], values: Mapping[str, Any], *, kept: Collection[str] = (), complete: bool = True
) -> None:
    """Raises the Refusal of the schema that comes closest, unless one of them fits.

    `kept` names secrets that are set but whose values are not known here; a draft need not be `complete`.
    """
    findings = [list(_refusals(schema, values, kept, complete)) for schema in entries]
    closest = min(findings, key=len)
    if closest:
        raise closest[0]


def _refusals(schema: Schema, values: Mapping[str, Any], kept: Collection[str], complete: bool) -> Iterator[Refusal]:
    known = {name for name, _ in properties(schema)}
    yield from (invalid(f"auth.params.{name}") for name in [*values, *kept] if name not in known)
    for problem in sorted(_problems(schema, values), key=lambda error: error.validator != "required"):
        field = ".".join(["auth.params", *map(str, problem.absolute_path)])
        if problem.validator == "required":
            yield from (missing(f"{field}.{name}") for name in _absent(problem, kept) if complete)
        elif problem.validator != "additionalProperties" or problem.absolute_path:
            yield invalid(field)


def _problems(schema: Schema, values: Mapping[str, Any]) -> list[ValidationError]:
    """What the values do wrong; a foreign schema that cannot be applied is no rule. Nothing is fetched for it."""
    try:
        return list(Draft7Validator(schema, registry=Registry()).iter_errors(values))
    except Exception:
        # Each keyword that is malformed has its own way to break.
        return []


def _absent(problem: ValidationError, kept: Collection[str]) -> list[str]:
    """jsonschema reports each missing name by itself; this one is the name that its message begins with."""
    here = () if problem.absolute_path else kept
    required: Any = problem.validator_value
    return [name for name in required if name not in here and problem.message.startswith(repr(name))]
