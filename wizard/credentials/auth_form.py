"""The form class for one way to authenticate."""

from collections.abc import Collection, Mapping
from itertools import islice
from typing import Any

from django.core.exceptions import ValidationError
from django.views.decorators.debug import sensitive_variables

from wizard.catalog.datatypes import AuthSpec
from wizard.connection_strings.pattern import ConnectionStringError, PartError
from wizard.credentials.fields import form_field
from wizard.credentials.held import NOTHING_HELD, Held
from wizard.credentials.params import Extra, asked, auth_params, is_empty
from wizard.credentials.referring import ReferringForm
from wizard.json_schema.validation import Fault, faults
from wizard.vault.secret import Secret, laid_open

# Nobody reads more of them.
MOST_FAULTS = 50
ELSEWHERE = "The connection leads to another place than when this was kept with your draft. Type it again."
WORDS = {
    "required": "This field is required.",
    "minLength": "Must have at least {} characters.",
    "maxLength": "Must have at most {} characters.",
    "minimum": "Must be at least {}.",
    "maximum": "Must be at most {}.",
    "exclusiveMinimum": "Must be more than {}.",
    "exclusiveMaximum": "Must be less than {}.",
    "multipleOf": "Must be a multiple of {}.",
    "minItems": "Must have at least {} entries.",
    "maxItems": "Must have at most {} entries.",
    "pattern": "This does not have the expected form.",
    "type": "This is not the kind of value that the source takes.",
    "oneOf": "These fields do not go together: the source takes one group of them.",
    "anyOf": "These fields do not go together: something that the source needs beside them is missing.",
}


class AuthForm(ReferringForm):
    """The credentials. Subclasses carry one field for each property; `params` holds the result of a valid form, closed.

    `held` are secrets that need not be typed; `lost` are names of others that were held, and have to be typed again
    now; `extra` the further keys of a pasted connection string that the person wants to send as well.
    """

    auth_spec: AuthSpec | None = None
    prefix = "auth.params"

    def __init__(
        self,
        *args: Any,
        held: Held = NOTHING_HELD,
        lost: Collection[str] = (),
        extra: Extra = (),
        **kwargs: Any,
    ) -> None:
        super().__init__(*args, **kwargs)
        self.extra = extra
        self.refer({}, only=False)
        self.lost = [name for name in lost if name in self.fields]
        for name in self.lost:
            self.fields[name].error_messages["required"] = ELSEWHERE
        self.hold(held)

    def hold(self, held: Held) -> None:
        """Says at the fields what need not be typed."""
        self.held = held
        for name in held.secrets.keys() & self.fields.keys():
            self.fields[name].required = False
            self.fields[name].is_held = True  # type: ignore[attr-defined]
            self.fields[name].held_words = held.words  # type: ignore[attr-defined]

    def add_prefix(self, field_name: str) -> str:
        """The wire's own path: auth.params.connectionString.SERVER."""
        return f"{self.prefix}.{field_name}"

    @sensitive_variables()
    def clean(self) -> dict[str, Any]:
        cleaned = super().clean() or self.cleaned_data
        for name, secret in self.held.secrets.items():
            if name in self.fields and name not in self.references and is_empty(cleaned.get(name)):
                cleaned[name] = secret
        self.take_references(cleaned)
        for name in self.lost:
            if name not in self.errors and is_empty(cleaned.get(name)):
                self.add_error(name, ELSEWHERE)
        self.params = Secret({})
        if self.auth_spec and not self.errors:
            self._build(self.auth_spec, cleaned)
        return cleaned

    @sensitive_variables()
    def _build(self, auth_spec: AuthSpec, cleaned: Mapping[str, Any]) -> None:
        try:
            params = auth_params(auth_spec, laid_open(cleaned), laid_open(self.extra))
        except PartError as error:
            self.add_error(self._field_of_part(error.part), str(error))
        except ConnectionStringError as error:
            self.add_error(None, str(error))
        else:
            self.params = Secret(params)
            for fault in islice(faults(auth_spec.schema, params), MOST_FAULTS):
                # jsonschema's own words could quote a secret.
                words = WORDS.get(fault.rule, "Does not fit the source's rule “{0}”.").format(_bound(fault))
                self.add_error(self._field_at(fault.path), words)

    def typed(self) -> dict[str, str]:
        """The values of the form as they were typed, secrets aside."""
        shown = ((field.name, self[field.name].value()) for field in self.asked if not field.param.secret)
        return {name: value.strip() if isinstance(value, str) else value for name, value in shown}

    @sensitive_variables()
    def wire_values(self) -> dict[str, Any]:
        """What is in the fields now, secrets aside, as it would be sent; what is not valid yet, as it was typed."""
        values: dict[str, Any] = self.typed()
        for name, typed in values.items():
            try:
                # Some fields know an empty value, but none that is missing.
                values[name] = None if is_empty(typed) else self.fields[name].clean(typed)
            except ValidationError:
                continue
        return values

    @property
    def kept_params(self) -> Secret:
        """`params` as they may be kept: of references their names alone are, elsewhere."""
        return Secret({}) if self.only_references else self.params

    def secrets(self) -> set[str]:
        return {field.name for field in self.asked if field.param.secret}

    def given_secrets(self) -> list[str]:
        """Names of the secrets that a valid form has a value for."""
        return sorted({*self.clean_secrets(), *self.references})

    @sensitive_variables()
    def clean_secrets(self) -> dict[str, Secret]:
        """Typed and held secrets of a form that was submitted, as they go over the wire; none that is not valid, and
        none that was read by a reference."""
        found = ((name, self.cleaned_data.get(name)) for name in self.secrets() - self.references.keys())
        return {name: value for name, value in found if isinstance(value, Secret)}

    def say_at(self, name: str, words: str) -> None:
        """An error at a field of a form that nobody has submitted yet."""
        self.errors[name] = self.error_class([words], renderer=self.renderer, field_id=self[name].auto_id)

    def _field_of_part(self, part: str) -> str:
        return next(field.name for field in self.asked if field.param.name == part and "." in field.name)

    def _field_at(self, path: tuple[str, ...]) -> str | None:
        """The field whose value stands there, or around or below it; None if no field shows it."""
        length = len(path)
        around = (field.name for field in self.asked if path[: len(field.path)] == field.path)
        below = (field.name for field in self.asked if length and field.path[:length] == path)
        return next(around, next(below, None))


def auth_form_class(auth_spec: AuthSpec | None) -> type[AuthForm]:
    """The form class for one way to authenticate."""
    fields = tuple(asked(auth_spec))
    form_class: Any = type("GeneratedAuthForm", (AuthForm,), {"auth_spec": auth_spec, "asked": fields})
    # Not as attributes: a property may be called like one of the form's own.
    form_class.base_fields = {field.name: form_field(field.param, required=field.required) for field in fields}
    return form_class


def _bound(fault: Fault) -> str:
    """The rule's bound where that is a number, else the rule's name."""
    return str(fault.bound) if isinstance(fault.bound, int | float) else fault.rule
