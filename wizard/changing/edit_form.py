"""The form of an edit: name, description, the credentials, and for each secret an explicit choice."""

from collections.abc import Iterator, Mapping
from typing import Any

from django.http import QueryDict
from django.utils.datastructures import MultiValueDict
from django.views.decorators.debug import sensitive_variables

from wizard.catalog.datatypes import AuthSpec
from wizard.changing.kept import KeptSecrets
from wizard.changing.revisions import values_at
from wizard.changing.texts_form import TextsForm
from wizard.connections.models import BaseConnection
from wizard.credentials.auth_form import AuthForm, auth_form_class
from wizard.credentials.held import Held, harmless
from wizard.credentials.secret_choice import KEEP, REMOVE, REPLACE, TEMPLATE, TYPED_AND_KEPT, Choice, read_choice
from wizard.credentials.summary import FieldError, errors_of
from wizard.parsing import whole_number
from wizard.values.typed import (
    DESCRIPTION,
    NAME,
    PREFIX,
    auth_spec_of,
    by_field,
    differing,
    labels,
    leads_elsewhere,
    typed_values,
)


class EditForm:
    """Bound with `data` when it was submitted; else filled with `values`, or with what the connection has.

    `replaced` are secrets by field name that were typed before, where no browser sends them.
    """

    @sensitive_variables()
    def __init__(
        self,
        connection: BaseConnection,
        *,
        data: QueryDict | Mapping[str, Any] | None = None,
        files: MultiValueDict[str, Any] | None = None,
        values: Mapping[str, Any] | None = None,
        replaced: Mapping[str, Any] | None = None,
    ) -> None:
        self.connection = connection
        self.auth_spec: AuthSpec | None = auth_spec_of(connection)
        self.now = typed_values(connection)
        self.kept = KeptSecrets(connection, self.auth_spec, self.now)
        self.stored = self.kept.stored
        self.revision = self._revision(data)
        self.opened_with = values_at(connection, self.revision)
        # What may be a secret among the further keys of a connection string follows it to no other place.
        self.extra = harmless(self.stored.extra) if self._leads_elsewhere(data) else self.stored.extra
        self._replaced = replaced or {}
        self._shown_secrets = data.get("shown.secrets") if data is not None else None
        self._form_class = auth_form_class(self.auth_spec)
        self.choices = {name: self._choice(name, data) for name in sorted(self._form_class().secrets())}
        shown = {**self.now, **(values or {})}
        self.texts = TextsForm(data, initial={name: shown[name] for name in (NAME, DESCRIPTION)}, connection=connection)
        held = self.kept.held(self.choices, self._replaced, self.extra)
        self.auth: AuthForm = self._form_class(data, files, initial=by_field(shown), held=held, extra=self.extra)
        if self.kept.are_references:
            self.auth.refer(self.kept.references(self.choices, data or {}), only=True)
        self._ask_for_secrets()

    def _revision(self, data: QueryDict | Mapping[str, Any] | None) -> int:
        """What the page began with; what there is now, where it does not say."""
        typed = whole_number(data.get("revision"), digits=9) if data is not None else None
        return self.connection.revision if typed is None else typed

    def _leads_elsewhere(self, data: QueryDict | Mapping[str, Any] | None) -> bool:
        return data is not None and leads_elsewhere(self.auth_spec, self.opened_with, data)

    def _choice(self, name: str, data: QueryDict | Mapping[str, Any] | None) -> str:
        is_lost = self.connection.is_unreadable and self._form_class.base_fields[name].required
        default = REPLACE if name in self._replaced or is_lost else KEEP
        chosen = read_choice((data or {}).get(f"choice.{PREFIX}{name}", default))
        return self.kept.choice(name, chosen)

    def _ask_for_secrets(self) -> None:
        for name, choice in self.choices.items():
            field = self.auth.fields[name]
            field.template_name = TEMPLATE  # type: ignore[attr-defined]
            field.secret_choices = list(self._options(name, choice))  # type: ignore[attr-defined]
            field.is_stored = name in self.stored.secrets  # type: ignore[attr-defined]
            is_given = name in self.auth.held.secrets or name in self.auth.references
            field.required = (choice == REPLACE or field.required) and not is_given

    def _options(self, name: str, choice: str) -> Iterator[Choice]:
        is_needed = self._form_class.base_fields[name].required
        return self.kept.options(name, choice, may_be_removed=not is_needed)

    # --- Is it good? ---

    @property
    def has_other_secrets(self) -> bool:
        """True if the catalog has changed since the page was shown, in what is a secret: what was typed as one is."""
        return self._shown_secrets is not None and self._shown_secrets != self.shown_secrets

    def is_valid(self) -> bool:
        if not all([self.texts.is_valid(), self.auth.is_valid()]):
            return False
        self._check_choices()
        return not self.auth.errors

    @sensitive_variables()
    def _check_choices(self) -> None:
        is_elsewhere = leads_elsewhere(self.auth_spec, self.opened_with, self.values)
        for name, choice in self.choices.items():
            typed = self.auth[name].value() if name not in self._replaced else None
            if choice != REPLACE and typed:
                self._ask_again(name, TYPED_AND_KEPT)
            elif is_elsewhere and choice == KEEP and name in self.stored.secrets:
                self._ask_again(name, self.kept.words_for_elsewhere)

    def _ask_again(self, name: str, words: str) -> None:
        """With the field open to be typed into."""
        self.auth.add_error(name, words)
        self.auth.fields[name].secret_choices = list(self._options(name, REPLACE))  # type: ignore[attr-defined]

    @property
    def values(self) -> dict[str, Any]:
        """What was typed, secrets aside, by the names that the connection's own values have."""
        typed = {PREFIX + name: value for name, value in self.auth.typed().items()}
        about_extra: dict[str, Any] = {"pasted_secrets": []} if self.lost_keys else {}
        if self.kept.are_references:
            about_extra["references"] = self.auth.references
        return {NAME: self._text(NAME), DESCRIPTION: self._text(DESCRIPTION), **typed, **about_extra}

    def _text(self, name: str) -> str:
        return str(self.texts[name].value() or "").strip()

    @property
    def replaced(self) -> dict[str, Any]:
        """The secrets that a valid form replaces, by field name."""
        names = [name for name, choice in self.choices.items() if choice == REPLACE]
        if self.kept.are_references:
            return dict(Held.closing({name: self.auth.references[name] for name in names}).secrets)
        return {name: self.auth.cleaned_data[name] for name in names}

    @property
    def removed(self) -> list[str]:
        return [name for name, choice in self.choices.items() if choice == REMOVE and self.kept.has(name)]

    @property
    def params(self) -> Any:
        """auth.params of a valid form, as the change keeps them until it is made."""
        return self.auth.kept_params if self.auth_spec else self.connection.opened("auth_params")

    @property
    def sends_secrets(self) -> bool:
        """Whether it is about more than name and description: then references are read when it is sent."""
        changed = set(differing(self.auth_spec, self.opened_with, self.values)) - {NAME, DESCRIPTION}
        return bool(changed or self.replaced or self.removed)

    # --- On the page ---

    @property
    def non_field_errors(self) -> list[str]:
        return [*self.texts.non_field_errors(), *self.auth.non_field_errors()]

    @property
    def errors_by_field(self) -> list[FieldError]:
        return errors_of([*self.texts, *self.auth.in_order()])

    @property
    def unreadable(self) -> bool:
        """True where secrets were given, and nothing of them can be kept."""
        lost = self.connection.is_unreadable or bool(self.now.get("given"))
        return lost and not self.stored.secrets and not self.kept.forgotten and self.auth_spec is not None

    @property
    def has_lost_its_type(self) -> bool:
        """True where the catalog no longer has its authentication type: then only the texts can be edited."""
        return bool(self.connection.auth_spec_name) and self.auth_spec is None

    @property
    def extra_keys(self) -> list[str]:
        return [key for key, _ in self.extra]

    @property
    def lost_keys(self) -> list[str]:
        """Further keys that are left out: no copy of them is kept, or the connection would lead elsewhere."""
        return [*(key for key, _ in self.stored.extra if key not in self.extra_keys), *self.kept.forgotten_keys]

    @property
    def shown_secrets(self) -> str:
        """For a hidden input: what the page showed as secrets."""
        return ",".join(self.choices)

    def labels_of(self, names: list[str]) -> list[str]:
        named = labels(self.auth_spec)
        return [named[name] for name in names if name in named]
