"""Where a connection leads: source, host, port, database, user … as one keyed hash, to find others that lead there."""

from collections.abc import Iterator, Mapping
from typing import Any
from urllib.parse import urlsplit

from django.db import transaction
from django.views.decorators.debug import sensitive_variables

from wizard.catalog.datatypes import AuthSpec
from wizard.connections.models import BaseConnection
from wizard.credentials.params import Asked, asked, is_empty
from wizard.organizations.models import Organization
from wizard.values.typed import PREFIX, auth_spec_of, typed_values
from wizard.vault.keyring import CannotOpen
from wizard.vault.macs import fingerprint

BATCH = 200


@sensitive_variables()
def destination_hash(
    organization: Organization, spec_id: str, auth_spec: AuthSpec | None, typed: Mapping[str, Any]
) -> str:
    """The hash to keep, and to look for; "" while it is not said where the connection leads.

    Fields count by what they are called, so that one host is the same for every way to authenticate.
    """
    found = sorted(set(_places(auth_spec, typed)))
    is_complete = auth_spec is not None and all(
        not is_empty(typed.get(PREFIX + field.name)) for field in _telling(auth_spec) if field.required
    )
    return fingerprint([str(organization.uuid), spec_id, found], "destination") if found and is_complete else ""


def _telling(auth_spec: AuthSpec | None) -> Iterator[Asked]:
    return (field for field in asked(auth_spec) if field.param.destination or field.param.identity)


def _places(auth_spec: AuthSpec | None, typed: Mapping[str, Any]) -> Iterator[tuple[str, str]]:
    for field in _telling(auth_spec):
        value = typed.get(PREFIX + field.name)
        if not is_empty(value):
            yield field.param.title.lower(), _normal(str(value), field)


def _normal(text: str, field: Asked) -> str:
    """Of a host or a URL: scheme, capitals, and what may stand at its end make no difference."""
    text = text.strip()
    if not field.param.destination:
        return text
    parts = urlsplit(text) if "://" in text else None
    host = parts.netloc + parts.path if parts and parts.netloc else text
    return host.lower().rstrip("/").rstrip(".")


def fill_in_missing() -> None:
    """For connections that were made before this was kept; those whose values do not open stay without."""
    missing = BaseConnection.objects.filter(destination="").exclude(form_values=None).select_related("organization")
    last = 0
    while batch := list(missing.filter(pk__gt=last).order_by("pk")[:BATCH]):
        # One transaction for all of them: each costs a write to the disk.
        with transaction.atomic():
            for connection in batch:
                _fill_in_if_it_opens(connection)
        last = batch[-1].pk


def _fill_in_if_it_opens(connection: BaseConnection) -> None:
    try:
        _fill_in(connection)
    except CannotOpen:
        return


@sensitive_variables()
def _fill_in(connection: BaseConnection) -> None:
    """The sealed values are bound to it, so they are sealed anew with it; not where they are others by now."""
    as_read = {name: getattr(connection, name) for name in ("destination", "auth_params", "form_values")}
    opened = {name: connection.unseal(name) for name in ("auth_params", "form_values") if as_read[name] is not None}
    place = (connection.organization, connection.connection_spec_id, auth_spec_of(connection))
    connection.destination = destination_hash(*place, typed_values(connection)) or "-"
    for name, value in opened.items():
        connection.seal(name, value)
    new = {name: getattr(connection, name) for name in as_read}
    BaseConnection.objects.filter(pk=connection.pk, **as_read).update(**new)
