"""Rows with sealed fields: one way in, and one way out."""

from typing import Any

from django.views.decorators.debug import sensitive_variables

from wizard.vault.keyring import CannotOpen
from wizard.vault.sealing import seal, unseal
from wizard.vault.secret import Secret


class Sealed:
    """For a model: says how its SealedFields are written and read."""

    # The relations that `place` follows.
    place_relations: tuple[str, ...] = ()

    def place(self, field: str) -> tuple[str, ...]:
        """What a sealed value is bound to: copied to another place it does not open."""
        raise NotImplementedError

    def former_place(self, field: str) -> tuple[str, ...]:
        """What values of the former version are bound to."""
        return self.place(field)

    def note_opening(self, *, opens: bool) -> None:
        """Called when a value was found not to open, and when all of them do: for rows that show which it is."""

    @sensitive_variables()
    def seal(self, field: str, value: Any) -> None:
        """Sets a sealed field from a secret, or a JSON value with secrets in it; unsaved."""
        setattr(self, field, seal(value, *self.place(field)))

    @sensitive_variables()
    def unseal(self, field: str) -> Secret:
        """The value of a sealed field; an empty object if there is none. Raises CannotOpen."""
        sealed = getattr(self, field)
        try:
            place, former = self.place(field), self.former_place(field)
            return unseal(sealed, *place, former=former) if sealed else Secret({})
        except CannotOpen:
            self.note_opening(opens=False)
            raise

    @sensitive_variables()
    def opened(self, field: str) -> Secret:
        """The value of a sealed field; an empty object if there is none, and if it does not open."""
        try:
            return self.unseal(field)
        except CannotOpen:
            return Secret({})
