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


@sensitive_variables()
def known_secrets(connection: BaseConnection) -> list[str]:
    """All that is known to be secret; nothing of what does not open, which cannot be sent either."""
    return secrets_of(connection, connection.opened("auth_params"))


@sensitive_variables()
def secrets_of(connection: BaseConnection, params: dict[str, Any]) -> list[str]:
    """What is secret by its name, and what the form knew to be secret, whatever its name."""
    values = connection.opened("form_values")
    given = [text for name in values.get("given", ()) for text in texts_in(value_at(params, name))]
    return [*secrets_in(params), *given, *_extra_secrets(params, values.get("pasted_secrets", ()))]


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
