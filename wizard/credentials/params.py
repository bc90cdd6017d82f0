"""What an authSpec asks for, as a flat list of form fields, and auth.params built from their values.

A field's name is the path to its property by keys: `server`, `requestParameterOverride.clientId`, and
`connectionString.SERVER` for a part of a connection string.
"""

import re
from collections.abc import Collection, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import Any
from urllib.parse import unquote

from django.views.decorators.debug import sensitive_variables

from wizard.catalog.datatypes import AuthParam, AuthSpec

# Further keys of a connection string; a value that may be a secret is a Secret until it is composed.
Extra = tuple[tuple[str, Any], ...]


@dataclass(frozen=True)
class Asked:
    """One field of the form. `path` are the wire names that lead to its value, `objects` the objects around it."""

    name: str
    path: tuple[str, ...]
    param: AuthParam
    required: bool
    objects: tuple[AuthParam, ...] = ()

    @property
    def is_common(self) -> bool:
        """False for what most people leave as it is."""
        return self.required or self.param.common or any(outer.common for outer in self.objects)


def asked(auth_spec: AuthSpec | None) -> Iterator[Asked]:
    """Every field of the form, in order."""
    return _asked(auth_spec.params, Asked("", (), _NOTHING, True)) if auth_spec else iter(())


_NOTHING = AuthParam("", {}, required=True)


def _asked(params: Iterable[AuthParam], outer: Asked) -> Iterator[Asked]:
    for param in params:
        if param.hidden:
            continue
        here = _inside(outer, param)
        if param.pattern:
            yield from (_part(here, part) for part in param.parts)
        elif param.kind == "object":
            yield from _asked(param.params, here)
        else:
            yield here


def _inside(outer: Asked, param: AuthParam) -> Asked:
    name = f"{outer.name}.{param.key}" if outer.name else param.key
    objects = (*outer.objects, outer.param) if outer.name else ()
    return Asked(name, (*outer.path, param.name), param, outer.required and param.required, objects)


def _part(whole: Asked, part: AuthParam) -> Asked:
    return Asked(f"{whole.name}.{part.key}", whole.path, part, whole.required and part.required, whole.objects)


@sensitive_variables()
def auth_params(auth_spec: AuthSpec, values: Mapping[str, Any], extra: Extra = ()) -> dict[str, Any]:
    """auth.params as Adobe takes them, from wire values by field name; what is empty is left out.

    `extra` are further keys for the connection string. Raises PartError for a part that it cannot carry, and
    ConnectionStringError for an extra key.
    """
    return _object(auth_spec.params, "", values, extra, is_needed=True)


def _object(
    params: Sequence[AuthParam], prefix: str, values: Mapping[str, Any], extra: Extra, *, is_needed: bool
) -> dict[str, Any]:
    """What was given for an object's properties; and if that is something, or is needed, what follows by itself."""
    found = {param.name: _value(param, prefix + param.key, values, extra) for param in params}
    given = {name: value for name, value in found.items() if not is_empty(value)}
    if not is_needed and all(given.get(param.name) in (None, param.schema.get("default")) for param in params):
        # Nobody has asked for it: what stands there are defaults alone.
        return {}
    implied = {param.name: _implied(param) for param in params if param.required}
    return {**{name: value for name, value in implied.items() if not is_empty(value)}, **given}


def _value(param: AuthParam, name: str, values: Mapping[str, Any], extra: Extra) -> Any:
    if param.hidden:
        return None
    if param.pattern:
        parts = {part.name: values.get(f"{name}.{part.key}") for part in param.parts}
        given = {part: str(value) for part, value in parts.items() if not is_empty(value)}
        return param.pattern.compose(given, extra) if given else None
    if param.kind == "object":
        return _object(param.params, f"{name}.", values, extra, is_needed=False) or None
    return values.get(name)


def _implied(param: AuthParam) -> Any:
    """What a required property is that nobody is asked for: a hidden one's default, an object of optional ones."""
    if param.kind == "object":
        return _object(param.params, "", {}, (), is_needed=True)
    if not param.hidden:
        return None
    values = [value for _, value, _ in param.choices]
    return param.schema.get("default", values[0] if len(values) == 1 else None)


def value_at(params: Any, field_name: str) -> Any:
    """The value in auth.params that a field gave, or the connection string that it went into; None if there is none."""
    for key in field_name.split("."):
        if not isinstance(params, Mapping):
            return params
        params = params.get(unquote(key))
    return params


def is_empty(value: Any) -> bool:
    """Whether a value means that nothing was given; an empty object that is required is something."""
    return value is None or value in ("", [])


def placeholder(field_name: str) -> str:
    """`{PASSWORD}` for connectionString.PASSWORD, `{CLIENT_SECRET}` for clientSecret."""
    last = field_name.rpartition(".")[2]
    return "{" + re.sub(r"(?<=[a-z0-9])(?=[A-Z])", "_", last).upper() + "}"


def shown_params(
    auth_spec: AuthSpec, values: Mapping[str, Any], given: Collection[str] = (), extra: Extra = ()
) -> dict[str, Any]:
    """auth.params that may be shown: secrets, and whatever is required and still empty, are placeholders.

    A secret that nobody has to give stands there if it is one of `given`. Raises as `auth_params` does.
    """
    shown = {}
    for field in asked(auth_spec):
        value = None if field.param.secret else values.get(field.name)
        stands_in = is_empty(value) and (field.required or field.name in given)
        shown[field.name] = placeholder(field.name) if stands_in else value
    return auth_params(auth_spec, shown, extra)
