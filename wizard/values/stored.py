"""The secrets of a connection by the fields of its form, read back from what is sealed, for an edit to keep."""

from collections.abc import Iterator, Mapping
from typing import Any

from django.views.decorators.debug import sensitive_variables

from wizard.catalog.datatypes import AuthParam, AuthSpec
from wizard.connection_strings.pasted import Filled, fill
from wizard.connection_strings.pattern import ConnectionStringError
from wizard.connections.models import BaseConnection
from wizard.credentials.held import NOTHING_HELD, Held
from wizard.credentials.params import asked, is_empty, value_at


@sensitive_variables()
def stored_secrets(connection: BaseConnection, auth_spec: AuthSpec | None) -> Held:
    """Secrets that can be kept, and the further keys of its connection string; nothing of what does not open."""
    if auth_spec is None:
        return NOTHING_HELD
    params = connection.opened("auth_params").open()
    strings = {param.name: filled for param, filled in _strings(auth_spec, params)}
    extra = (pair for filled in strings.values() for pair in filled.unknown)
    return Held.closing(dict(_secrets(auth_spec, params, strings)), extra)


@sensitive_variables()
def _strings(auth_spec: AuthSpec, params: Mapping[str, Any]) -> Iterator[tuple[AuthParam, Filled]]:
    """Connection strings, as far as the pattern of today composes from their parts what was sent."""
    for param in auth_spec.params:
        text = params.get(param.name)
        if param.pattern is None or not isinstance(text, str):
            continue
        try:
            filled = fill(param.pattern, text)
            if param.pattern.compose(filled.parts, filled.unknown) == text:
                yield param, filled
        except ConnectionStringError:
            continue


@sensitive_variables()
def _secrets(
    auth_spec: AuthSpec, params: Mapping[str, Any], strings: Mapping[str, Filled]
) -> Iterator[tuple[str, Any]]:
    for field in asked(auth_spec):
        if not field.param.secret:
            continue
        is_part = field.name != ".".join(field.path)
        filled = strings.get(field.path[0])
        value = filled.parts.get(field.param.name) if is_part and filled else None
        value = value if is_part else value_at(params, field.name)
        if not is_empty(value):
            yield field.name, value
