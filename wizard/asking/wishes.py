"""What a person wishes to be created, and how a row is filled with it."""

import uuid
from dataclasses import dataclass, field
from typing import Any

from django.utils import timezone
from django.views.decorators.debug import sensitive_variables

from wizard.catalog.datatypes import AuthSpec, ConnectionSpec
from wizard.connections.models import BaseConnection
from wizard.connections.statuses import Keeps, NotNow
from wizard.organizations.models import Sandbox
from wizard.people.models import User
from wizard.values.destinations import destination_hash
from wizard.values.request import body_extras
from wizard.vault.secret import Secret

__all__ = ["LONGEST_DESCRIPTION", "LONGEST_NAME", "NotNow", "Wish", "fill", "one_at_a_time"]

FORGETS = "No copy of its credentials is kept once Adobe has accepted them."
LONGEST_NAME, LONGEST_DESCRIPTION = 255, 1000


@dataclass(frozen=True)
class Wish:
    """A form: what is to be created. `params` are the auth.params of a valid one; of a draft its secrets by field.

    Its repr shows no secret.
    """

    spec: ConnectionSpec
    auth_spec: AuthSpec | None
    sandbox: Sandbox
    name: str
    description: str
    params: Secret = field(repr=False)
    form_values: dict[str, Any] = field(repr=False)
    submission_id: uuid.UUID
    keeps: str = Keeps.SEALED

    @property
    def words(self) -> str:
        """What goes on record of it: which references, by name; what is kept, where that is not a sealed copy."""
        references = self.form_values.get("references") or {}
        if self.keeps == Keeps.REFERENCES:
            return f"Its secrets are references: {', '.join(sorted(set(references.values()))) or 'none'}."
        return FORGETS if self.keeps == Keeps.NOTHING else ""


def one_at_a_time(person: User) -> None:
    """Until the transaction ends: a draft and the submit of its form must see each other."""
    User.objects.select_for_update().values("pk").get(pk=person.pk)


@sensitive_variables()
def fill(connection: BaseConnection, wish: Wish) -> None:
    """Writes all that the form says into the row, unsaved; its credentials are sealed."""
    connection.organization, connection.sandbox_name = wish.sandbox.organization, wish.sandbox.name
    connection.name, connection.description = wish.name, wish.description
    connection.source, connection.source_label = wish.spec.slug, wish.spec.label
    connection.connection_spec_id, connection.connection_spec_version = wish.spec.id, wish.spec.version
    connection.auth_spec_name = wish.auth_spec.name if wish.auth_spec else ""
    connection.auth_spec_key = wish.auth_spec.key if wish.auth_spec else ""
    connection.body_extras = body_extras(wish.spec, wish.auth_spec)
    connection.credentials_changed_at = timezone.now() if wish.params or wish.form_values.get("given") else None
    # Ahead of the seals: they are bound to it.
    place = (wish.sandbox.organization, wish.spec.id, wish.auth_spec)
    connection.destination = destination_hash(*place, wish.form_values)
    connection.seal("auth_params", wish.params)
    connection.seal("form_values", wish.form_values)
    connection.is_unreadable, connection.keeps = False, wish.keeps
