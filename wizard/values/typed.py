"""The values of a connection by the fields of its form: typed ones to show and compare, and what they are called."""

import json
from collections.abc import Iterator, Mapping
from typing import Any

from django.views.decorators.debug import sensitive_variables

from wizard.catalog.datatypes import AuthParam, AuthSpec
from wizard.connections.models import BaseConnection, Change
from wizard.credentials.auth_form import AuthForm
from wizard.credentials.params import Asked, asked, is_empty, value_at
from wizard.sources.offered import connection_spec
from wizard.vault.secret import Secret

NAME, DESCRIPTION = "name", "description"
PREFIX = f"{AuthForm.prefix}."
LONGEST_REMOTE = 20_000  # characters of a value of Adobe's


def auth_spec_of(connection: BaseConnection) -> AuthSpec | None:
    """The way to authenticate that it was made with, as the catalog has it now; None if it has none, or has gone."""
    spec = connection_spec(connection.organization, connection.source)
    ways = {auth.key: auth for auth in spec.auth_specs} if spec else {}
    return ways.get(connection.auth_spec_key)


@sensitive_variables()
def typed_values(connection: BaseConnection) -> dict[str, Any]:
    """What its form was filled with, secrets aside; less, if the sealed values do not open."""
    values = connection.opened("form_values").open()
    return {**values, NAME: connection.name, DESCRIPTION: connection.description}


def by_field(values: Mapping[str, Any]) -> dict[str, Any]:
    """Those values by the names that the form's fields have, for its `initial`."""
    return {name.removeprefix(PREFIX): value for name, value in values.items()}


def further_keys(values: Mapping[str, Any]) -> tuple[tuple[str, str], ...]:
    """Keys of a pasted connection string that its pattern has no place for, and that are certainly no secrets."""
    return tuple((key, value) for key, value in values.get("pasted", ()))


@sensitive_variables()
def values_before(change: Change) -> dict[str, Any]:
    """What the form's values were before a change, secrets aside; nothing if they do not open."""
    return dict(change.opened("before").open())


@sensitive_variables()
def wanted_by(wanted: Secret) -> dict[str, Any]:
    """What a change wants, from its sealed `wanted`: in it `params` stay closed, and so does each of `secrets`."""
    found = dict(wanted.open())
    if "params" in found:
        found["params"], found["secrets"] = Secret(found["params"]), Secret(found["secrets"]).parts()
    return found


def labels(auth_spec: AuthSpec | None) -> dict[str, str]:
    """What each field is called, by its name in `typed_values`."""
    fields = {PREFIX + field.name: field.param.title for field in asked(auth_spec)}
    return {NAME: "Name", DESCRIPTION: "Description", **fields}


def shown_value(field: Asked, value: Any) -> str:
    """A typed value as a person reads it: of a choice its label."""
    return next((label for key, _, label in field.param.choices if key == str(value)), str(value or ""))


def differing(auth_spec: AuthSpec | None, first: Mapping[str, Any], other: Mapping[str, Any]) -> list[str]:
    """Names of the fields, secrets aside, whose typed values are not the same; an empty one is the same as none."""
    public = (PREFIX + field.name for field in asked(auth_spec) if not field.param.secret)
    return [name for name in (NAME, DESCRIPTION, *public) if _plain(first.get(name)) != _plain(other.get(name))]


def _plain(value: Any) -> str:
    return "" if is_empty(value) else str(value).strip()


def leads_elsewhere(auth_spec: AuthSpec | None, first: Mapping[str, Any], other: Mapping[str, Any]) -> bool:
    """Whether secrets that were typed for the first values would be sent to another place with the other ones."""
    places = {PREFIX + field.name for field in asked(auth_spec) if field.param.destination}
    return any(name in places for name in differing(auth_spec, first, other))


@sensitive_variables()
def with_remote_values(
    auth_spec: AuthSpec | None, typed: Mapping[str, Any], remote: Mapping[str, Any]
) -> dict[str, Any]:
    """`typed` with what Adobe has in its place, as far as that is no secret; what Adobe does not show stays."""
    found = dict(typed)
    for field in _public(auth_spec):
        value = value_at(remote, field.name)
        if value is not None and not isinstance(value, Mapping) and _can_be_kept(value):
            found[PREFIX + field.name] = _typed(field.param, value)
    return found


@sensitive_variables()
def with_remote_params(auth_spec: AuthSpec | None, params: Secret, remote: Mapping[str, Any]) -> Secret:
    """auth.params with Adobe's values in the place of ours, secrets aside."""
    public = public_params(auth_spec)
    theirs = {name: value for name, value in remote.items() if name in public and _can_be_kept(value)}
    return Secret({**params.open(), **theirs})


def public_params(auth_spec: AuthSpec | None) -> set[str]:
    """Names of the auth.params that are no secret, and whose values Adobe shows as they are."""
    return {field.path[0] for field in _public(auth_spec)}


def _public(auth_spec: AuthSpec | None) -> Iterator[Asked]:
    """Fields that are a param of their own: not those of an object or a connection string, which may hold secrets."""
    return (field for field in asked(auth_spec) if not field.param.secret and field.name == field.param.key)


def _can_be_kept(value: Any) -> bool:
    """Whether a foreign value can be stored, shown and sent again, whatever is in it."""
    try:
        text = value if isinstance(value, str) else json.dumps(value, ensure_ascii=False, allow_nan=False)
        text.encode()
    except (RecursionError, ValueError):
        return False
    return len(text) <= LONGEST_REMOTE and "\x00" not in text and "\\u0000" not in text


def _typed(param: AuthParam, value: Any) -> Any:
    """A wire value as the form takes it."""
    if param.choices:
        return param.choice_key(value)
    if param.kind == "list" and isinstance(value, list):
        return "\n".join(map(str, value))
    return value if isinstance(value, str | int | float) else json.dumps(value)
