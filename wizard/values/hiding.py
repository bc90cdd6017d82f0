"""The secrets of a connection as an answer may quote them, so that no error, event or page repeats one."""

import re
from collections.abc import Iterator
from typing import Any

from django.views.decorators.debug import sensitive_variables

from wizard.connection_strings.pasted import read
from wizard.connection_strings.pattern import ConnectionStringError
from wizard.connections.models import BaseConnection
from wizard.credentials.params import value_at
from wizard.flow_service.redaction import secrets_in, texts_in
from wizard.values.sendable import CannotCompose, sendable_params
from wizard.vault.keyring import CannotOpen
from wizard.vault.secret import Secret, remember


@sensitive_variables()
def known_secrets(connection: BaseConnection) -> list[str]:
    """All that is known to be secret; nothing of what does not open or resolve, which cannot be sent either."""
    try:
        return secrets_of(connection, sendable_params(connection))
    except (CannotOpen, CannotCompose):
        return []


@sensitive_variables()
def secrets_of(connection: BaseConnection, params: Secret) -> list[str]:
    """What is secret by its name, and what the form knew to be secret, whatever its name."""
    values, plain = connection.opened("form_values").open(), params.open()
    given = [text for name in values.get("given", ()) for text in texts_in(value_at(plain, name))]
    found = [*secrets_in(plain), *given, *_extra_secrets(plain, values.get("pasted_secrets", ()))]
    remember(found)
    return found


@sensitive_variables()
def _extra_secrets(params: dict[str, Any], keys: list[str]) -> Iterator[str]:
    """The values of further keys in a connection string; of a URL among them its password too."""
    for text in (value for value in params.values() if keys and isinstance(value, str)):
        try:
            pairs = dict(read(text))
        except ConnectionStringError:
            continue
        for key in keys:
            yield from texts_in(pairs.get(key))
            yield from filter(None, re.findall(r"//[^/@:]*+:([^/@]++)@", pairs.get(key, "")))
