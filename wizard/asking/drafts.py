"""What a draft keeps beside a connection's own values, and how its form gets that back."""

from collections.abc import Mapping
from typing import Any

from django.views.decorators.debug import sensitive_variables

from wizard.asking.wishes import Secrets
from wizard.catalog.datatypes import AuthSpec
from wizard.connections.models import BaseConnection
from wizard.connections.statuses import Status
from wizard.credentials.held import NOTHING_HELD, Held
from wizard.credentials.params import Extra, asked
from wizard.values.typed import PREFIX, auth_spec_of, typed_values
from wizard.vault.keyring import CannotOpen

# No field is called so: a field's name has no space.
EXTRA = "further keys"
RETRIED = "tries again"


@sensitive_variables()
def draft_params(secrets: Mapping[str, Any], extra: Extra) -> Secrets:
    """Secrets by field name, and the further keys of a pasted connection string, as a draft keeps them."""
    return Secrets({**secrets, EXTRA: [list(pair) for pair in extra]} if extra else secrets)


@sensitive_variables()
def held_by(draft: BaseConnection) -> Held:
    """What its form need not ask for again, as long as it leads to the same place; nothing if it does not open."""
    auth_spec = auth_spec_of(draft)
    try:
        params = draft.unseal("auth_params") if auth_spec else {}
    except CannotOpen:
        params = {}
    if not params:
        return NOTHING_HELD
    secrets = {name: value for name, value in params.items() if name != EXTRA}
    extra = tuple((key, value) for key, value in params.get(EXTRA, ()))
    return Held(secrets, extra, destination_of(auth_spec, typed_values(draft)))


def destination_of(auth_spec: AuthSpec | None, typed: Mapping[str, Any]) -> dict[str, Any]:
    """What the fields hold that say where the connection leads, by the names that they have in `typed`."""
    places = (PREFIX + field.name for field in asked(auth_spec) if field.param.destination)
    return {name: typed.get(name) for name in places}


def retried_by(draft: BaseConnection) -> BaseConnection | None:
    """The failed connection whose form it is, if that can still be tried again."""
    uuid = typed_values(draft).get(RETRIED)
    rows = BaseConnection.objects.select_related("organization").filter(status=Status.FAILED, source=draft.source)
    return rows.filter(uuid=uuid).first() if uuid else None
