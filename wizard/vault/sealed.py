"""Rows with sealed fields: one way in, and one way out."""

from typing import Any

from django.views.decorators.debug import sensitive_variables

from wizard.vault.keyring import CannotOpen
from wizard.vault.sealing import seal, unseal


class Sealed:
    """For a model: says how its SealedFields are written and read."""

    def place(self, field: str) -> tuple[str, ...]:
        """What a sealed value is bound to: copied to another place it does not open."""
        raise NotImplementedError

    @sensitive_variables()
    def seal(self, field: str, value: Any) -> None:
        """Sets a sealed field from a JSON value, unsaved."""
        setattr(self, field, seal(value, *self.place(field)))

    @sensitive_variables()
    def unseal(self, field: str) -> Any:
        """The value of a sealed field; an empty dict if there is none. Raises CannotOpen."""
        sealed = getattr(self, field)
        return unseal(sealed, *self.place(field)) if sealed else {}

    @sensitive_variables()
    def opened(self, field: str) -> Any:
        """The value of a sealed field; an empty dict if there is none, and if it does not open."""
        try:
            return self.unseal(field)
        except CannotOpen:
            return {}
