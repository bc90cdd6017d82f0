"""auth.params as they go to Adobe: those that are sealed, or composed at this moment from references."""

import secrets
from collections.abc import Mapping
from typing import Any

from django.views.decorators.debug import sensitive_variables

from wizard.catalog.datatypes import AuthSpec
from wizard.connection_strings.pattern import ConnectionStringError
from wizard.connections.models import BaseConnection
from wizard.connections.statuses import Keeps
from wizard.credentials.auth_form import auth_form_class
from wizard.credentials.params import auth_params
from wizard.values.typed import PREFIX, auth_spec_of, by_field, further_keys, labels, typed_values
from wizard.vault.references import WORKER
from wizard.vault.secret import Secret

NO_TYPE = "The catalog no longer has its authentication type, so its credentials cannot be composed."
# What is not kept, as no value that is given anew can be.
STAND_IN = secrets.token_hex(16)


class CannotCompose(Exception):
    """Credentials that cannot be put together now: a reference leads nowhere, or to what does not fit."""


@sensitive_variables()
def sendable_params(connection: BaseConnection) -> Secret:
    """What a create sends. Raises CannotOpen, and CannotCompose with what is wrong in which field."""
    if connection.keeps != Keeps.REFERENCES:
        return connection.unseal("auth_params")
    return composed(connection, typed_values(connection))


@sensitive_variables()
def wanted_params(connection: BaseConnection, wanted: Mapping[str, Any]) -> Secret:
    """What the connection has when the change is made. Raises CannotCompose."""
    if connection.keeps != Keeps.REFERENCES:
        found: Secret = wanted["params"]
        return found
    return composed(connection, wanted["values"]) if wanted["sends_secrets"] else params_before(connection)


@sensitive_variables()
def params_before(connection: BaseConnection) -> Secret:
    """What Adobe has of it, as far as we know: a secret that is not kept here differs from every other one."""
    if connection.keeps == Keeps.SEALED:
        return connection.opened("auth_params")
    return with_stand_ins(connection, typed_values(connection))


@sensitive_variables()
def with_stand_ins(connection: BaseConnection, typed: Mapping[str, Any]) -> Secret:
    """auth.params from what is no secret in them, each secret a stand-in; none where they do not compose any more."""
    auth_spec = auth_spec_of(connection)
    if auth_spec is None:
        return Secret({})
    values = auth_form_class(auth_spec)(initial=by_field(typed)).wire_values() | dict.fromkeys(
        typed.get("given", ()), STAND_IN
    )
    hidden = tuple((key, STAND_IN) for key in typed.get("pasted_secrets", ()))
    try:
        return Secret(auth_params(auth_spec, values, (*further_keys(typed), *hidden)))
    except ConnectionStringError:
        return Secret({})


@sensitive_variables()
def composed(connection: BaseConnection, typed: Mapping[str, Any]) -> Secret:
    """As the form would, were the values of the references typed into it. Raises CannotCompose."""
    auth_spec = auth_spec_of(connection)
    if auth_spec is None:
        if connection.auth_spec_name:
            raise CannotCompose(NO_TYPE)
        return Secret({})
    form = auth_form_class(auth_spec)(typed, extra=further_keys(typed))
    form.refer(typed.get("references", {}), only=True, where=WORKER)
    if not form.is_valid():
        raise CannotCompose(" ".join(_told(auth_spec, form.errors)))
    return form.params


def _told(auth_spec: AuthSpec, errors: Mapping[str, Any]) -> list[str]:
    named = labels(auth_spec)
    return [f"{named.get(PREFIX + name, 'Credentials')}: {error}" for name, found in errors.items() for error in found]
