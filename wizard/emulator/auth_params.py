"""Are these auth.params what the authSpec asks for? Answers name the field, never its value."""

from collections.abc import Collection, Iterator, Mapping
from typing import Any

import re2
from jsonschema import Draft7Validator, ValidationError
from jsonschema.validators import extend
from referencing import Registry

from wizard.emulator.errors import Refusal, invalid, missing
from wizard.emulator.specs import Schema, properties
from wizard.json_schema.patterns import matches


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
        return list(_Validator(schema, registry=Registry()).iter_errors(values))
    except Exception:
        # Each keyword that is malformed has its own way to break.
        return []


def _absent(problem: ValidationError, kept: Collection[str]) -> list[str]:
    """jsonschema reports each missing name by itself; this one is the name that its message begins with."""
    here = () if problem.absolute_path else kept
    required: Any = problem.validator_value
    return [name for name in required if name not in here and problem.message.startswith(repr(name))]


# --- Patterns: a foreign one may take Python's own engine for ever, and RE2 a linear time ---


def _matches(pattern: str, text: str) -> bool | None:
    """None for what RE2 cannot apply: that is no rule."""
    try:
        return matches(pattern, text)
    except (re2.error, UnicodeEncodeError):
        return None


def _apply_pattern(_validator: object, pattern: str, value: object, _schema: object) -> Iterator[ValidationError]:
    if isinstance(value, str) and _matches(pattern, value) is False:
        yield ValidationError("The pattern does not match.")


def _apply_to_names(validator: Any, rules: Mapping[str, Any], value: Any, _schema: object) -> Iterator[ValidationError]:
    for pattern, inner in rules.items():
        for name in value if isinstance(value, dict) else ():
            if _matches(pattern, name):
                yield from validator.descend(value[name], inner, path=name)


def _apply_to_others(validator: Any, rules: Any, value: Any, schema: Mapping[str, Any]) -> Iterator[ValidationError]:
    """No rule beside patterns for names: jsonschema would apply those by itself."""
    if not schema.get("patternProperties"):
        yield from Draft7Validator.VALIDATORS["additionalProperties"](validator, rules, value, schema)


_Validator = extend(
    Draft7Validator,
    {"pattern": _apply_pattern, "patternProperties": _apply_to_names, "additionalProperties": _apply_to_others},
)
