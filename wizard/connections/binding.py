"""What a connection's secrets are bound to, and how its row keeps that they do not open."""

import uuid
from typing import TYPE_CHECKING, Any

from wizard.connections.statuses import Status
from wizard.vault.sealed import Sealed

if TYPE_CHECKING:
    from wizard.organizations.models import Organization


class BoundToItsPlace(Sealed):
    """For the row of a connection. The place ends with its destination, so that a secret opens for no other one.

    Whoever sets a part of the place seals both fields after that, and keeps all of it in one UPDATE.
    """

    place_relations = ("organization",)

    if TYPE_CHECKING:
        _meta: Any
        _default_manager: Any
        pk: Any
        uuid: uuid.UUID
        organization: Organization
        sandbox_name: str
        connection_spec_id: str
        destination: str
        auth_params: bytes | memoryview[int] | None
        form_values: bytes | memoryview[int] | None
        is_unreadable: bool
        status: str

    @property
    def needs_its_password(self) -> bool:
        """Its stored secrets do not open: somebody has to type them again."""
        return self.is_unreadable and self.status != Status.DELETED

    def place(self, field: str) -> tuple[str, ...]:
        """Copied to another row, sandbox, source or destination a sealed value does not open."""
        return (*self.lasting_place(field), self.destination)

    def former_place(self, field: str) -> tuple[str, ...]:
        return self.lasting_place(field)

    def lasting_place(self, field: str) -> tuple[str, ...]:
        """Its place without the destination, which an edit may change."""
        row = (self._meta.label_lower, field, str(self.uuid))
        return (*row, str(self.organization.uuid), self.sandbox_name, self.connection_spec_id)

    def note_opening(self, *, opens: bool) -> None:
        """Kept for the values that were read, and not for others that were sealed meanwhile."""
        if self.pk and self.is_unreadable == opens:
            as_read = {"auth_params": self.auth_params, "form_values": self.form_values}
            type(self)._default_manager.filter(pk=self.pk, **as_read).update(is_unreadable=not opens)
        self.is_unreadable = not opens
