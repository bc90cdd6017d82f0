"""Secrets that nobody types: a field names a reference that the operator has declared, and the form reads it."""

from collections.abc import Mapping
from typing import Any

from django.conf import settings
from django.core.exceptions import ValidationError
from django.forms import Field
from django.views.decorators.debug import sensitive_variables

from wizard.credentials.params import Extra, is_empty
from wizard.credentials.placed_form import PlacedForm
from wizard.vault.references import WEB, Unresolved, resolve
from wizard.vault.secret import Secret

REFERENCE = "reference."
BOTH = "Either type it, or choose a reference."
TYPED = (
    "With references nothing that is typed is kept. Choose a reference here, or another way to keep the credentials."
)
CHOSEN = "To use a reference, choose “Only references” under “Keep the credentials”, too."
FURTHER = "With references nothing else is kept: leave out {}, which may hold a secret."


def _never(_initial: Any) -> bool:
    return False


class ReferringForm(PlacedForm):
    """`references` are names by field; `only_references` says that no secret is given otherwise."""

    extra: Extra = ()

    def refer(self, references: Mapping[str, str], *, only: bool, where: str = WEB) -> None:
        """Takes these secrets from where the operator has put them. `where` says which process the form is in."""
        known = {field.name for field in self.asked if field.param.secret}
        self.references = {name: chosen for name, chosen in references.items() if chosen and name in known}
        self.only_references, self.where = only, where
        for name in known:
            field: Any = self.fields[name]
            field.offered, field.only_references = settings.SECRET_REFERENCES, only
            field.reference = self.references.get(name, "")
            field.required = field.required and not field.reference
            if field.offered:
                # The browser cannot know that a reference stands in for it.
                field.widget.use_required_attribute = _never

    @sensitive_variables()
    def take_references(self, cleaned: dict[str, Any]) -> None:
        """Gives each field that names a reference what that stands for, as if it were typed."""
        for name in self.fields:
            if name in self.references:
                self._take(cleaned, name, self.references[name])
            elif self.only_references and isinstance(cleaned.get(name), Secret):
                self.add_error(name, TYPED)
        further = [key for key, value in self.extra if isinstance(value, Secret)]
        if self.only_references and further:
            self.add_error(None, FURTHER.format(", ".join(further)))

    @sensitive_variables()
    def _take(self, cleaned: dict[str, Any], name: str, reference: str) -> None:
        if not is_empty(self[name].value()):
            self.add_error(name, BOTH)
        elif not self.only_references:
            self.add_error(name, CHOSEN)
        else:
            self._resolve(cleaned, name, reference)

    @sensitive_variables()
    def _resolve(self, cleaned: dict[str, Any], name: str, reference: str) -> None:
        field: Field = self.fields[name]
        try:
            cleaned[name] = field.clean(resolve(reference, self.where).open())
        except Unresolved as error:
            self.add_error(name, str(error))
        except ValidationError as error:
            self.add_error(name, [f"{reference}: {message}" for message in error.messages])
